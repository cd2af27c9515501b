// What every MemoryStore must do, as a suite that the tests of each form run. Vitest does not run it by itself.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MemoryRecord } from '../record/trajectory.ts'
import { HashEmbedder } from './hash-embedder.ts'
import type { MemoryMetadata, MemoryStore } from './store.ts'

/** Metadata of an entry that step 0 wrote at time 0, changed as said. */
export function metadata(changes: Partial<MemoryMetadata> = {}): MemoryMetadata {
  return { created: 0, updated: 0, source_step: 0, tags: [], type: null, extra: {}, ...changes }
}

/** By name: across a port errors keep that, not their class. */
const notFound = { name: 'MemoryNotFoundError' }

type Operation =
  | { kind: 'add'; content: string }
  | { kind: 'update'; pick: number; content: string }
  | { kind: 'delete'; pick: number }
  | { kind: 'clear' }

const contents = fc.constantFrom('Mira Voss lives in Oslem.', 'Jon Brack works at Kelder Labs.', 'The rent is 900 euros.', '')
const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), content: contents }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('update' as const), pick: fc.nat(20), content: contents }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
  ),
  { maxLength: 25 },
)

/** What the operations should leave, as plainly as it can be said. */
class Model {
  entries: MemoryRecord[] = []
  next = 1

  /** The id that the operation acts on or gives. */
  apply(operation: Operation): string {
    switch (operation.kind) {
      case 'add': {
        const id = `m${this.next++}`
        this.entries.push({ id, content: operation.content, metadata: metadata() })
        return id
      }
      case 'update': {
        const id = `m${operation.pick}`
        this.entries = this.entries.map((entry) => (entry.id === id ? { id, content: operation.content, metadata: metadata({ updated: 1 }) } : entry))
        return id
      }
      case 'delete': {
        const id = `m${operation.pick}`
        this.entries = this.entries.filter((entry) => entry.id !== id)
        return id
      }
      case 'clear':
        this.entries = []
        this.next = 1
        return ''
    }
  }
}

async function applyTo(store: MemoryStore, operation: Operation): Promise<string> {
  switch (operation.kind) {
    case 'add':
      return (await store.add('s', operation.content, metadata())).id
    case 'update':
      return (await store.update('s', `m${operation.pick}`, operation.content, metadata({ updated: 1 }))).after.id
    case 'delete':
      return (await store.delete('s', `m${operation.pick}`)).id
    case 'clear':
      await store.clear('s')
      return ''
  }
}

/** @param create a new, empty store that embeds with HashEmbedder */
export function describeMemoryStore(name: string, create: () => Promise<MemoryStore>): void {
  describe(`${name} as a MemoryStore`, () => {
    it('gives ids in order and lists oldest first', async () => {
      const store = await create()
      const first = await store.add('s', 'Mira Voss lives in Oslem.', metadata({ tags: ['home'], extra: { sure: true } }))
      await store.add('s', 'Jon Brack plays chess.', metadata())
      expect(first).toEqual({ id: 'm1', content: 'Mira Voss lives in Oslem.', metadata: metadata({ tags: ['home'], extra: { sure: true } }) })
      expect((await store.list('s')).map((entry) => entry.id)).toEqual(['m1', 'm2'])
      expect(await store.get('s', 'm1')).toEqual(first)
    })

    it('gives ids in the order of the calls when nobody waits', async () => {
      const store = await create()
      const texts = ['one', 'two', 'three', 'four', 'five']
      const added = await Promise.all(texts.map((text) => store.add('s', text, metadata())))
      expect(added.map((entry) => `${entry.id} ${entry.content}`)).toEqual(['m1 one', 'm2 two', 'm3 three', 'm4 four', 'm5 five'])
    })

    it('never gives an id twice, not even the last one after a delete', async () => {
      const store = await create()
      await store.add('s', 'one', metadata())
      await store.add('s', 'two', metadata())
      await store.delete('s', 'm2')
      expect((await store.add('s', 'three', metadata())).id).toBe('m3')
    })

    it('updates content, metadata and vector', async () => {
      const store = await create()
      await store.add('s', 'Mira Voss lives in Oslem.', metadata())
      await store.add('s', 'Jon Brack plays chess.', metadata())
      const { before, after } = await store.update('s', 'm1', 'Sessions take 120 minutes.', metadata({ updated: 7, type: 'preference' }))
      expect(before.content).toBe('Mira Voss lives in Oslem.')
      expect(after).toEqual({ id: 'm1', content: 'Sessions take 120 minutes.', metadata: metadata({ updated: 7, type: 'preference' }) })
      expect((await store.search('s', 'How many minutes do sessions take?', { topK: 1 }))[0]?.id).toBe('m1')
      expect((await store.search('s', 'Where does Mira Voss live?', { topK: 2 })).every((hit) => hit.similarity < 0.3)).toBe(true)
      expect((await store.list('s')).map((entry) => entry.id)).toEqual(['m1', 'm2'])
    })

    it('deletes, and gives what it deleted', async () => {
      const store = await create()
      await store.add('s', 'Mira Voss lives in Oslem.', metadata())
      await store.add('s', 'Jon Brack plays chess.', metadata())
      expect((await store.delete('s', 'm1')).content).toBe('Mira Voss lives in Oslem.')
      expect((await store.list('s')).map((entry) => entry.id)).toEqual(['m2'])
      expect((await store.search('s', 'Mira Voss', { topK: 5 })).map((hit) => hit.id)).toEqual(['m2'])
    })

    it('refuses ids that it does not have', async () => {
      const store = await create()
      await store.add('s', 'one', metadata())
      for (const id of ['m2', 'm0', 'm01', '1', '', 'm1 ', 'M1', '__proto__']) {
        await expect(store.get('s', id)).rejects.toMatchObject(notFound)
        await expect(store.delete('s', id)).rejects.toMatchObject(notFound)
        await expect(store.update('s', id, 'two', metadata())).rejects.toMatchObject(notFound)
      }
      await expect(store.get('other', 'm1')).rejects.toThrow('There is no memory m1.')
      expect(await store.list('s')).toHaveLength(1)
    })

    it('keeps stores apart', async () => {
      const store = await create()
      await store.add('a', 'Mira Voss lives in Oslem.', metadata())
      expect((await store.add('b', 'Jon Brack plays chess.', metadata())).id).toBe('m1')
      expect((await store.search('b', 'Mira Voss', { topK: 5 })).map((hit) => hit.content)).toEqual(['Jon Brack plays chess.'])
      await store.clear('a')
      expect(await store.list('a')).toEqual([])
      expect(await store.list('b')).toHaveLength(1)
    })

    it('starts counting again after clear', async () => {
      const store = await create()
      await store.add('s', 'one', metadata())
      await store.add('s', 'two', metadata())
      await store.clear('s')
      expect((await store.add('s', 'three', metadata())).id).toBe('m1')
      expect((await store.list('s')).map((entry) => entry.content)).toEqual(['three'])
    })

    it('finds the most similar first and at most topK', async () => {
      const store = await create()
      await store.add('s', 'Jon Brack works at Kelder Labs.', metadata())
      await store.add('s', 'Mira Voss lives in Oslem.', metadata())
      await store.add('s', 'Mira Tallen lives in Gravik.', metadata())
      const hits = await store.search('s', 'Where does Mira Voss live?', { topK: 2 })
      expect(hits.map((hit) => hit.id)).toEqual(['m2', 'm3'])
      expect(hits[0]?.content).toBe('Mira Voss lives in Oslem.')
      expect(hits[0]?.similarity).toBeGreaterThan(0.7)
      expect(await store.search('s', 'Mira', { topK: 0 })).toEqual([])
      expect(await store.search('s', 'Mira', { topK: 50 })).toHaveLength(3)
      expect(await store.search('never written', 'Mira', { topK: 3 })).toEqual([])
    })

    it('breaks ties by age, also after an update of the older one', async () => {
      const store = await create()
      for (let i = 0; i < 4; i++) await store.add('s', 'The same sentence.', metadata({ created: 10 - i }))
      await store.update('s', 'm2', 'The same sentence.', metadata({ updated: 99 }))
      const hits = await store.search('s', 'the same sentence', { topK: 3 })
      expect(hits.map((hit) => hit.id)).toEqual(['m1', 'm2', 'm3'])
      expect(hits[0]?.similarity).toBeCloseTo(1, 5)
    })

    it('filters by type, tags, source step and extra fields', async () => {
      const store = await create()
      await store.add('s', 'a', metadata({ type: 'fact', tags: ['home', 'old'], source_step: 1 }))
      await store.add('s', 'b', metadata({ type: 'fact', tags: ['home'], source_step: 2, extra: { who: 'Mira' } }))
      await store.add('s', 'c', metadata({ type: null, extra: { who: 'Jon', at: { city: 'Oslem' } } }))
      const found = async (filter: Record<string, unknown>) => (await store.search('s', 'a', { topK: 9, filter })).map((hit) => hit.id).sort()
      expect(await found({})).toEqual(['m1', 'm2', 'm3'])
      expect(await found({ type: 'fact' })).toEqual(['m1', 'm2'])
      expect(await found({ type: null })).toEqual(['m3'])
      expect(await found({ tags: ['old', 'home'] })).toEqual(['m1'])
      expect(await found({ tags: 'home' })).toEqual(['m1', 'm2'])
      expect(await found({ source_step: 2 })).toEqual(['m2'])
      expect(await found({ who: 'Mira' })).toEqual(['m2'])
      expect(await found({ at: { city: 'Oslem' } })).toEqual(['m3'])
      expect(await found({ at: { city: 'Gravik' } })).toEqual([])
      expect(await found({ type: 'fact', who: 'Jon' })).toEqual([])
      expect(await found({ toString: 'x' })).toEqual([])
    })

    it('is not changed by what callers do with its answers or their arguments', async () => {
      const store = await create()
      const given = metadata({ tags: ['kept'], extra: { list: [1] } })
      const added = await store.add('s', 'one', given)
      given.tags.push('smuggled')
      added.metadata.extra['list'] = 'changed'
      added.metadata.tags.push('smuggled')
      const listed = await store.list('s')
      for (const entry of listed) entry.content = 'changed'
      expect(await store.get('s', 'm1')).toEqual({ id: 'm1', content: 'one', metadata: metadata({ tags: ['kept'], extra: { list: [1] } }) })
    })

    it('agrees with a plain list of entries after any operations', async () => {
      const embedder = new HashEmbedder()
      await fc.assert(
        fc.asyncProperty(operations, async (sequence) => {
          const store = await create()
          const model = new Model()
          for (const operation of sequence) {
            const missing = (operation.kind === 'update' || operation.kind === 'delete') && !model.entries.some((entry) => entry.id === `m${operation.pick}`)
            const outcome = await applyTo(store, operation).catch((error: unknown) => (error instanceof Error && error.name === notFound.name ? 'missing' : error))
            expect(outcome).toBe(missing ? 'missing' : model.apply(operation))
          }
          expect(await store.list('s')).toEqual(model.entries)

          const [query = new Float32Array()] = await embedder.embed(['Where does Mira Voss live?'])
          const vectors = await embedder.embed(model.entries.map((entry) => entry.content))
          const cosine = (vector: Float32Array) => vector.reduce((sum, x, d) => sum + x * (query[d] ?? 0), 0)
          const ranked = model.entries
            .map((entry, i) => ({ id: entry.id, similarity: cosine(vectors[i] ?? new Float32Array()), age: i }))
            .sort((a, b) => (Math.abs(a.similarity - b.similarity) > 1e-6 ? b.similarity - a.similarity : a.age - b.age))
          const hits = await store.search('s', 'Where does Mira Voss live?', { topK: 3 })
          expect(hits.map((hit) => hit.id)).toEqual(ranked.slice(0, 3).map((entry) => entry.id))
        }),
        { numRuns: 40 },
      )
    })
  })
}
