import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { describeMemoryStore, metadata } from '../core/memory/store.contract.test-suite.ts'
import type { Embedder, MemoryStore } from '../core/memory/store.ts'
import { Disk } from './fixture.ts'

describeMemoryStore('DexieStore', async () => Promise.resolve(new Disk().tab().store))

const lines = async (store: MemoryStore, name = 's') => (await store.list(name)).map((entry) => `${entry.id} ${entry.content}`)

describe('DexieStore on the disk', () => {
  it('gives the same entries after it was closed and opened', async () => {
    const disk = new Disk()
    const first = disk.tab()
    await first.store.add('s', 'Mira Voss lives in Oslem.', metadata({ tags: ['home'], extra: { sure: true } }))
    await first.store.add('s', 'two', metadata())
    await first.store.add('t', 'other', metadata())
    await first.store.delete('s', 'm2')
    const before = { list: await first.store.list('s'), hits: await first.store.search('s', 'Mira Voss', { topK: 1 }) }
    await first.close()

    const second = disk.tab()
    expect(await second.store.list('s')).toEqual(before.list)
    expect(await second.store.search('s', 'Mira Voss', { topK: 1 })).toEqual(before.hits)
    expect((await second.store.add('s', 'three', metadata())).id).toBe('m3')
    expect(await lines(second.store, 't')).toEqual(['m1 other'])
  })

  it('has written when the promise resolves', async () => {
    const disk = new Disk()
    const writer = disk.tab()
    const reader = disk.tab()
    await writer.store.add('s', 'one', metadata())
    expect(await lines(reader.store)).toEqual(['m1 one'])
    await writer.store.update('s', 'm1', 'one, corrected', metadata())
    expect(await lines(reader.store)).toEqual(['m1 one, corrected'])
    await writer.store.delete('s', 'm1')
    expect(await lines(reader.store)).toEqual([])
  })

  it('keeps names apart that begin alike', async () => {
    const { store } = new Disk().tab()
    await store.add('run', 'a', metadata())
    await store.add('run-2', 'b', metadata())
    await store.add('run\uffff', 'c', metadata())
    await store.clear('run')
    expect([await lines(store, 'run'), await lines(store, 'run-2'), await lines(store, 'run\uffff')]).toEqual([[], ['m1 b'], ['m1 c']])
  })

  it('rejects what cannot be stored, and goes on', async () => {
    const tab = new Disk().tab()
    await expect(tab.store.add('s', 'x', metadata({ extra: { f: () => 1 } }))).rejects.toThrow('could not be cloned')
    expect(await tab.status()).toEqual({ kind: 'durable' })
    expect((await tab.store.add('s', 'one', metadata())).id).toBe('m1')
  })
})

describe('two tabs on one store', () => {
  it('see what the other wrote and never give an id twice', async () => {
    const disk = new Disk()
    const a = disk.tab().store
    const b = disk.tab().store
    await a.add('s', 'from a', metadata())
    expect((await b.add('s', 'from b', metadata())).id).toBe('m2')
    await a.update('s', 'm2', 'from b, changed by a', metadata())
    expect((await b.search('s', 'changed', { topK: 1 }))[0]?.content).toBe('from b, changed by a')
    await b.delete('s', 'm1')
    await expect(a.get('s', 'm1')).rejects.toThrow('There is no memory m1.')
    await b.delete('s', 'm2')
    expect((await a.add('s', 'third', metadata())).id).toBe('m3')
    await b.clear('s')
    expect((await a.add('s', 'first again', metadata())).id).toBe('m1')
    expect(await lines(b)).toEqual(['m1 first again'])
  })

  it('add at the same time', async () => {
    const disk = new Disk()
    const tabs = [disk.tab().store, disk.tab().store, disk.tab().store]
    const added = await Promise.all(Array.from({ length: 30 }, (_, i) => tabs[i % 3]?.add('s', `entry ${i}`, metadata())))
    expect(new Set(added.map((entry) => entry?.id)).size).toBe(30)
    const expected = added.map((entry) => `${entry?.id} ${entry?.content}`).sort()
    for (const tab of tabs) expect((await lines(tab)).sort()).toEqual(expected)
  })

  it('agree after any interleaving, waiting or not', async () => {
    const operation = fc.record({ tab: fc.nat(1), kind: fc.constantFrom('add', 'add', 'update', 'delete', 'search', 'clear'), pick: fc.integer({ min: 1, max: 6 }), wait: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 20 }), async (sequence) => {
        const disk = new Disk()
        const tabs = [disk.tab().store, disk.tab().store]
        const pending: Promise<unknown>[] = []
        for (const [i, { tab, kind, pick, wait }] of sequence.entries()) {
          const store = tabs[tab]
          if (!store) continue
          const work = async (): Promise<unknown> => {
            switch (kind) {
              case 'add': return store.add('s', `entry ${i}`, metadata())
              case 'update': return store.update('s', `m${pick}`, `entry ${i}`, metadata())
              case 'delete': return store.delete('s', `m${pick}`)
              case 'search': return store.search('s', 'entry', { topK: 3 })
              default: return store.clear('s')
            }
          }
          const done = work().catch((error: unknown) => {
            if (!(error instanceof Error && error.name === 'MemoryNotFoundError')) throw error
          })
          pending.push(done)
          if (wait) await done
        }
        await Promise.all(pending)
        const [a, b] = [await tabs[0]?.list('s'), await tabs[1]?.list('s')]
        expect(a).toEqual(b)
        expect(await disk.tab().store.list('s')).toEqual(a)
        const hits = await Promise.all(tabs.map((store) => store.search('s', 'entry 3', { topK: 9 })))
        expect(hits[0]).toEqual(hits[1])
      }),
      { numRuns: 40 },
    )
  })
})

/** The default embedder under another version, with every vector turned round; counts the texts that it embeds. */
class TurnedEmbedder implements Embedder {
  readonly name = 'hash'
  readonly version = 2
  readonly dimensions = 128
  readonly #inner = new HashEmbedder()
  embedded: string[] = []

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    this.embedded.push(...texts)
    return (await this.#inner.embed(texts)).map((vector) => {
      const half = vector.slice(0, 128).map((x) => -x)
      const length = Math.hypot(...half)
      return half.map((x) => x / length)
    })
  }
}

describe('another embedder', () => {
  it('has the vectors recomputed, once, and never compares the old ones', async () => {
    const disk = new Disk()
    const old = disk.tab()
    await old.store.add('s', 'Jon Brack plays chess.', metadata())
    await old.store.add('s', 'Mira Voss lives in Oslem.', metadata())
    await old.close()

    const embedder = new TurnedEmbedder()
    const renewed = disk.tab(embedder)
    const hits = await renewed.store.search('s', 'Mira Voss lives in Oslem.', { topK: 2 })
    expect(hits[0]?.id).toBe('m2')
    expect(hits[0]?.similarity).toBeCloseTo(1, 5)
    expect(embedder.embedded).toEqual(['Jon Brack plays chess.', 'Mira Voss lives in Oslem.', 'Mira Voss lives in Oslem.'])
    await renewed.close()

    const again = new TurnedEmbedder()
    const third = disk.tab(again)
    expect(await lines(third.store)).toEqual(['m1 Jon Brack plays chess.', 'm2 Mira Voss lives in Oslem.'])
    expect(again.embedded).toEqual([])
  })

  it('works beside the old one in another tab', async () => {
    const disk = new Disk()
    const old = disk.tab().store
    const renewed = disk.tab(new TurnedEmbedder()).store
    for (let i = 0; i < 3; i++) {
      await old.add('s', `Mira Voss bought ${i} lamps.`, metadata())
      await renewed.add('s', `Jon Brack sold ${i} chairs.`, metadata())
    }
    for (const store of [old, renewed]) {
      const hits = await store.search('s', 'Jon Brack sold 2 chairs.', { topK: 1 })
      expect(hits[0]?.id).toBe('m6')
      expect(hits[0]?.similarity).toBeCloseTo(1, 5)
    }
  })
})
