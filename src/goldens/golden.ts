// Computes everything that a golden.json records, on any device, and compares: the proof that our programs are the
// models, losses, gradients and optimizer that they claim to be. Knows nothing of files or of who shows the result.
import { adamWProgram, adamWScalars, stateNames, type AdamWOptions } from '../nn/training/adamw.ts'
import { gradientProgram, scoreProgram, sumName, trainableShapes, type GradientOptions } from '../nn/training/gradient-program.ts'
import { parameterShapes, readModelConfig, type ModelConfig } from '../nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import { isOnDevice, readFloats, type LoadedProgram, type Runtime, type Value, type Values } from '../runtime/runtime.ts'
import { actionTokens, batchFeeds, everyPosition, floats, paddedLength, type ActionToken } from './golden-batch.ts'
import { comparing, norm, type Comparison } from './golden-compare.ts'
import { compareGeneration } from './golden-generation.ts'
import { adapterTensors, readGolden, type Aggregation, type Golden, type GoldenStatistics } from './golden-file.ts'
import { readSafetensors, toFloat32 } from '../models/files/safetensors.ts'
import { backThroughLayers, throughLayers } from '../models/training/layer-chain.ts'
import type { Program } from '../nn/program.ts'

export interface GoldenFiles {
  /** Parsed config.json. */
  config: unknown
  /** Parsed golden.json. */
  golden: unknown
  /** model.safetensors. */
  model: Uint8Array
}

/** Relative; of the recorded numbers' README. */
const tolerances = { value: 1e-4, gradient: 1e-3, trace: 1e-3, final: 1e-2, sameSum: 1e-5 }
const weightOptions = { layout: 'huggingface', dtype: 'float32' } as const

interface Setting {
  runtime: Runtime
  config: ModelConfig
  golden: Golden
  lora: LoraConfig
  /** Weights as the file has them, and on the device. */
  values: (name: string) => Float32Array
  weights: Values
  rows: Comparison[]
}

/**
 * all: everything that is recorded. once: each number once, and not again with recomputation and in micro-batches, which
 * come to the same by the same operators; for a device that is emulated, where each program is compiled for many seconds.
 */
export type Extent = 'all' | 'once'

/**
 * All comparisons, part by part.
 * @throws ModelConfigError, GoldenFileError, SafetensorsError when a file is not what it should be
 * @throws RuntimeError when the device cannot do it
 */
export async function compareGolden(runtime: Runtime, files: GoldenFiles, extent: Extent = 'all'): Promise<Comparison[]> {
  const config = readModelConfig(files.config)
  const golden = readGolden(files.golden)
  const { tensors } = readSafetensors(files.model)
  const lora = { rank: golden.lora.r, alpha: golden.lora.alpha, targets: golden.lora.targets }
  const weights: Values = {}
  const values = (name: string) => {
    const stored = tensors.get(name)
    if (!stored) throw new Error(`model.safetensors has no tensor ${name}.`)
    return toFloat32(stored)
  }
  const setting: Setting = { runtime, config, golden, lora, values, weights, rows: [] }
  try {
    for (const [name, shape] of parameterShapes(config)) weights[name] = await runtime.upload(floats(values(name), shape))
    await compareBase(setting)
    await compareAdapter(setting)
    await compareLosses(setting, extent)
    await compareSupervised(setting, extent)
  } finally {
    free(weights)
  }
  return setting.rows
}

function free(values: Readonly<Values>): void {
  for (const value of Object.values(values)) if (isOnDevice(value)) value.dispose()
}

const isAccumulated = (name: string) => name.startsWith('next/')

function adapterFeeds({ config, lora }: Setting, tensors: ReadonlyMap<string, Float32Array>): Values {
  const shapes = trainableShapes(config, { trainable: 'lora', lora, weights: weightOptions })
  return Object.fromEntries(
    [...shapes].map(([name, shape]) => {
      const data = tensors.get(name)
      if (!data) throw new Error(`golden.json has no adapter tensor ${name}.`)
      return [name, floats(data, shape)]
    }),
  )
}

/** Log-probabilities [b][t] of the tokens that follow, without the padding, from all B·N positions. */
function followed(golden: Golden, logps: ArrayLike<number>): number[] {
  const length = paddedLength(golden)
  return golden.lengths.flatMap((end, row) => Array.from({ length: end - 1 }, (_, t) => logps[row * length + t] ?? NaN))
}

function recorded(golden: Golden, logps: readonly (readonly number[])[]): number[] {
  return golden.lengths.flatMap((end, row) => (logps[row] ?? []).slice(0, end - 1))
}

async function loadScore({ runtime, config, golden }: Setting, lora: LoraConfig | null): Promise<LoadedProgram> {
  const [batch, length] = [golden.input_ids.length, paddedLength(golden)]
  const shape = { batch, length, positions: batch * length }
  return runtime.load(scoreProgram('score', config, { ...shape, lora, weights: weightOptions, entropy: false, logits: true }))
}

async function compareScores({ golden, rows }: Setting, part: 'base' | 'adapter', results: Readonly<Values>): Promise<void> {
  const logits = part === 'base' ? golden.base_logits_row0 : golden.lora_logits_row0
  const flat = logits.slice(0, golden.lengths[0]).flat()
  const logps = part === 'base' ? golden.base_logps : golden.lora_logps
  comparing('logits', rows).close(part, (await readFloats(results, 'logits')).subarray(0, flat.length), flat, tolerances.value)
  comparing('log-probabilities', rows).close(part, followed(golden, await readFloats(results, 'logps')), recorded(golden, logps), tolerances.value)
}

async function compareBase(setting: Setting): Promise<void> {
  const program = await loadScore(setting, null)
  await compareScores(setting, 'base', await program.run({ ...setting.weights, ...everyPosition(setting.golden.input_ids) }))
  await program.dispose()
}

/** With the adapter: recorded sequences scored, and new ones generated. */
async function compareAdapter(setting: Setting): Promise<void> {
  const { golden, rows } = setting
  const program = await loadScore(setting, setting.lora)
  const adapter = adapterFeeds(setting, adapterTensors(golden.lora.init))
  const weights = { ...setting.weights, ...adapter }
  await compareScores(setting, 'adapter', await program.run({ ...weights, ...everyPosition(golden.input_ids) }))
  const score = async (ids: readonly (readonly number[])[]) => readFloats(await program.run({ ...weights, ...everyPosition(ids) }), 'logps')
  await compareGeneration({ ...setting, weights, adapter, ids: golden.input_ids, score }, tolerances.value, rows)
  await program.dispose()
}

interface Step {
  statistics: Omit<GoldenStatistics, 'grad_norm'>
  /** Σ of the micro-batches' gradients, still on the device. */
  sums: Values
}

/** One accumulation over the whole batch, in micro-batches of `size` sequences. */
async function accumulate(setting: Setting, program: Pick<LoadedProgram, 'run'>, adapter: Readonly<Values>, tokens: readonly ActionToken[], size: number, positions: number): Promise<Step> {
  const { golden, weights } = setting
  const names = Object.keys(adapter)
  let sums: Values = Object.fromEntries(Object.entries(adapter).map(([name, { shape }]) => [sumName(name), zeros(shape)]))
  const totals = { loss: 0, policy_loss: 0, kl: 0, clip_fraction: 0, entropy: 0, mean_ratio: 0 }
  for (let row = 0; row < golden.input_ids.length; row += size) {
    const inside = Array.from({ length: size }, (_, i) => row + i)
    const feeds = batchFeeds(golden, inside, tokens, positions)
    const results = await program.run({ ...weights, ...adapter, ...sums, ...feeds, beta: floats(Float32Array.of(golden.beta)) })
    free(sums)
    sums = Object.fromEntries(names.map((name) => [sumName(name), valueOf(results, `next/${sumName(name)}`)]))
    const here = tokens.filter((token) => inside.includes(token.row))
    const mean = async (output: string) => {
      const values = await readFloats(results, output)
      return here.reduce((sum, _, i) => sum + (values[i] ?? NaN), 0) / tokens.length
    }
    const policy = await readFloats(results, 'policy')
    totals.loss += (await readFloats(results, 'loss'))[0] ?? NaN
    totals.policy_loss += here.reduce((sum, { weight }, i) => sum + weight * (policy[i] ?? NaN), 0)
    totals.kl += await mean('kl')
    totals.clip_fraction += await mean('clipped')
    totals.entropy += await mean('entropy')
    totals.mean_ratio += await mean('ratio')
  }
  return { statistics: totals, sums }
}

function zeros(shape: readonly number[]): Value {
  return floats(new Float32Array(shape.reduce((size, dim) => size * dim, 1)), shape)
}

function valueOf(values: Readonly<Values>, name: string): Value {
  const value = values[name]
  if (!value) throw new Error(`The program does not give ${name}.`)
  return value
}

async function loadGradient({ runtime, config, lora, golden }: Setting, name: string, changes: Partial<GradientOptions>): Promise<LoadedProgram> {
  const program = gradientProgram(name, config, {
    batch: golden.input_ids.length,
    length: paddedLength(golden),
    positions: actionTokens(golden, 'token_mean').length,
    loss: { kind: 'grpo', grpo: { clip: { low: golden.clip, high: golden.clip }, kl: 'k3' } },
    trainable: 'lora',
    lora,
    weights: weightOptions,
    recompute: 0,
    entropy: true,
    ...changes,
  })
  return runtime.load(program, { keep: isAccumulated })
}

/** All layers but the last as programs of their own, as a model is trained on a CPU that would not fit otherwise. */
async function loadChain(setting: Setting): Promise<Pick<LoadedProgram, 'run' | 'dispose'>> {
  const { runtime, config, lora, golden } = setting
  const from = config.layers - 1
  const last = await loadGradient(setting, 'grpo_last', { from })
  const programs: LoadedProgram[] = []
  const loaded = async (_: string, build: () => Program) => {
    const program = await runtime.load(build())
    programs.push(program)
    return program
  }
  const shape = { batch: golden.input_ids.length, length: paddedLength(golden) }
  return {
    async run(feeds) {
      const { ids } = feeds
      if (!ids || isOnDevice(ids) || !(ids.data instanceof Int32Array)) throw new Error('The ids are not in memory.')
      const chain = [{ config, weights: weightOptions, loaded }, { name: '', shape, sizes: () => ({}), model: feeds }] as const
      const hidden = await throughLayers(...chain, lora, from, ids.data)
      const output = hidden.at(-1)
      if (!output) throw new Error('There is no layer before the last.')
      const results = await last.run({ ...feeds, hidden: output })
      const sums = Object.fromEntries([...loraShapes(config, lora, 0, from).keys()].map((name) => [name, valueOf(feeds, sumName(name))]))
      const next = await backThroughLayers(...chain, lora, hidden, { ...output, data: await readFloats(results, 'gradient/hidden') }, sums)
      return { ...results, ...Object.fromEntries(Object.entries(next).map(([name, sum]) => [`next/${sumName(name)}`, sum])) }
    },
    async dispose() {
      for (const program of [last, ...programs]) await program.dispose()
    },
  }
}

function compareStatistics(setting: Setting, part: string, actual: GoldenStatistics, expected: GoldenStatistics, tolerance: number, gradient: number, prefix = ''): void {
  const compare = comparing(part, setting.rows)
  for (const name of ['loss', 'policy_loss', 'kl', 'clip_fraction', 'entropy', 'mean_ratio'] as const) {
    compare.near(`${prefix}${name}`, actual[name], expected[name], tolerance)
  }
  compare.near(`${prefix}grad_norm`, actual.grad_norm, expected.grad_norm, gradient)
}

const normOfAll = (tensors: ReadonlyMap<string, Float32Array>) => norm([...tensors.values()].map((tensor) => norm(tensor)))

/** Both aggregations; the same gradients with recomputation and in micro-batches of one; the optimizer's steps. */
async function compareLosses(setting: Setting, extent: Extent): Promise<void> {
  const { golden, rows } = setting
  const batch = golden.input_ids.length
  const adapter = adapterFeeds(setting, adapterTensors(golden.lora.init))
  const positions = actionTokens(golden, 'token_mean').length
  const whole = await loadGradient(setting, 'grpo', {})
  const reference = new Map<Aggregation, Map<string, Float32Array>>()

  const compareCase = async (part: string, aggregation: Aggregation, program: Pick<LoadedProgram, 'run'>, size: number, places: number) => {
    const { statistics, sums } = await accumulate(setting, program, adapter, actionTokens(golden, aggregation), size, places)
    const gradients = new Map<string, Float32Array>()
    for (const name of Object.keys(adapter)) gradients.set(name, await readFloats(sums, sumName(name)))
    free(sums)
    const expected = golden.cases[aggregation]
    compareStatistics(setting, `${part}: statistics`, { ...statistics, grad_norm: normOfAll(gradients) }, expected, tolerances.value, tolerances.gradient)
    const compare = comparing(`${part}: gradients`, rows)
    for (const [name, gradient] of adapterTensors(expected.grads)) compare.close(name, gradients.get(name) ?? [], gradient, tolerances.gradient)
    const known = reference.get(aggregation)
    const same = comparing(`${part}: against the whole batch`, rows)
    if (known) for (const [name, gradient] of known) same.close(name, gradients.get(name) ?? [], gradient, tolerances.sameSum)
    else reference.set(aggregation, gradients)
  }

  await compareCase('token_mean', 'token_mean', whole, batch, positions)
  await compareCase('sequence_mean_token_mean', 'sequence_mean_token_mean', whole, batch, positions)
  await compareOptimizer(setting, whole, adapter)
  await whole.dispose()
  if (extent === 'once') return

  const recompute = await loadGradient(setting, 'grpo_recompute', { recompute: setting.config.layers })
  await compareCase('recomputation', 'token_mean', recompute, batch, positions)
  await recompute.dispose()

  if (setting.runtime.device !== 'webgpu') {
    const chained = await loadChain(setting)
    await compareCase('layers one by one', 'token_mean', chained, batch, positions)
    await chained.dispose()
  }

  const places = Math.max(...golden.action_mask.map((mask) => mask.filter((sampled) => sampled === 1).length))
  const micro = await loadGradient(setting, 'grpo_micro', { batch: 1, positions: places })
  await compareCase('micro-batches', 'sequence_mean_token_mean', micro, 1, places)
  await micro.dispose()
}

/** The recorded steps of AdamW on token_mean: gradients, parameters and moments never leave the device. */
async function compareOptimizer(setting: Setting, gradient: LoadedProgram, init: Readonly<Values>): Promise<void> {
  const { runtime, golden, weights, rows } = setting
  const { lr, betas, eps, weight_decay, max_grad_norm } = golden.adamw.hyperparameters
  const options: AdamWOptions = { betas, epsilon: eps, weightDecay: weight_decay }
  const shapes = new Map(Object.entries(init).map(([name, { shape }]) => [name, shape]))
  const optimizer = await runtime.load(adamWProgram('adamw', shapes, options), { keep: isAccumulated })
  const tokens = actionTokens(golden, 'token_mean')
  const adapter: Values = { ...init }
  let moments: Values = {}
  for (const [name, shape] of shapes) Object.assign(moments, { [stateNames(name).first]: zeros(shape), [stateNames(name).second]: zeros(shape) })

  for (const [i, expected] of golden.adamw.trace.entries()) {
    const { statistics, sums } = await accumulate(setting, gradient, adapter, tokens, golden.input_ids.length, tokens.length)
    const feeds: Values = { ...moments }
    for (const [name, scalar] of Object.entries(adamWScalars(options, i + 1, lr, max_grad_norm))) feeds[name] = floats(scalar)
    for (const name of shapes.keys()) {
      feeds[stateNames(name).parameter] = valueOf(adapter, name)
      feeds[stateNames(name).gradient] = valueOf(sums, sumName(name))
    }
    const results = await optimizer.run(feeds)
    free(sums)
    free(moments)
    free(adapter)
    moments = {}
    for (const name of shapes.keys()) {
      const { parameter, first, second } = stateNames(name)
      adapter[name] = valueOf(results, `next/${parameter}`)
      for (const moment of [first, second]) moments[moment] = valueOf(results, `next/${moment}`)
    }
    const [grad_norm = NaN] = await readFloats(results, 'grad_norm')
    compareStatistics(setting, 'adamw: trace', { ...statistics, grad_norm }, expected, tolerances.trace, tolerances.trace, `step ${i + 1} `)
  }
  free(moments)
  await optimizer.dispose()

  const compare = comparing('adamw: final tensors', rows)
  const start = adapterTensors(golden.lora.init)
  for (const [name, final] of adapterTensors(golden.adamw.final)) {
    const moved = norm(final.map((value, i) => value - (start.get(name)?.[i] ?? NaN)))
    compare.close(name, await readFloats(adapter, name), final, tolerances.final, moved)
  }
  const score = await loadScore(setting, setting.lora)
  const results = await score.run({ ...weights, ...adapter, ...everyPosition(golden.input_ids) })
  comparing('adamw: final log-probabilities', rows).close('adapter', followed(golden, await readFloats(results, 'logps')), recorded(golden, golden.adamw.final_logps), tolerances.trace)
  await score.dispose()
  free(adapter)
}

/** Cross-entropy over the action tokens and the gradient of every parameter. */
async function compareSupervised(setting: Setting, extent: Extent): Promise<void> {
  const { golden, config, weights, rows } = setting
  const tokens = actionTokens(golden, 'token_mean')
  const { old_logps: _old, ref_logps: _ref, advantages: _advantages, ...feeds } = batchFeeds(golden, [...golden.input_ids.keys()], tokens, tokens.length)
  const blank = Object.fromEntries([...parameterShapes(config)].map(([name, shape]) => [sumName(name), zeros(shape)]))
  for (const recompute of extent === 'once' ? [0] : [0, config.layers]) {
    const program = await loadGradient(setting, recompute > 0 ? 'supervised_recompute' : 'supervised', {
      loss: { kind: 'cross-entropy' },
      trainable: 'all',
      lora: null,
      entropy: false,
      recompute,
    })
    const results = await program.run({ ...weights, ...blank, ...feeds })
    const gradients = new Map<string, Float32Array>()
    for (const name of parameterShapes(config).keys()) gradients.set(name, await readFloats(results, `next/${sumName(name)}`))
    const part = recompute > 0 ? 'supervised, recomputation' : 'supervised'
    const statistics = comparing(`${part}: statistics`, rows)
    statistics.near('loss', (await readFloats(results, 'loss'))[0] ?? NaN, golden.sft.loss, tolerances.value)
    statistics.near('grad_norm', normOfAll(gradients), golden.sft.grad_norm, tolerances.gradient)
    for (const [name, expected] of Object.entries(golden.sft.grad_l2)) {
      comparing(`${part}: gradient norms`, rows).close(name, [norm(gradients.get(name) ?? [NaN])], [expected], tolerances.gradient)
    }
    for (const [name, expected] of Object.entries(golden.sft.grads)) {
      comparing(`${part}: gradients`, rows).close(name, gradients.get(name) ?? [], expected.flat(), tolerances.gradient)
    }
    free(results)
    await program.dispose()
  }
}
