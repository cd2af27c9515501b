// Who plays, as the page asks for it.
import type { Careless, ScriptedName } from '../core/demonstrations/habits.ts'
import type { ModelSource } from '../core/policy/model.ts'
import type { WebLlmOptions, WebLlmSource } from '../core/policy/webllm.ts'

/** Who plays: a scripted policy, a language model of model.worker, one of webllm.worker, or whoever sits at the page. */
export type PolicyChoice =
  | {
      name: ScriptedName
      /** Probabilities of `careless`. */
      careless?: Careless
    }
  | {
      name: 'model'
      source: ModelSource
      /** Key of a checkpoint whose adapter it plays with; null: the base model. */
      adapter: string | null
      /** Its replies keep to the grammar of the protocol; left out: it says whatever it says. */
      constrained?: boolean
    }
  /** Is asked by an event, and answers by reply(). */
  | { name: 'person' }
  | {
      name: 'webllm'
      source: WebLlmSource
      options: WebLlmOptions
    }

/** Who can play many episodes by itself. */
export type AutomaticChoice = Exclude<PolicyChoice, { name: 'person' }>
