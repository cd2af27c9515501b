// Episodes that leave as files, and what is said when they cannot.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { miraTask, trajectoryOf } from '../../../core/episode/fixture.ts'
import { trajectorySchema, type Trajectory } from '../../../core/record/trajectory.ts'
import { summaryOf } from '../../../rpc/summary.ts'
import { noBackend, watchDownloads } from '../../state/training-workspace.fixture.ts'
import { createLibraryStore } from '../../state/library.ts'
import { createUiStore } from '../../state/ui.ts'
import { exportAll, exportOne } from './export.ts'

afterEach(() => { vi.unstubAllGlobals() })

const episode = (answer: string): Trajectory => trajectoryOf({ task: miraTask(), steps: [{ phase: 'answer', says: 'Where?', answer }] })

function page(kept: Record<string, Trajectory | Error>) {
  const downloads = watchDownloads(vi.stubGlobal)
  const ui = createUiStore({ get: () => null, set: () => undefined }, ['en'])
  const library = createLibraryStore(noBackend, () => 'new', () => 1)
  const get = (key: string) => {
    const found = kept[key] ?? null
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(found)
  }
  const episodes = Object.entries(kept).map(([key, of]) => ({ ...summaryOf(key, of instanceof Error ? episode('x') : of, 1), saved: true }))
  library.setState({ episodes, get })
  return { library, ui, downloads, notices: () => ui.getState().notices.map(({ tone, text }) => `${tone}: ${text}`) }
}
const read = (text: string | undefined) => trajectorySchema.parse(JSON.parse(text ?? ''))

describe('one episode', () => {
  it('is a file that can be imported again', async () => {
    const stores = page({ a: episode('Oslem') })
    await exportOne(stores, 'a')
    expect([...stores.downloads.keys()]).toEqual(['agemem-world-script-a.json'])
    expect(read(await stores.downloads.get('agemem-world-script-a.json')?.text())).toEqual(episode('Oslem'))
    expect(stores.notices()).toEqual([])
  })
  it('that is gone, or cannot be read, is said to be', async () => {
    const stores = page({ b: new Error('It is damaged.') })
    await exportOne(stores, 'a')
    await exportOne(stores, 'b')
    expect(stores.notices()).toEqual(['error: This episode is gone: it was deleted, perhaps in another tab.', 'error: The episode could not be exported. It is damaged.'])
    expect(stores.downloads.size).toBe(0)
  })
})

describe('all episodes', () => {
  it('are one a line, in the order of the list', async () => {
    const stores = page({ a: episode('Oslem'), b: episode('Tarn') })
    await exportAll(stores)
    const lines = (await stores.downloads.get('agemem-episodes.jsonl')?.text())?.trimEnd().split('\n') ?? []
    expect(lines.map((line) => read(line).answer)).toEqual(['Oslem', 'Tarn'])
  })
  it('are not exported in part without a word', async () => {
    const stores = page({ a: episode('Oslem'), b: new Error('It is damaged.') })
    await exportAll(stores)
    expect(stores.notices()).toEqual(['error: The episodes could not be exported. It is damaged.'])
    expect(stores.downloads.size).toBe(0)
  })
})
