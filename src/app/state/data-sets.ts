// Data sets to train on that are kept in this browser, and files that become one when a plan chooses them.
import { createStore, type StoreApi } from 'zustand'
import { t } from '../locales/index.ts'
import type { DataSet, DataSetStore } from '../../core/environments/data-sets.ts'
import { messageOf } from '../../core/error-message.ts'
import type { Task } from '../../core/environments/question/task.ts'
import type { LabApi } from '../../rpc/contracts.ts'

export interface DataSetsState {
  /** Newest first; null until the first answer. */
  sets: DataSet[] | null
  refresh(): Promise<void>
  /** Keeps the tasks of a file; null when that failed, which is told. */
  keep(name: string, tasks: Task[]): Promise<DataSet | null>
  remove(set: DataSet): Promise<void>
}

export type DataSetsStore = StoreApi<DataSetsState>

interface Workers {
  lab(): Pick<LabApi, 'keepTasks'>
  memory(): { data: DataSetStore }
}

/** @param onFailure told what went wrong, in words */
export function createDataSetsStore(backend: Workers, onFailure: (message: string) => void): DataSetsStore {
  return createStore<DataSetsState>((set, get) => ({
    sets: null,
    async refresh() {
      try {
        set({ sets: await backend.memory().data.list() })
      } catch (error) {
        onFailure(t().actions.dataSets(messageOf(error)))
      }
    },
    async keep(name, tasks) {
      try {
        const kept = await backend.lab().keepTasks(name, tasks)
        if (!kept.saved) onFailure(`“${name}” could not be written to the disk: it can be trained on until this page is closed, and must be imported again then.`)
        await get().refresh()
        return kept.set
      } catch (error) {
        onFailure(`“${name}” could not be kept to train on. ${messageOf(error)}`)
        return null
      }
    },
    async remove({ hash, name }) {
      try {
        await backend.memory().data.delete(hash)
      } catch (error) {
        onFailure(`“${name}” could not be deleted. ${messageOf(error)}`)
      }
      await get().refresh()
    },
  }))
}
