import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Asked, ChatMessage } from '../../core/policy/policy.ts'
import { PromptThreads } from '../../core/policy/thread.ts'
import { createNodeRuntime } from '../../runtime/node.ts'
import { chatEncoder } from '../encoding.ts'
import { loadModel, type LoadedModel } from '../files/load-model.ts'
import { Tokenizer } from '../files/tokenizer.ts'
import { filesInMemory, tinyChatFiles } from '../fixtures/tiny-chat-model.ts'
import { Decoder } from './decoder.ts'
import { beginRows, rowsFor, weightOptions, type Decoding } from './decoding.ts'
import { createHostEngine, loadHostPrograms, type HostPrograms } from './host-engine.ts'
import { LocalStream } from './local-stream.ts'

describe('rowsFor', () => {
  it('gives small models many rows, and large ones what 0.75 GB of keys and values hold, or eight', () => {
    expect(rowsFor('wasm', { layers: 4, kvHeads: 2, headDim: 64 })).toBe(64)
    // SmolLM2-135M: 47 MB a row of 1,024 positions, and as much where it is fed from.
    expect(rowsFor('wasm', { layers: 30, kvHeads: 3, headDim: 64 })).toBe(8)
    expect(rowsFor('wasm', { layers: 12, kvHeads: 3, headDim: 64 })).toBe(21)
    expect(rowsFor('wasm', { layers: 28, kvHeads: 8, headDim: 128 })).toBe(8)
    expect(rowsFor('webgpu', { layers: 4, kvHeads: 2, headDim: 64 })).toBe(8)
  })
})

const runtime = createNodeRuntime(1)
let loaded: LoadedModel
let programs: HostPrograms
beforeAll(async () => {
  loaded = await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30)
  programs = await loadHostPrograms(runtime, loaded.config, 512, { ...weightOptions, values: (name) => loaded.weights.get(name) ?? new Float32Array(0) }, null)
})
afterAll(() => runtime.dispose())

/** Rows of the model, and how many tokens they have read. */
function decodingOf(rows: number): Decoding & { read: () => number } {
  const engine = createHostEngine(programs, loaded.config, 512, rows, () => ({}))
  let read = 0
  const counting = {
    ...engine,
    prefill: async (added: Parameters<typeof engine.prefill>[0]) => {
      read += added.reduce((sum, { length }) => sum + length, 0)
      await engine.prefill(added)
    },
  }
  return { decoder: new Decoder(counting, rows), owners: Array.from({ length: rows }, () => null), dispose: () => Promise.resolve(), read: () => read }
}

describe('beginRows', () => {
  const busy = (decoding: Decoding, ...rows: number[]) => { for (const row of rows) decoding.decoder.begin(row, [1, 2], { seed: 1, maxTokens: 4, stopIds: [] }) }

  it('gives who comes first the rows that are there, at most so many', () => {
    const decoding = decodingOf(4)
    expect(beginRows(decoding, ['a', 'b', 'c'], 2)).toEqual([{ at: 0, row: 0 }, { at: 1, row: 1 }])
    expect(decoding.owners).toEqual(['a', 'b', null, null])
  })
  it('lets those who have a row go on before others, who take none of theirs', () => {
    const decoding = decodingOf(3)
    decoding.owners.splice(0, 3, 'a', 'b', 'c')
    busy(decoding, 2)
    expect(beginRows(decoding, ['d', 'b', 'a'], 1)).toEqual([{ at: 1, row: 1 }])
    expect(beginRows(decoding, ['d', 'e'], 2)).toEqual([{ at: 0, row: 0 }, { at: 1, row: 1 }])
  })
  it('takes a row that nobody had before one whose conversation is over', () => {
    const decoding = decodingOf(3)
    decoding.owners.splice(0, 2, 'over', 'b')
    expect(beginRows(decoding, ['d', 'e', 'b'], 3)).toEqual([{ at: 0, row: 2 }, { at: 1, row: 0 }, { at: 2, row: 1 }])
  })
  it('begins two of one thread, one in another row', () => {
    const decoding = decodingOf(2)
    decoding.owners.splice(0, 1, 'a')
    expect(beginRows(decoding, ['a', 'a'], 2)).toEqual([{ at: 0, row: 0 }, { at: 1, row: 1 }])
  })
})

describe('a stream of more conversations than there are rows', () => {
  const turns = 4
  const said = (name: string, turn: number) => `${name} says: ${'it rains and '.repeat(turn)}we stay.`

  /** Conversations of four turns each, all at once. What was read, and what was replied. */
  async function talk(names: readonly string[], rows: number) {
    const tokenizer = new Tokenizer(loaded.tokenizer)
    const decoding = decodingOf(rows)
    const host = { tokenizer, threads: new PromptThreads(chatEncoder(tokenizer), 64), decoding: () => Promise.resolve(decoding), stopIds: () => tokenizer.stopIds, prefix: () => 0, grammars: () => Promise.reject(new Error('There is no grammar.')) }
    const stream = new LocalStream({ temperature: 1, maxTokens: 12 }, host)
    const conversations = names.map((name): ChatMessage[] => [{ role: 'user', content: said(name, 0) }])
    const replies = names.map((): (readonly number[] | null)[] => [])
    const ask = (place: number): Asked => ({ place, request: { conversation: conversations[place] ?? [], purpose: 'act', thread: names[place] ?? '', stop: [], seed: names[place]?.length ?? 0 } })
    let asked = names.map((_, place) => ask(place))
    while (replies.some(({ length }) => length < turns)) {
      const answered = await stream.serve(asked)
      asked = answered.flatMap(({ place, generation }) => {
        replies[place]?.push(generation.token_ids)
        const turn = replies[place]?.length ?? turns
        conversations[place]?.push({ role: 'assistant', content: generation.text }, { role: 'user', content: said(names[place] ?? '', turn) })
        return turn < turns ? [ask(place)] : []
      })
    }
    await stream.close()
    return { read: decoding.read(), replies }
  }

  it('reads no more than each of them would alone, and gives the same replies', async () => {
    const names = ['Ann', 'Berta', 'Cosima', 'Dorothea', 'Emma-Sophie', 'Franz', 'Gustav-Adolf']
    const alone = await Promise.all(names.map((name) => talk([name], 2)))
    const together = await talk(names, 4)
    expect(together.replies).toEqual(alone.flatMap(({ replies }) => replies))
    expect(together.read).toBeLessThanOrEqual(alone.reduce((sum, { read }) => sum + read, 0))
  })
})
