import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import type { SavedSummary } from '../core/record/archive.ts'
import { add, miraTask, trajectoryOf } from '../core/episode/fixture.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { PlaygroundDatabase } from './database.ts'
import { Disk, failWrites, tabWithoutDatabase } from './fixture.ts'
import type { Storage } from './storage.ts'

const trajectory = (answer = 'Oslem'): Trajectory =>
  trajectoryOf({
    task: miraTask(),
    steps: [
      { phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', 'Mira Voss lives in Oslem.')] },
      { phase: 'answer', says: 'Where does Mira Voss live?', answer },
    ],
  })

const summary = (key: string, recorded: number, more: Partial<SavedSummary> = {}): SavedSummary => ({
  key,
  recorded,
  query: 'Where does Mira Voss live?',
  source: 'world',
  policy: 'script',
  seed: 7,
  status: 'complete',
  answer: 'Oslem',
  expected: 'Oslem',
  steps: 2,
  reward: 0.5,
  ...more,
})

const put = (tab: Storage, key: string, recorded: number) => tab.archive.put(key, trajectory(), summary(key, recorded))
const listed = async (tab: Storage) => (await tab.archive.list()).map(({ key, saved }) => `${key} ${saved ? 'saved' : 'not saved'}`)

let restore = () => undefined as void
afterEach(() => { restore() })

describe('DexieArchive', () => {
  it('gives back what was put, after a reload', async () => {
    const disk = new Disk()
    const first = disk.tab()
    expect(await put(first, 'a', 1)).toEqual({ saved: true })
    await first.close()
    const second = disk.tab()
    expect(await second.archive.get('a')).toEqual(trajectory())
    expect(await second.archive.list()).toEqual([{ ...summary('a', 1), saved: true }])
    expect(await second.archive.get('b')).toBeNull()
  })

  it('lists the newest first and replaces under the same key', async () => {
    const tab = new Disk().tab()
    await put(tab, 'a', 1)
    await put(tab, 'b', 3)
    await put(tab, 'c', 2)
    await tab.archive.put('a', trajectory('Tarn'), summary('a', 4, { answer: 'Tarn' }))
    expect((await tab.archive.list()).map(({ key, answer }) => `${key} ${answer}`)).toEqual(['a Tarn', 'b Oslem', 'c Oslem'])
    expect((await tab.archive.get('a'))?.answer).toBe('Tarn')
  })

  it('is not changed by a trajectory that grows after it was put', async () => {
    const tab = tabWithoutDatabase()
    const live = trajectory()
    await tab.archive.put('a', live, summary('a', 1))
    live.steps.pop()
    expect((await tab.archive.get('a'))?.steps).toHaveLength(2)
  })

  it('deletes, for other tabs too', async () => {
    const disk = new Disk()
    const a = disk.tab()
    const b = disk.tab()
    await put(a, 'a', 1)
    await put(a, 'b', 2)
    expect(await b.archive.get('a')).not.toBeNull()
    await a.archive.delete('a')
    for (const tab of [a, b]) {
      expect(await tab.archive.get('a')).toBeNull()
      expect(await listed(tab)).toEqual(['b saved'])
    }
  })

  it('does not take back an episode that another tab has deleted while it was played here, but for who undoes it', async () => {
    const disk = new Disk()
    const [a, b] = [disk.tab(), disk.tab()]
    await put(a, 'a', 1)
    await b.archive.delete('a')
    expect(await put(a, 'a', 1)).toEqual({ saved: false })
    expect(await listed(a)).toEqual([])
    expect(await put(a, 'a', 1)).toEqual({ saved: false })
    expect(await a.archive.get('a')).toBeNull()
    expect(await put(b, 'a', 1)).toEqual({ saved: true })
    expect(await listed(a)).toEqual(['a saved'])
  })

  it('tells what a table shows of each, as it was put last', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'a', 1)
    await put(tab, 'b', 2)
    const answers = async (from: Storage, ...keys: string[]) => (await from.archive.digests(keys)).map((digest) => digest && `${digest.answer ?? ''} ${digest.right ? 'right' : 'wrong'}`)
    expect(await answers(tab, 'b', 'none', 'a')).toEqual(['Oslem right', null, 'Oslem right'])
    expect((await tab.archive.digests(['a']))[0]).toMatchObject({ steps: 2, tools: { Add_memory: 1 }, task: { title: 'Where does Mira Voss live?' } })
    await tab.archive.put('a', trajectory('Tarn'), summary('a', 1, { answer: 'Tarn' }))
    expect(await answers(disk.tab(), 'a', 'b')).toEqual(['Tarn wrong', 'Oslem right'])
    restore = failWrites()
    await tab.archive.put('a', trajectory('Oslem'), summary('a', 1))
    expect(await answers(tab, 'a', 'b')).toEqual(['Oslem right', 'Oslem right'])
    restore()
    await tab.archive.delete('b')
    expect(await answers(disk.tab(), 'a', 'b')).toEqual(['Tarn wrong', null])
    expect(await answers(tabWithoutDatabase(), 'a')).toEqual([null])
  })

  it('says which record is damaged, lists the others, and lets it be deleted', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'good', 1)
    await put(tab, 'bad', 2)
    const raw = new PlaygroundDatabase('test', { indexedDB: disk.indexedDB, IDBKeyRange })
    await raw.open()
    await raw.table('trajectories').put({ key: 'bad', trajectory: { ...trajectory(), seed: 'seven' } })
    await raw.table('summaries').put({ key: 'odd', recorded: 'yesterday' })
    raw.close()
    await expect(disk.tab().archive.get('bad')).rejects.toMatchObject({ name: 'DamagedRecordError', message: expect.stringContaining('bad cannot be read: seed: needs a number, not text') })
    expect(await listed(tab)).toEqual(['bad saved', 'good saved'])
    expect(await tab.status()).toEqual({ kind: 'durable' })
    await tab.archive.delete('bad')
    expect(await listed(tab)).toEqual(['good saved'])
  })
})

describe('what could not be read again', () => {
  const sampled = (logprob: number): Trajectory => {
    const whole = trajectory()
    const [first] = whole.steps
    if (first) first.reply = { ...first.reply, token_ids: [1, 2], logprobs: [-1, logprob] }
    return whole
  }

  it.each([
    ['a probability that is no number', () => sampled(NaN), {}, 'steps.0.reply.logprobs.1'],
    ['one that is infinite', () => sampled(-Infinity), {}, 'steps.0.reply.logprobs.1'],
    ['a reward that is no number', trajectory, { reward: NaN }, 'reward'],
  ])('is not written: %s', async (_, make, more, field) => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'before', 1)
    await expect(tab.archive.put('a', make(), summary('a', 2, more))).rejects.toThrow(`The episode a was not saved: it could not be read again, because ${field}: needs a number, not `)
    expect(await listed(tab)).toEqual(['before saved'])
    expect(await disk.tab().archive.get('a')).toBeNull()
    // What was there under its key stays.
    await expect(tab.archive.put('before', make(), summary('before', 2, more))).rejects.toThrow('was not saved')
    expect(await tab.archive.get('before')).toEqual(trajectory())
  })

  it('and was written all the same by an older page, is read without its probabilities', async () => {
    const disk = new Disk()
    await put(disk.tab(), 'old', 1)
    const raw = new PlaygroundDatabase('test', { indexedDB: disk.indexedDB, IDBKeyRange })
    await raw.open()
    await raw.table('trajectories').put({ key: 'old', trajectory: sampled(NaN) })
    raw.close()
    const read = await disk.tab().archive.get('old')
    expect(read?.steps[0]?.reply).toMatchObject({ token_ids: [1, 2], logprobs: null })
    expect(read?.steps).toHaveLength(2)
  })
})

describe('DexieArchive when the disk fails', () => {
  it('holds new episodes in memory, marked, beside those on the disk', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'old', 1)
    restore = failWrites()
    expect(await put(tab, 'new', 2)).toEqual({ saved: false })
    expect(await listed(tab)).toEqual(['new not saved', 'old saved'])
    expect(await tab.archive.get('new')).toEqual(trajectory())
    expect(await tab.archive.get('old')).toEqual(trajectory())
    restore()
    await tab.reconnect()
    expect(await listed(tab)).toEqual(['new saved', 'old saved'])
    expect(await disk.tab().archive.get('new')).toEqual(trajectory())
  })

  it('makes space on a full disk by deleting', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'old', 1)
    restore = failWrites()
    await put(tab, 'new', 2)
    await tab.archive.delete('old')
    expect(await listed(tab)).toEqual(['new not saved'])
    expect(await listed(disk.tab())).toEqual([])
  })

  it('keeps the episodes of this tab when the database is deleted, and saves them again', async () => {
    const disk = new Disk()
    const before = disk.tab()
    await put(before, 'opened', 1)
    await put(before, 'never opened', 2)
    await before.close()
    const tab = disk.tab()
    await put(tab, 'recorded', 3)
    await tab.archive.get('opened')
    await disk.deleteDatabase()
    expect(await listed(tab)).toEqual(['recorded not saved', 'opened not saved'])
    expect(await tab.archive.get('opened')).toEqual(trajectory())
    expect(await put(tab, 'later', 4)).toEqual({ saved: false })
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(await listed(disk.tab())).toEqual(['later saved', 'recorded saved', 'opened saved'])
  })

  it('remembers what was deleted while the disk could not be reached', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'a', 1)
    await put(tab, 'b', 2)
    disk.closeConnections()
    await tab.archive.delete('a')
    expect(await listed(tab)).toEqual(['b not saved'])
    expect(await tab.archive.get('a')).toBeNull()
    await tab.reconnect()
    expect(await listed(tab)).toEqual(['b saved'])
    expect(await disk.tab().archive.get('a')).toBeNull()
  })

  it('works without any database', async () => {
    const tab = tabWithoutDatabase()
    expect(await put(tab, 'a', 1)).toEqual({ saved: false })
    expect(await listed(tab)).toEqual(['a not saved'])
    await tab.archive.delete('a')
    expect(await listed(tab)).toEqual([])
  })

  it('says how many are gone with a deleted database: those that this tab listed and does not hold', async () => {
    const disk = new Disk()
    const before = disk.tab()
    for (const key of ['a', 'b', 'c', 'd']) await put(before, key, 1)
    await before.close()
    const tab = disk.tab()
    await listed(tab)
    await tab.archive.get('b')
    await put(tab, 'e', 2)
    const other = disk.tab()
    await other.archive.delete('d')
    await other.close()
    await listed(tab)
    await disk.deleteDatabase()
    await tab.status()
    expect(await tab.reconnect()).toEqual({ kind: 'durable', gone: { episodes: 2 } })
    expect(await listed(tab)).toEqual(['e saved', 'b saved'])
    // Told once.
    expect(await tab.status()).toEqual({ kind: 'durable' })
  })

  it('does not bring back with a new database what another tab had deleted before', async () => {
    const disk = new Disk()
    const [a, b] = [disk.tab(), disk.tab()]
    for (const key of ['a', 'b']) await put(a, key, 1)
    await b.archive.delete('a')
    await listed(a)
    await b.close()
    await disk.deleteDatabase()
    await a.status()
    await a.reconnect()
    expect(await listed(disk.tab())).toEqual(['b saved'])
  })
})
