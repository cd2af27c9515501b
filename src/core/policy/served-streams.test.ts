import { describe, expect, it } from 'vitest'
import { streamOf } from './ask.ts'
import type { Policy } from './policy.ts'
import { ServedStreams } from './served-streams.ts'

/** Says the thread's name, letter by letter. */
const speller: Policy = {
  name: 'speller',
  open: (options) =>
    streamOf(({ thread: text }, tell) => {
      for (const letter of text) tell(letter)
      return { text, tokens: text.length, token_ids: null, logprobs: null, finish: 'stop' }
    }, options),
}
const asked = (thread: string) => [{ place: 3, request: { conversation: [], thread, purpose: '', stop: [], seed: 1 } }]
const options = { temperature: 1, maxTokens: 9 }

describe('streams by name', () => {
  it('tell text to whoever asked last, at the place that was asked for', async () => {
    const streams = new ServedStreams()
    const [first, second]: [string[], string[]] = [[], []]
    await streams.named('a').serve(speller, asked('one'), options, (place, text) => first.push(`${place}${text}`))
    const [answered] = await streams.named('a').serve(speller, asked('two'), options, (_, text) => second.push(text))
    expect([first.join(' '), second.join('')]).toEqual(['3o 3n 3e', 'two'])
    expect(answered).toMatchObject({ place: 3, generation: { text: 'two' } })
  })

  it('end when they are told to, also while they wait, and others of another name do not', async () => {
    const streams = new ServedStreams()
    const [waiting, other] = [streams.named('a'), streams.named('b')]
    streams.abort('a')
    await expect(waiting.serve(speller, asked('x'), options, null)).rejects.toMatchObject({ name: 'AbortError' })
    await expect(other.serve(speller, asked('x'), options, null)).resolves.toHaveLength(1)
    await streams.close('a')
    // The name is free again.
    await expect(streams.named('a').serve(speller, asked('x'), options, null)).resolves.toHaveLength(1)
  })

  it('do not go on with another model than they began with', async () => {
    const streams = new ServedStreams()
    await streams.named('a').serve(speller, asked('x'), options, null)
    await streams.closeAll()
    await expect(streams.named('a').serve({ ...speller }, asked('x'), options, null)).rejects.toThrow('Another model was loaded')
    await expect(streams.named('b').serve({ ...speller }, asked('x'), options, null)).resolves.toHaveLength(1)
  })
})
