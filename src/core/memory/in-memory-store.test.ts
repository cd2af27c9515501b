import { expect, it } from 'vitest'
import { HashEmbedder } from './hash-embedder.ts'
import { InMemoryStore } from './in-memory-store.ts'
import { describeMemoryStore, metadata } from './store.contract.test-suite.ts'
import type { Embedder } from './store.ts'

describeMemoryStore('InMemoryStore', async () => Promise.resolve(new InMemoryStore(new HashEmbedder())))

/** One dimension a letter of "ab"; answers for "a" take longer than those for "b". */
const slowEmbedder: Embedder = {
  name: 'slow',
  version: 1,
  dimensions: 2,
  async embed(texts) {
    await new Promise((resolve) => setTimeout(resolve, texts[0] === 'a' ? 20 : 0))
    return texts.map((text) => Float32Array.of(text === 'a' ? 1 : 0, text === 'b' ? 1 : 0))
  },
}

it('keeps the order of the calls when the embedder answers out of order', async () => {
  const store = new InMemoryStore(slowEmbedder)
  const added = await Promise.all([store.add('s', 'a', metadata()), store.add('s', 'b', metadata())])
  expect(added.map((entry) => entry.id + entry.content)).toEqual(['m1a', 'm2b'])
  expect(await store.search('s', 'b', { topK: 2 })).toEqual([
    { id: 'm2', content: 'b', similarity: 1 },
    { id: 'm1', content: 'a', similarity: 0 },
  ])
})

it('stays as it was when the embedder fails', async () => {
  const failing: Embedder = {
    ...slowEmbedder,
    embed: (texts) => (texts[0] === 'x' ? Promise.reject(new Error('no embedding')) : slowEmbedder.embed(texts)),
  }
  const store = new InMemoryStore(failing)
  await expect(store.add('s', 'x', metadata())).rejects.toThrow('no embedding')
  expect((await store.add('s', 'b', metadata())).id).toBe('m1')
  await expect(store.update('s', 'm1', 'x', metadata())).rejects.toThrow('no embedding')
  expect((await store.list('s')).map((entry) => entry.content)).toEqual(['b'])
})
