// One recorded batch of nano in TRL's loss, through the exported script, and in ours: loss and gradient of every tensor, for each
// aggregation and clip that the exporter claims; and the sequences that both make of the recorded replies.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { filesInFolder } from '../../cli/model-folder.ts'
import { noDataSets } from '../../src/core/environments/family.ts'
import { questionIn } from '../../src/core/environments/question/task.ts'
import { playRollouts } from '../../src/core/evaluation/rollouts.ts'
import { tasksOfRun, type ExportFile } from '../../src/core/export/files.ts'
import { writeFiles } from '../../src/core/export/python/run-python.fixture.ts'
import { claimed } from '../../src/core/export/trl/differences.ts'
import { trlConfig, trlFiles } from '../../src/core/export/trl.ts'
import { mustFit } from '../../src/core/fit.ts'
import { createRandom } from '../../src/core/random.ts'
import { sameData } from '../../src/core/same-data.ts'
import { trainingSetup, trainPresets, type TrainConfig } from '../../src/core/training/config.ts'
import { credits } from '../../src/core/training/credit/credit.ts'
import { rolloutMeasures } from '../../src/core/training/loop.ts'
import { packStep, withReferenceOf } from '../../src/core/training/step-update.ts'
import { tasksOfStep } from '../../src/core/training/tasks-of-step.ts'
import { freshAdapter, loraOf, writeAdapter } from '../../src/models/files/adapter.ts'
import { loadModel } from '../../src/models/files/load-model.ts'
import { readSafetensors, toFloat32 } from '../../src/models/files/safetensors.ts'
import { LocalModel } from '../../src/models/local-model.ts'
import { createNodeRuntime } from '../../src/runtime/node.ts'
import type { Check } from '../outside/checks.ts'
import { runPython } from '../outside/python.ts'

/** Relative: of the loss to its own size, of the gradient norm over norm, as a whole and of each tensor. */
const tolerance = { loss: 1e-4, gradient: 1e-4 }
const nano = 'public/models/nano'
const modelFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']

const answerSchema = z.object({
  losses: z.array(z.number()),
  sequences: z.array(z.array(z.object({ ids: z.array(z.number()), replies: z.array(z.tuple([z.number(), z.number(), z.number()])) }))),
  torch: z.string(),
  engine: z.string(),
})

export async function lossChecks(python: string, folder: string, check: Check): Promise<void> {
  const config: TrainConfig = { ...trainPresets.quick, steps: 1, b: 2, k: 3, beta: 0.05, advantage: { form: 'sample', epsilon: 0.1 }, exploration: null, evaluation: { ...trainPresets.quick.evaluation, every: 0 } }
  const loaded = await loadModel(await filesInFolder(nano), 2 ** 33)
  const runtime = createNodeRuntime()
  const model = await LocalModel.create(runtime, 'nano', loaded)
  const lora = loraOf(config.lora)
  const random = createRandom('python/adapter')
  const { parameters } = freshAdapter(loaded.config, lora, random)
  for (const [name, values] of parameters) if (name.includes('lora_B')) values.forEach((_, i) => { values[i] = 0.02 * (random.next() - 0.5) })
  const blank = () => new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]))
  const begin = (clip: TrainConfig['clip']) => model.beginTraining(trainingSetup({ ...config, clip }), { step: 0, parameters, first: blank(), second: blank() })
  await begin(config.clip)

  const tasks = await tasksOfStep(config, 1, noDataSets)
  const trajectories = await playRollouts({ id: { run: 'r', batch: 1 }, tasks, k: config.k, policy: { kind: 'onnx', model: 'nano', source: null, adapter: null }, reward: config.reward.weights, seed: 7, settings: config.episode }, () => model, {})
  const { groups } = rolloutMeasures(trajectories, config, 1)
  const packed = packStep(trajectories, groups, config, model).packed
  // As if some updates had been made since: the clip binds on some tokens.
  for (const { ids, sampled } of packed.flatMap(({ sequences }) => sequences)) {
    const shaken = createRandom(ids.join())
    for (const token of sampled) token.oldLogp += 0.8 * (shaken.next() - 0.5)
  }

  const peft = writeAdapter(loaded.config, { lora, parameters }, nano)
  const base = modelFiles.map((path): ExportFile => ({ path, content: new Uint8Array(readFileSync(join(nano, path))) }))
  writeFiles(folder, trlFiles({ name: 'loss', config, tasks: await tasksOfRun(config, noDataSets), model: { name: 'nano', place: nano }, adapter: { step: 0, config: peft.config, model: peft.model }, goingOn: { model: base, moments: null, reference: null, history: null } }))
  const advantagesOf = (i: number) => {
    const { rollouts = [], advantages = [], zero_variance: idle = true } = groups[Math.floor(i / config.k)] ?? {}
    const own = credits[config.credit](rollouts.map((place, at) => ({ trajectory: trajectories[place] ?? { steps: [] }, advantage: advantages[at] ?? 0 })))
    return { advantages: own[i % config.k] ?? [], idle }
  }
  const rollouts = trajectories.map((trajectory, i) => ({
    task: { ...questionIn(trajectory.task), key_phrases: [] },
    said: trajectory.steps.flatMap(({ reply, asides }) => [reply, ...asides.map(({ generation }) => generation)].map(({ token_ids, text }) => ({ ids: token_ids ?? [], text }))),
    sequences: packed[i]?.sequences.map(({ ids, sampled }) => ({ ids, at: sampled.map(({ index }) => index), old: sampled.map(({ oldLogp }) => oldLogp), replies: repliesIn(sampled) })) ?? [],
    ...advantagesOf(i),
  }))
  const claims = claimed.map(({ aggregation, clip }) => ({ aggregation, grpo: trlConfig({ ...config, aggregation, clip }).grpo }))
  writeFileSync(join(folder, 'request.json'), JSON.stringify({ rollouts, claims }))
  await runPython(python, ['-W', 'ignore', join(import.meta.dirname, 'loss.py'), 'request.json', '.'], folder)
  const answer = mustFit(answerSchema, JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')))

  const wanted = rollouts.map(({ sequences }) => sequences.map(({ ids, replies }) => ({ ids, replies })))
  const count = wanted.reduce((sum, each) => sum + each.length, 0)
  const other = wanted.filter((each, i) => !sameData(each, answer.sequences[i]))
  check('the script makes of the recorded replies the sequences that are learnt from here', other.length === 0, `${count} sequences of ${wanted.length} rollouts, ${wanted.length - other.length} rollouts alike`)

  for (const [i, claim] of claimed.entries()) {
    const of: TrainConfig = { ...config, ...claim }
    await begin(claim.clip)
    const batch = packStep(trajectories, groups, of, model).batch
    const olds = new Map(packed.flatMap(({ sequences }) => sequences.map(({ ids, sampled }) => [ids.join(), sampled.map(({ oldLogp }) => oldLogp)] as const)))
    const shakenBatch = batch.sequences.map(({ ids, targets }) => ({ ids, targets: targets.map((target, at) => ({ ...target, oldLogp: olds.get(ids.join())?.[at] ?? NaN })) }))
    const { sums, gradient } = await model.gradient(await withReferenceOf(model, shakenBatch, of.beta), { learningRate: 1e-4, maxNorm: 1, beta: of.beta })
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(join(folder, `gradient-${i}.safetensors`))))
    const pairs = [...gradient].map(([name, mine]) => {
      const stored = tensors.get(name)
      const theirs = stored ? toFloat32(stored) : new Float32Array(0)
      return { name, mine, theirs, difference: mine.map((value, at) => value - (theirs[at] ?? NaN)) }
    })
    const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
    const most = (values: readonly number[]) => values.reduce((largest, each) => (each <= largest ? largest : each), 0)
    const length = (values: readonly Float32Array[]) => Math.sqrt(values.reduce((sum, each) => sum + norm(each) ** 2, 0))
    const whole = length(pairs.map(({ difference }) => difference)) / length(pairs.map(({ mine }) => mine))
    const worst = most(pairs.map(({ mine, difference }) => norm(difference) / norm(mine)))
    const element = most(pairs.map(({ difference }) => most([...difference].map(Math.abs)))) / most(pairs.map(({ mine }) => most([...mine].map(Math.abs))))
    const loss = answer.losses[i] ?? NaN
    const what = `${claim.aggregation}, ${claim.clip ? `clip ${claim.clip.low} and ${claim.clip.high} (binds on ${sums.clipped} of ${sums.tokens} tokens)` : 'no clip'}`
    check(`loss in ${answer.engine}, ${what}`, Math.abs(loss - sums.loss) <= tolerance.loss * Math.max(Math.abs(sums.loss), 0.01), `${loss.toPrecision(7)} there, ${sums.loss.toPrecision(7)} here`)
    check('and its gradient', whole <= tolerance.gradient && worst <= tolerance.gradient && gradient.size === tensors.size && gradient.size > 0, `as a whole within ${whole.toExponential(1)}, the worst of ${gradient.size} tensors ${worst.toExponential(1)}, the worst element ${element.toExponential(1)} of the largest`)
  }
  await model.dispose()
  await runtime.dispose()
}

/** Where each reply begins and ends, and its step. */
function repliesIn(sampled: readonly { index: number; step: number; call: number | null; token: number }[]): [number, number, number][] {
  const found: [number, number, number][] = []
  for (const { index, step, token } of sampled) {
    const last = found.at(-1)
    if (token === 0 || !last) found.push([index, index + 1, step])
    else last[1] = index + 1
  }
  return found
}
