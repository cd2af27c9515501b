// What every policy keeps to, whoever speaks: scripted, a model of ours, a model in WebLLM. The policies' tests run it.
import { describe, expect, it } from 'vitest'
import { AbortError, type ChatMessage, type GenerateOptions, type GenerateRequest, type Policy } from './policy.ts'

export interface PolicyUnderTest {
  policy: Policy
  /** A task that the policy knows. */
  task: string
  /** Tokens that it takes at once; null: it counts none. */
  window: number | null
}

const options: GenerateOptions = { temperature: 1, maxTokens: 48, stop: ['</tool_call>', '</answer>'] }

/** @param create is asked once a test; the policy may be the same one again */
export function describePolicy(name: string, create: () => Promise<PolicyUnderTest>): void {
  const made = async () => {
    const { policy, task, window } = await create()
    const request = (text: string, seed: number, rollout = 0, purpose: GenerateRequest['purpose'] = 'act'): GenerateRequest => ({
      conversation: [{ role: 'system', content: 'You keep memories.' }, { role: 'user', content: text }],
      purpose,
      episode: { task, rollout },
      seed,
    })
    return { policy, window, request }
  }
  const longReply: GenerateOptions = { ...options, maxTokens: 200, stop: [] }

  describe(`${name} as a Policy`, () => {
    it('has a name, and says nothing when it is asked nothing', async () => {
      const { policy } = await made()
      expect(policy.name).not.toBe('')
      expect(await policy.generate([], options)).toEqual([])
    })

    it('answers each request in its order, the same alone and among others', async () => {
      const { policy, request } = await made()
      const requests = [request('My dog is called Bimo.', 1, 0), request('It rains in Oslem.', 2, 1), request('Where does Mira Voss live?', 3, 2)]
      const together = await policy.generate(requests, options)
      expect(together).toHaveLength(3)
      for (const [i, each] of requests.entries()) expect(await policy.generate([each], options)).toEqual([together[i]])
      expect(await policy.generate(requests.toReversed(), options)).toEqual(together.toReversed())
    })

    it('gives ids and log-probabilities together or not at all, one of each a token', async () => {
      const { policy, request, window } = await made()
      const replies = await policy.generate([request('My dog is called Bimo.', 4), request('It rains.', 5, 1)], options)
      for (const { tokens, token_ids, logprobs } of replies) {
        expect(token_ids === null).toBe(logprobs === null)
        expect(token_ids === null).toBe(window === null)
        if (!token_ids || !logprobs) continue
        expect(token_ids).toHaveLength(tokens)
        expect(logprobs).toHaveLength(tokens)
        expect(tokens).toBeGreaterThan(0)
        for (const logprob of logprobs) expect(logprob <= 1e-6 && Number.isFinite(logprob), String(logprob)).toBe(true)
      }
    })

    it('ends behind the first stop string, and keeps to the limit of tokens', async () => {
      const { policy, request, window } = await made()
      const replies = await policy.generate(Array.from({ length: 6 }, (_, i) => request('Where does Mira Voss live?', 10 + i, i)), options)
      for (const { text, tokens, finish } of replies) {
        const ends = options.stop.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
        if (ends.length > 0) {
          expect(options.stop.some((stop) => text.endsWith(stop) && text.indexOf(stop) === text.length - stop.length), text).toBe(true)
          expect(finish).toBe('stop')
        }
        if (window !== null) expect(tokens).toBeLessThanOrEqual(options.maxTokens)
      }
      if (window === null) return
      const [short] = await policy.generate([request('Where?', 3)], { ...options, maxTokens: 1 })
      expect(short).toMatchObject({ tokens: 1 })
    })

    it('writes a summary when it is asked for one', async () => {
      const { policy, request } = await made()
      const [summary] = await policy.generate([request('Summarise these messages in a few sentences.\n\nMira lives in Oslem.\nIt rains.', 7, 0, 'summarise')], options)
      expect(summary?.text).not.toBe('')
    })

    it('tells its text as it comes, if it tells it at all', async () => {
      const { policy, request, window } = await made()
      const told = ['', '']
      const replies = await policy.generate([request('a', 5, 0), request('b', 6, 1)], { ...options, onText: (i, text) => { told[i] += text } })
      if (window === null) expect(told).toEqual(['', ''])
      else expect(told).toEqual(replies.map(({ text }) => text))
    })

    it('does not begin when it was stopped before', async () => {
      const { policy, request } = await made()
      await expect(policy.generate([request('Hello.', 1)], { ...options, signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortError)
    })

    it('stops between tokens, and replies the same afterwards', async ({ skip }) => {
      const { policy, request, window } = await made()
      if (window === null) return skip('it counts no tokens')
      const [before] = await policy.generate([request('Hello.', 1)], options)
      const stop = new AbortController()
      await expect(policy.generate([request('Talk on.', 4)], { ...longReply, signal: stop.signal, onText: () => { stop.abort() } })).rejects.toBeInstanceOf(AbortError)
      expect(await policy.generate([request('Hello.', 1)], options)).toEqual([before])
    })

    it('says of a prompt that does not fit that it overflows, and goes on', async ({ skip }) => {
      const { policy, request, window } = await made()
      if (window === null) return skip('it counts no tokens')
      const huge: ChatMessage[] = [{ role: 'user', content: 'Mira lives in Oslem. '.repeat(window) }]
      const [reply] = await policy.generate([{ ...request('', 1), conversation: huge }], options)
      expect(reply).toMatchObject({ text: '', tokens: 0, token_ids: [], logprobs: [], finish: 'overflow' })
      // Where it counts its prompts, it says of this one that it is too long.
      expect(reply?.prompt_tokens ?? window).toBeGreaterThanOrEqual(window)
      expect((await policy.generate([request('Hello.', 1)], options))[0]?.tokens).toBeGreaterThan(0)
    })
  })
}
