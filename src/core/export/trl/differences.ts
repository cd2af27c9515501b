// What TRL cannot hold of a run, or does in another way: found from the run's settings, a line each.
import type { TrainConfig } from '../../training/config.ts'
import type { ExportedRun } from '../files.ts'

interface Difference {
  what: string
  here: string
  there: string
}

/** Of this run; what is not in the list is the same. */
export function differencesOf({ config, adapter, goingOn }: Pick<ExportedRun, 'config' | 'adapter' | 'goingOn'>): Difference[] {
  const { kl_estimator, beta, reference, clip, epochs } = config
  const always: Difference[] = [
    { what: 'Sampling', here: 'a reply follows from its seed', there: 'PyTorch’s generator: other replies for the same seed' },
    { what: 'Grammar of replies', here: 'a policy can be held to the protocol', there: 'none: a reply says what it says, and broken ones are read as here' },
    { what: 'Generation', here: 'continuous batching on onnxruntime', there: 'transformers, in one process, without vLLM; a step waits for its longest reply' },
    { what: 'log π of sampled tokens', here: 'recorded', there: epochs > 1 ? 'taken before the first update; not in the episodes that come back' : 'ρ is 1 in the only update; not in the episodes that come back' },
    { what: 'Micro-batches', here: `${config.batching.tokens} tokens at most, by length`, there: 'as many as there are rollouts; the loss and its gradient are the same' },
    { what: 'surrogate_loss, mean_ratio', here: 'measured', there: 'TRL logs neither; empty in the steps that come back' },
  ]
  const some: (Difference | false)[] = [
    adapter !== null && !goingOn?.moments && { what: 'Moments of Adam', here: 'kept with every checkpoint', there: 'not exported with this run: they begin anew' },
    beta > 0 && kl_estimator !== 'k3' && { what: 'Estimator of the KL divergence', here: kl_estimator, there: 'k3' },
    beta > 0 && reference === 'start' && goingOn?.reference === undefined && adapter !== null && { what: 'Reference of the KL term', here: 'what the run began from', there: 'the base model: whether the run began from an adapter was not exported' },
    clip === null && { what: 'Clip of ρ', here: 'none', there: 'so wide (1, 1000000) that nothing is clipped' },
    config.max_norm !== null && { what: 'Clip of the gradient', here: 'scaled to the norm', there: 'PyTorch adds 1e-6 to the norm' },
    !goingOn?.history && { what: 'The steps so far', here: 'measured', there: 'not exported with this run: it does not come back as one run' },
    config.evaluation.every > 0 && { what: 'Held-out evaluation', here: 'several episodes side by side', there: `the same tasks and temperature, ${config.k} side by side` },
  ]
  return [...always, ...some.filter((each) => each !== false)]
}

const cell = (text: string) => text.replaceAll('|', '\\|')

export function tableOf(differences: readonly Difference[]): string {
  return ['| | in the playground | in TRL |', '|---|---|---|', ...differences.map(({ what, here, there }) => `| ${cell(what)} | ${cell(here)} | ${cell(there)} |`)].join('\n')
}

/** What the loss of TRL is claimed to be the same for; test:python holds every pair against ours. */
export const claimed: readonly Pick<TrainConfig, 'aggregation' | 'clip'>[] = (['token-mean', 'sequence-mean', 'dr-grpo'] as const).flatMap((aggregation) => [
  { aggregation, clip: { low: 0.2, high: 0.28 } },
  { aggregation, clip: null },
])
