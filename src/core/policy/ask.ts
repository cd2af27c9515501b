// The two ends of a stream made simple: to ask a policy once, and to make a policy's stream of a function.
import type { Generation } from '../record/trajectory.ts'
import {
  AbortError,
  type Asked,
  type GenerateRequest,
  type Policy,
  type ReplyStream,
  type StreamOptions,
} from './policy.ts'

/**
 * One generation a request, in their order; a place is an index into them.
 * @throws AbortError when the signal fires, and what the policy fails with
 */
export async function askAll(
  policy: Policy,
  requests: readonly GenerateRequest[],
  options: StreamOptions,
): Promise<Generation[]> {
  const stream = policy.open(options)
  const replies: Generation[] = []
  try {
    let asked: Asked[] = requests.map((request, place) => ({ place, request }))
    for (let left = requests.length; left > 0; asked = []) {
      const answered = await stream.serve(asked)
      if (answered.length === 0) throw new Error(`The policy ${policy.name} gave no reply.`)
      for (const { place, generation } of answered) replies[place] = generation
      left -= answered.length
    }
    return replies
  } finally {
    await stream.close()
  }
}

/** A stream that answers all it is asked, one request after another, each by itself. */
export function streamOf(
  reply: (request: GenerateRequest, tell: (text: string) => void) => Generation | Promise<Generation>,
  { signal, onText }: StreamOptions,
): ReplyStream {
  return {
    async serve(asked) {
      const answered = []
      for (const { place, request } of asked) {
        if (signal?.aborted) throw new AbortError()
        answered.push({ place, generation: await reply(request, (text) => onText?.(place, text)) })
      }
      return answered
    },
    close: () => Promise.resolve(),
  }
}
