// Somebody who plays by hand: the policy asks, and what comes back is the reply. Knows no page.
import { streamOf } from './ask.ts'
import { AbortError, type GenerateRequest, type Policy } from './policy.ts'
import { wordCounter } from './word-counter.ts'

export const personName = 'person'

/** Asks for a reply and waits for it, however long that takes. */
export type AskPerson = (request: GenerateRequest) => Promise<string>

/** Rejects when the signal fires, so that nobody is waited for in an episode that was stopped. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => { reject(new AbortError()) }
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort))
  })
}

export function personPolicy(ask: AskPerson): Policy {
  return {
    name: personName,
    open: (options) =>
      streamOf(async (request) => {
        const text = await orAborted(ask(request), options.signal)
        return { text, tokens: wordCounter.count(text), token_ids: null, logprobs: null, finish: 'stop' }
      }, options),
  }
}
