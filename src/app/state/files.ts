// Task files that were dropped or chosen: read in lab.worker, kept for as long as the page is open.
import { createStore, type StoreApi } from 'zustand'
import type { Task } from '../../core/environments/question/task.ts'
import type { ImportReport } from '../../rpc/contracts.ts'
import type { Backend } from '../backend.ts'
import { messageOf } from '../../core/error-message.ts'

export interface LoadedFile {
  name: string
  format: ImportReport['format']
  tasks: Task[]
  /** All of the file, whatever is left of them in `tasks`. */
  whole: Task[]
  skipped: ImportReport['skipped']
  /** Records that were read, the skipped ones included. */
  records: number
  /** Why only the first records were read; null: all were. */
  head: string | null
  notes: string[]
}

export interface FilesState {
  loaded: LoadedFile | null
  reading: { name: string; share: number } | null
  /** What was wrong with the last file; what had been loaded is still there. */
  failure: { name: string; message: string } | null
  /** Resolves with the file when it could be read. */
  read(file: File): Promise<LoadedFile | null>
  /** Leaves only these tasks of the file that is loaded, by index. */
  keepOnly(indices: readonly number[]): void
  forgetFailure(): void
}

export type FilesStore = StoreApi<FilesState>

export function createFilesStore(backend: Backend): FilesStore {
  let latest = 0
  return createStore<FilesState>((set) => ({
    loaded: null,
    reading: null,
    failure: null,
    async read(file) {
      const mine = ++latest
      const { name } = file
      set({ reading: { name, share: 0 }, failure: null })
      try {
        const report = await backend.lab().readTasks(file, name, (share) => {
          if (mine === latest) set({ reading: { name, share } })
        })
        if (mine !== latest) return null
        const loaded: LoadedFile = { name, ...report, whole: report.tasks }
        set({ loaded, reading: null })
        return loaded
      } catch (error) {
        if (mine === latest) set({ reading: null, failure: { name, message: messageOf(error) } })
        return null
      }
    },
    keepOnly(indices) {
      set(({ loaded }) => ({ loaded: loaded && { ...loaded, tasks: indices.flatMap((index) => loaded.tasks[index] ?? []) } }))
    },
    forgetFailure: () => { set({ failure: null }) },
  }))
}
