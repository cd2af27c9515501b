// What every policy keeps to, whoever speaks: scripted, a model of ours, a model in WebLLM. The policies' tests run it.
import { describe, expect, it } from 'vitest'
import { actionForm } from '../agents/agemem/agent.ts'
import { summaryForm } from '../agents/agemem/summary.ts'
import { askAll } from './ask.ts'
import { AbortError, type ChatMessage, type GenerateRequest, type Policy, type StreamOptions } from './policy.ts'

export interface PolicyUnderTest {
  policy: Policy
  /** Without a grammar when it is to say whatever it says. */
  free?: boolean
  /** Tokens that it takes at once; null: it counts none. */
  window: number | null
}

const options: StreamOptions = { temperature: 1, maxTokens: 48 }

/** @param create is asked once a test; the policy may be the same one again */
export function describePolicy(name: string, create: () => Promise<PolicyUnderTest>): void {
  const made = async () => {
    const { policy, free, window } = await create()
    const request = (text: string, seed: number, thread = 0, form = actionForm): GenerateRequest => ({
      ...form,
      ...(free ? { grammar: undefined } : {}),
      conversation: [{ role: 'system', content: 'You keep memories.' }, { role: 'user', content: text }],
      thread: `thread ${thread}`,
      purpose: 'act',
      seed,
    })
    return { policy, window, request, ask: (requests: readonly GenerateRequest[], more: Partial<StreamOptions> = {}) => askAll(policy, requests, { ...options, ...more }) }
  }

  describe(`${name} as a Policy`, () => {
    it('has a name, and says nothing when it is asked nothing', async () => {
      const { policy, ask } = await made()
      expect(policy.name).not.toBe('')
      expect(await ask([])).toEqual([])
    })

    it('answers each request in its order, the same alone and among others', async () => {
      const { ask, request } = await made()
      const requests = [request('My dog is called Bimo.', 1, 0), request('It rains in Oslem.', 2, 1), request('Where does Mira Voss live?', 3, 2)]
      const together = await ask(requests)
      expect(together).toHaveLength(3)
      for (const [i, each] of requests.entries()) expect(await ask([each])).toEqual([together[i]])
      expect(await ask(requests.toReversed())).toEqual(together.toReversed())
    })

    it('gives ids and log-probabilities together or not at all, one of each a token', async () => {
      const { ask, request, window } = await made()
      const replies = await ask([request('My dog is called Bimo.', 4), request('It rains.', 5, 1)])
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
      const { ask, request, window } = await made()
      const { stop } = actionForm
      const replies = await ask(Array.from({ length: 6 }, (_, i) => request('Where does Mira Voss live?', 10 + i, i)))
      for (const { text, tokens, finish } of replies) {
        const ends = stop.map((each) => text.indexOf(each)).filter((at) => at >= 0)
        if (ends.length > 0) {
          expect(stop.some((each) => text.endsWith(each) && text.indexOf(each) === text.length - each.length), text).toBe(true)
          expect(finish).toBe('stop')
        }
        if (window !== null) expect(tokens).toBeLessThanOrEqual(options.maxTokens)
      }
      if (window === null) return
      const [short] = await ask([request('Where?', 3)], { maxTokens: 1 })
      expect(short).toMatchObject({ tokens: 1 })
    })

    it('writes a summary when it is asked for one', async () => {
      const { ask, request } = await made()
      const [summary] = await ask([{ ...request('Summarise these messages in a few sentences.\n\nMira lives in Oslem.\nIt rains.', 7, 0, summaryForm), purpose: 'summarise', aside: true }])
      expect(summary?.text).not.toBe('')
    })

    it('tells its text as it comes, if it tells it at all', async () => {
      const { ask, request, window } = await made()
      const told = ['', '']
      const replies = await ask([request('a', 5, 0), request('b', 6, 1)], { onText: (i, text) => { told[i] += text } })
      if (window === null) expect(told).toEqual(['', ''])
      else expect(told).toEqual(replies.map(({ text }) => text))
    })

    it('does not begin when it was stopped before', async () => {
      const { ask, request } = await made()
      await expect(ask([request('Hello.', 1)], { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortError)
    })

    it('stops between tokens, and replies the same afterwards', async ({ skip }) => {
      const { ask, request, window } = await made()
      if (window === null) return skip('it counts no tokens')
      const [before] = await ask([request('Hello.', 1)])
      const stop = new AbortController()
      await expect(ask([{ ...request('Talk on.', 4), stop: [] }], { maxTokens: 200, signal: stop.signal, onText: () => { stop.abort() } })).rejects.toBeInstanceOf(AbortError)
      expect(await ask([request('Hello.', 1)])).toEqual([before])
    })

    it('says of a prompt that does not fit that it overflows, and goes on', async ({ skip }) => {
      const { ask, request, window } = await made()
      if (window === null) return skip('it counts no tokens')
      const huge: ChatMessage[] = [{ role: 'user', content: 'Mira lives in Oslem. '.repeat(window) }]
      const [reply] = await ask([{ ...request('', 1), conversation: huge }])
      expect(reply).toMatchObject({ text: '', tokens: 0, token_ids: [], logprobs: [], finish: 'overflow' })
      // Where it counts its prompts, it says of this one that it is too long.
      expect(reply?.prompt_tokens ?? window).toBeGreaterThanOrEqual(window)
      expect((await ask([request('Hello.', 1)]))[0]?.tokens).toBeGreaterThan(0)
    })
  })
}
