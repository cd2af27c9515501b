// What one update did to the tokens of a rollout. The adapter after it is a kept checkpoint, or is made again: updates
// follow from adapter and rollouts alone, so from the checkpoint before, the kept rollouts give the same one.
import { trainingSetup } from '../core/training/config.ts'
import { learn, packStep, withOldOf, withReferenceOf, type PackedStep } from '../core/training/step-update.ts'
import { tokenGradient } from '../core/training/token-gradient.ts'
import { referenceOf } from '../core/training/run-start.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import type { CheckpointRecord, RunRecord, RunStore } from '../core/training/runs.ts'
import type { UpdatedToken, UpdateRequest, UpdateView } from '../rpc/training.ts'
import type { LabModel } from './remote-model.ts'

interface UpdateParts {
  store: RunStore
  model: LabModel
  signal: AbortSignal
  onProgress: (share: number) => void
}

interface Start {
  step: number
  state: AdapterState | null
}

/** Where the adapter after `step` can be had from: its own checkpoint, or the last one before that can be trained on. */
async function startFor({ key, from }: RunRecord, step: number, store: RunStore): Promise<Start> {
  const kept = (await store.checkpoints(key)).filter((each) => each.step === step || (each.step < step && each.resumable))
  const nearest = kept.reduce<CheckpointRecord | null>((last, each) => (last && last.step >= each.step ? last : each), null)
  const state = nearest && (await store.checkpointState(nearest.key))
  if (nearest && state) return { step: nearest.step, state }
  if (from !== undefined) throw new Error(`No adapter of this run is kept from step ${step} or before: they were deleted. What the update did cannot be seen.`)
  return { step: 0, state: null }
}

/** @throws AbortError when the signal fires, Error saying what is not kept any more */
export async function viewUpdate({ run: key, step, rollout, source }: UpdateRequest, { store, model, signal, onProgress }: UpdateParts): Promise<UpdateView> {
  const run = await store.getRun(key)
  if (!run) throw new Error('This run is not here any more.')
  if (run.model !== source.name) throw new Error(`This run trained ${run.model}, not ${source.name}.`)
  const { config } = run
  const metrics = new Map((await store.steps(key)).map((each) => [each.step, each]))
  const made = async (of: number): Promise<PackedStep> => {
    const [trajectories, measured] = [await store.rollouts(key, of), metrics.get(of)]
    if (!measured || trajectories.length === 0) throw new Error(`The adapter after step ${step} is not kept, and neither are the rollouts of step ${of}, from which it would be made again.`)
    return packStep(trajectories, measured.groups, config, model)
  }
  const start = await startFor(run, step, store)
  // The rates are those that were recorded: a plan may have become longer since.
  const { packed, batch } = await made(step)
  const chosen = batch.sequences.flatMap((sequence, i) => (batch.origin[i]?.rollout === rollout ? [{ sequence, origin: batch.origin[i]?.sequence ?? 0 }] : []))
  const idle = metrics.get(step)?.groups.some(({ rollouts, zero_variance }) => zero_variance && rollouts.includes(rollout)) ?? false
  const view = { idle, madeAgain: step - start.step }
  if (chosen.length === 0) return { ...view, tokens: [] }
  await model.beginTraining(trainingSetup(config, await referenceOf(run, store)), start.state)
  try {
    for (let at = start.step + 1; at <= step; at++) {
      signal.throwIfAborted()
      onProgress((at - start.step - 1) / view.madeAgain)
      const { sequences } = await withOldOf(model, (at === step ? batch : (await made(at)).batch).sequences, config)
      const referenced = await withReferenceOf(model, sequences, config.beta)
      await learn(referenced, metrics.get(at)?.learning_rate ?? 0, config, model)
    }
    const scored = chosen.map(({ sequence }) => sequence)
    const after = await model.score(scored, 'policy')
    const withRef = await withReferenceOf(model, scored, config.beta)
    const tokens = chosen.flatMap(({ origin }, i): UpdatedToken[] => {
      const sequence = withRef[i]
      const sampled = packed[rollout]?.sequences[origin]?.sampled ?? []
      const texts = model.texts(sampled.map(({ index }) => sequence?.ids[index] ?? 0))
      return sampled.flatMap((token, k): UpdatedToken[] => {
        const target = sequence?.targets[k]
        if (!target) return []
        const { weight, advantage = 0 } = target
        return [{ text: texts[k] ?? '', step: token.step, call: token.call, before: token.oldLogp, after: after[i]?.[k] ?? NaN, advantage, weight, gradient: tokenGradient(target, token.oldLogp, config) }]
      })
    })
    return { ...view, tokens }
  } finally {
    await model.endTraining().catch(() => undefined)
  }
}
