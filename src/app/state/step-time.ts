// How long a step of training takes with a model: as it took here, else, for the embedded one, as it took elsewhere, else by
// its arithmetic at a rate that was measured here with another model, else at a stated one. Pure.
import type { TrainConfig } from '../../core/training/config.ts'
import { messagesOf, nanoOnTwoCores, type MeasuredPace, type Paces } from './training-pace.ts'

export interface StepTime {
  seconds: number
  /** measured: this model trained here. twoCores: it did on a server. rate: another one did here. stated: none has yet. */
  by: 'measured' | 'twoCores' | 'rate' | 'stated'
}

/** Tokens that an episode reads and writes for each message that it hears, about: a step of SmolLM2-135M in the page took 411 s on two cores. */
const tokensOfMessage = 120
/**
 * Floating-point operations a parameter and a token: 2 to play, 2 for the reference policy where there is one, 4 for the
 * update (forward, and backward through activations alone: an adapter's weights are few).
 */
const operations = ({ beta, epochs }: TrainConfig) => 2 + (beta > 0 ? 2 : 0) + 4 * epochs
/** Of WebAssembly with two threads: matrix products were measured at 35 to 41 there, decoding at less. */
const statedRate = 30e9

const plainStep = (plan: TrainConfig, { rollout, update }: MeasuredPace) => plan.b * plan.k * messagesOf(plan) * (rollout + update * plan.epochs)
const work = (plan: TrainConfig, parameters: number) => operations(plan) * parameters * tokensOfMessage * plan.b * plan.k * messagesOf(plan)

/** @param trained the embedded model, which may have trained here, with its parameters */
export function stepTime(plan: TrainConfig, model: { name: string; parameters: number }, paces: Paces, trained: { name: string; parameters: number }): StepTime {
  const own = paces[model.name]
  if (own) return { seconds: plainStep(plan, own), by: 'measured' }
  if (model.name === trained.name) return { seconds: plainStep(plan, nanoOnTwoCores), by: 'twoCores' }
  const other = paces[trained.name]
  const seconds = other ? plainStep(plan, other) : 0
  if (seconds > 0) return { seconds: (seconds * model.parameters) / trained.parameters, by: 'rate' }
  return { seconds: work(plan, model.parameters) / statedRate, by: 'stated' }
}
