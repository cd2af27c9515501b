// A policy some of whose requests are answered by rule: the expert that stands in where a policy knows nothing but its
// own protocol. It reads the words of the prompt and nothing else: no task, no facts, no answers.
import type { GenerateRequest, Policy, ReplyStream } from '../../policy/policy.ts'
import type { Asked } from '../../policy/policy.ts'
import type { Generation } from '../../record/trajectory.ts'
import type { AsideKind } from '../agent.ts'

/** Nobody sampled it: it has no tokens. */
const said = (text: string): Generation => ({ text, tokens: 0, token_ids: null, logprobs: null, finish: 'stop' })

/** Answers requests of these purposes by their rules, and hands on all others. */
export function withRules(policy: Policy, asides: readonly AsideKind[]): Policy {
  const rules = new Map(asides.flatMap(({ purpose, byRule }) => (byRule ? [[purpose, byRule] as const] : [])))
  const ruleFor = ({ aside, purpose }: GenerateRequest) => (aside ? rules.get(purpose) : undefined)
  return {
    name: policy.name,
    ...(policy.window === undefined ? {} : { window: policy.window }),
    open(options): ReplyStream {
      const stream = policy.open(options)
      /** Handed on with the next ones: who was answered by rule may ask more before the policy works. */
      let waiting: Asked[] = []
      return {
        async serve(asked) {
          const answered = asked.flatMap(({ place, request }) => {
            const rule = ruleFor(request)
            return rule ? [{ place, generation: said(rule(request.conversation.at(-1)?.content ?? '')) }] : []
          })
          waiting.push(...asked.filter(({ request }) => !ruleFor(request)))
          if (answered.length > 0) return answered
          const served = stream.serve(waiting)
          waiting = []
          return served
        },
        close: () => stream.close(),
      }
    },
  }
}
