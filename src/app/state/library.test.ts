// The list of recorded episodes, over an archive in memory.
import { describe, expect, it } from 'vitest'
import type { Archive, EpisodeSummary, SavedSummary } from '../../core/record/archive.ts'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { episodeDigestOf } from '../../core/evaluation/digest.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { createLibraryStore } from './library.ts'

const episode = (answer: string): Trajectory => trajectoryOf({ task: miraTask(), steps: [{ phase: 'answer', says: 'Where?', answer }] })

function page(imported: Trajectory[] = []) {
  const rows = new Map<string, { trajectory: Trajectory; summary: SavedSummary }>()
  const asked: (readonly string[])[] = []
  let broken: string | null = null
  const archive: Archive = {
    put: (key, trajectory, summary) => {
      rows.set(key, { trajectory, summary })
      return Promise.resolve({ saved: true })
    },
    get: (key) => Promise.resolve(rows.get(key)?.trajectory ?? null),
    list: () => {
      if (broken !== null) return Promise.reject(new Error(broken))
      const list = [...rows.values()].map(({ summary }): EpisodeSummary => ({ ...summary, saved: true }))
      return Promise.resolve(list.sort((a, b) => b.recorded - a.recorded))
    },
    digests: (keys) => {
      asked.push(keys)
      return Promise.resolve(keys.map((key) => {
        const kept = rows.get(key)
        return kept ? episodeDigestOf(kept.trajectory) : null
      }))
    },
    delete: (key) => Promise.resolve(void rows.delete(key)),
  }
  let keys = 0
  let time = 100
  const backend = { memory: () => ({ archive, reconnect: () => Promise.resolve({ kind: 'durable' as const }) }), lab: () => ({ readTrajectories: () => Promise.resolve(imported) }) }
  const library = createLibraryStore(backend, () => `k${++keys}`, () => (time += 100))
  const listed = () => library.getState().episodes?.map(({ key, answer, recorded }) => [key, answer, recorded])
  return { library, listed, rows, asked, fail: (words: string | null) => { broken = words } }
}

describe('what the table searches', () => {
  it('is read of every episode, once, and again when it has changed', async () => {
    const { library, asked } = page()
    for (const key of ['a', 'b']) await library.getState().keep(key, episode('Oslem'))
    await library.getState().readDigests()
    const right = () => [...library.getState().digests].map(([key, digest]) => `${key} ${digest?.right}`).sort()
    expect(right()).toEqual(['a true', 'b true'])
    await library.getState().keep('b', episode('Tarn'))
    await library.getState().readDigests()
    await library.getState().readDigests()
    expect(right()).toEqual(['a true', 'b false'])
    expect(asked.map((keys) => [...keys].sort())).toEqual([['a', 'b'], ['b']])
    await library.getState().remove('a')
    await library.getState().keep('c', episode('Oslem'))
    await library.getState().readDigests()
    expect(right()).toEqual(['b false', 'c true'])
  })
})

describe('the library', () => {
  it('is unknown until it was read, then what is kept, and says when it was read', async () => {
    const { library, listed } = page()
    expect(library.getState()).toMatchObject({ episodes: null, failure: null })
    await library.getState().refresh()
    expect(library.getState()).toMatchObject({ episodes: [], asOf: 200, failure: null })
    await library.getState().keep('a', episode('Oslem'))
    expect(listed()).toEqual([['a', 'Oslem', 300]])
  })
  it('keeps what it had and says why it cannot be read, until it can', async () => {
    const { library, listed, fail } = page()
    await library.getState().keep('a', episode('Oslem'))
    fail('The disk is gone.')
    await library.getState().refresh()
    expect([library.getState().failure, listed()?.length]).toEqual(['The disk is gone.', 1])
    fail(null)
    expect(await library.getState().reconnect()).toEqual({ kind: 'durable' })
    expect(library.getState()).toMatchObject({ failure: null, storage: { kind: 'durable' } })
  })
  it('writes a changed episode in its own place', async () => {
    const { library, listed } = page()
    await library.getState().keep('a', episode('Oslem'))
    await library.getState().keep('b', episode('Tarn'))
    await library.getState().keep('a', episode('Velmora'))
    expect(listed()?.map(([key, answer]) => [key, answer])).toEqual([['b', 'Tarn'], ['a', 'Velmora']])
  })
  it('deletes an episode, and brings it back as it was', async () => {
    const { library, listed, rows } = page()
    await library.getState().keep('a', episode('Oslem'))
    const before = [listed(), rows.get('a')]
    const undo = await library.getState().remove('a')
    expect([listed(), rows.size]).toEqual([[], 0])
    await undo?.()
    expect([listed(), rows.get('a')]).toEqual(before)
    expect(await library.getState().remove('gone')).toBeNull()
  })
  it('imports episodes in the order of their file, before those that are there', async () => {
    const { library, listed } = page([episode('first'), episode('second')])
    await library.getState().keep('a', episode('Oslem'))
    const imported = await library.getState().importFile(new Blob())
    expect(imported.map(({ key, trajectory }) => [key, trajectory.answer])).toEqual([['k1', 'first'], ['k2', 'second']])
    expect(listed()?.map(([key]) => key)).toEqual(['k1', 'k2', 'a'])
  })
})
