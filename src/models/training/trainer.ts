// Optimizer steps on a device: micro-batches with gradient accumulation, then AdamW. Holds what is trained and the
// optimizer's state where the device keeps it; never writes base weights.
import { packSequences, type BatchingOptions, type SharedMicroBatch } from '../../core/training/micro-batches.ts'
import type { TrainSequence } from '../../core/policy/sequence.ts'
import { reportOf } from '../../core/training/shards.ts'
import type { AdapterState, Applied, GradientShard, UpdateReport, UpdateSettings, UpdateSums } from '../../core/policy/trainable.ts'
import { adamWProgram, adamWScalars, stateNames, type AdamWOptions } from '../../nn/training/adamw.ts'
import { gradientProgram, scoreProgram, sumName, trainableShapes, type GradientOptions, type MicroBatchShape } from '../../nn/training/gradient-program.ts'
import { pieceCount } from '../../nn/training/head.ts'
import { blockCount, named, sizesOfMicroBatch, type Cuts } from '../../nn/training/token-layout.ts'
import type { Program } from '../../nn/program.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import { isOnDevice, read, readFloats, type HostTensor, type LoadedProgram, type Runtime, type Value, type Values } from '../../runtime/runtime.ts'
import { keptPrograms, loadedBytes } from '../../nn/memory-estimate.ts'
import { batchArrays, type BatchArrays } from './batching.ts'
import { backThroughLayers, throughLayers } from './layer-chain.ts'
import { planStep, type PlannedMicroBatch, type Room } from './learning-plan.ts'

export interface TrainerOptions extends Pick<GradientOptions, 'loss' | 'trainable' | 'lora' | 'weights' | 'recompute'> {
  adamW: AdamWOptions
  batching: BatchingOptions
  /** Bytes of loaded programs that are kept at once, the estimate of each; the one in use is always. */
  keptBytes?: number
  /** Bytes that a step may take beside what is there already; more is refused. Left out: nothing is. */
  room?: Room
}

type BaseValues = Readonly<Values> | (() => Promise<Readonly<Values>>)

/** How a micro-batch is run. */
interface Cut {
  /** What programs with the loss are called, behind what they do; and those of a layer. */
  name: string
  ofLayer: string
  shape: MicroBatchShape
  cuts: Cuts | null
  /** So many layers, from the first on, are run one by one. */
  chained: number
  /** So many are computed twice within the program. */
  recompute: number
}

const floats = (data: Float32Array, shape: readonly number[]): HostTensor => ({ dtype: 'float32', shape, data })

function free(value: Value | undefined): void {
  if (value && isOnDevice(value)) value.dispose()
}

/** Loaded programs by name, the least recently used ones freed when they are too much together. */
class ProgramCache {
  readonly #programs = new Map<string, Promise<LoadedProgram>>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  async get(name: string, load: () => Promise<LoadedProgram>): Promise<LoadedProgram> {
    const known = this.#programs.get(name)
    this.#programs.delete(name)
    const loading = known ?? load()
    this.#programs.set(name, loading)
    try {
      const loaded = await loading
      if (!known) await this.#free()
      return loaded
    } catch (error) {
      this.#programs.delete(name)
      throw error
    }
  }

  async #free(): Promise<void> {
    const sizes = new Map<string, number>()
    for (const [name, loading] of this.#programs) sizes.set(name, loadedBytes((await loading).program))
    let total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    for (const [name, size] of sizes) {
      // The newest stays, whatever it takes.
      if (total <= this.#limit || this.#programs.size === 1) break
      const oldest = this.#programs.get(name)
      this.#programs.delete(name)
      await (await oldest)?.dispose()
      total -= size
    }
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await (await program).dispose()
    this.#programs.clear()
  }
}

export class Trainer {
  readonly #runtime: Runtime
  readonly #config: ModelConfig
  readonly #options: TrainerOptions
  readonly #base: BaseValues
  readonly #shapes: Map<string, readonly number[]>
  readonly #programs: ProgramCache
  readonly #optimizer: LoadedProgram
  #zeros: Values
  #parameters: Values = {}
  #first: Values = {}
  #second: Values = {}
  #step = 0

  private constructor(runtime: Runtime, config: ModelConfig, options: TrainerOptions, base: BaseValues, optimizer: LoadedProgram) {
    this.#runtime = runtime
    this.#config = config
    this.#options = options
    this.#base = base
    this.#shapes = trainableShapes(config, options)
    this.#programs = new ProgramCache(options.keptBytes ?? keptPrograms)
    this.#optimizer = optimizer
    this.#zeros = {}
  }

  /**
   * @param base base weights by the layout's names, on the device or not; lent for the trainer's life, or asked for again
   *   whenever they are needed
   * @param initial what is trained, by name; copied. For an adapter, A random and B zero.
   */
  static async create(
    runtime: Runtime,
    config: ModelConfig,
    options: TrainerOptions,
    base: BaseValues,
    initial: ReadonlyMap<string, Float32Array>,
  ): Promise<Trainer> {
    const program = adamWProgram('adamw', trainableShapes(config, options), options.adamW)
    // Thousands of sums and products in a row: nothing to be made better, and seconds to find that out.
    const optimizer = await runtime.load(program, { keep: (output) => output !== 'grad_norm', asItIs: true })
    const trainer = new Trainer(runtime, config, options, base, optimizer)
    const blank = () => new Map([...trainer.#shapes].map(([name, shape]) => [name, new Float32Array(shape.reduce((n, dim) => n * dim, 1))]))
    trainer.#zeros = await trainer.#upload(blank())
    await trainer.restore({ step: 0, parameters: new Map(initial), first: blank(), second: blank() })
    return trainer
  }

  /** What is trained, as the device holds it: to be fed to a decoder. Valid until the next step. */
  get parameters(): Readonly<Values> {
    return this.#parameters
  }

  /** A copy of everything that a later run needs to go on as if nothing had happened. */
  async state(): Promise<AdapterState> {
    const copy = async (values: Readonly<Values>) => {
      const out = new Map<string, Float32Array>()
      for (const name of this.#shapes.keys()) {
        const data = await read(values[name], name)
        if (data instanceof Float32Array) out.set(name, data.slice())
      }
      return out
    }
    return { step: this.#step, parameters: await copy(this.#parameters), first: await copy(this.#first), second: await copy(this.#second) }
  }

  /** Puts a saved state in place. @throws Error naming a tensor that is missing or has the wrong size */
  async restore(state: AdapterState): Promise<void> {
    const [parameters, first, second] = [await this.#upload(state.parameters), await this.#upload(state.first), await this.#upload(state.second)]
    for (const values of [this.#parameters, this.#first, this.#second]) Object.values(values).forEach(free)
    this.#parameters = parameters
    this.#first = first
    this.#second = second
    this.#step = state.step
  }

  async #upload(tensors: ReadonlyMap<string, Float32Array>): Promise<Values> {
    const values: Values = {}
    for (const [name, shape] of this.#shapes) {
      const data = tensors.get(name)
      const size = shape.reduce((n, dim) => n * dim, 1)
      if (data?.length !== size) throw new Error(`${name} needs ${size} values, not ${data?.length ?? 0}.`)
      values[name] = await this.#runtime.upload(floats(data.slice(), shape))
    }
    return values
  }

  /**
   * The micro-batches of these sequences. On a CPU a program takes any sizes, and none of them is padded; on a GPU every
   * shape is compiled, so that few are better.
   */
  #pack(sequences: readonly TrainSequence[]): PlannedMicroBatch[] {
    const { batching, lora, recompute, room } = this.#options
    if (!this.#takesAnySize || !lora) return packSequences(sequences, batching).map((micro) => ({ ...micro, prefix: 0, recompute }))
    const planned = planStep(sequences, batching, this.#config, lora, room ?? { limit: Infinity, taken: 0, copies: false })
    return recompute > 0 ? planned.map((micro) => ({ ...micro, recompute })) : planned
  }

  async #weights(): Promise<Readonly<Values>> {
    return typeof this.#base === 'function' ? this.#base() : this.#base
  }

  get #takesAnySize(): boolean {
    return this.#runtime.device !== 'webgpu' && this.#options.trainable === 'lora'
  }

  /** The sizes that programs for this micro-batch are built with, what they are called, and how many layers go before one by one. */
  #shapeOf(micro: PlannedMicroBatch): Cut {
    const { batch, length, prefix, positions, recompute } = micro
    if (!this.#takesAnySize) {
      const name = ` ${batch}×${length}, ${positions}`
      return { name: `${recompute > 0 ? `, ${recompute} layers twice` : ''}${name}`, ofLayer: name, shape: { batch, length, prefix, positions }, cuts: null, chained: 0, recompute }
    }
    const cuts = { own: blockCount(length), shared: blockCount(prefix), pieces: pieceCount(positions, this.#config.vocabSize) }
    const open = { cuts, capacity: Math.max(...this.#options.batching.lengths) }
    // The last layer is always with the loss: what happens in it is needed at once.
    const chained = Math.min(recompute, this.#config.layers - 1)
    const shape = { ...named, prefix: prefix === 0 ? 0 : named.prefix, open, from: chained }
    const ofLayer = `${prefix === 0 ? '' : ', shared'} ${cuts.own}·${cuts.shared}`
    return { name: `${chained > 0 ? `, from layer ${chained}` : ''}${ofLayer}·${cuts.pieces}`, ofLayer, shape, cuts, chained, recompute: 0 }
  }

  /** How the layers before the loss are run one by one. */
  #chain({ ofLayer, shape, cuts }: Cut, micro: SharedMicroBatch, model: Readonly<Values>) {
    const setting = {
      config: this.#config,
      weights: this.#options.weights,
      loaded: (name: string, build: () => Program) => this.#programs.get(name, () => this.#runtime.load(build())),
    }
    const sizes = (program: Program): Values => (cuts ? sizesOfMicroBatch(program, micro, cuts) : {})
    return [setting, { name: ofLayer, shape, sizes, model }] as const
  }

  #batchFeeds(arrays: BatchArrays, micro: SharedMicroBatch, program: Program, { cuts }: Cut): Values {
    const { batch, length, prefix, positions } = micro
    return {
      ids: { dtype: 'int32', shape: prefix === 0 ? [batch, length] : [prefix + batch * length], data: arrays.ids },
      at: { dtype: 'int32', shape: [positions], data: arrays.at },
      labels: { dtype: 'int32', shape: [positions], data: arrays.labels },
      ...(cuts ? sizesOfMicroBatch(program, micro, cuts) : {}),
    }
  }

  /**
   * log π_θ of every target, sequence by sequence.
   * @param base score the base model: the adapter is left out
   * @param parameters what is trained, as it is to be scored; as it is now when left out
   */
  async score(sequences: readonly TrainSequence[], base = false, parameters: Readonly<Values> = this.#parameters): Promise<Float32Array[]> {
    const results = sequences.map(({ targets }) => new Float32Array(targets.length))
    const lora = base ? null : this.#options.lora
    const weights = await this.#weights()
    for (const micro of this.#pack(sequences)) {
      const cut = this.#shapeOf(micro)
      const name = `${base ? 'score base' : 'score'}${cut.name}`
      const arrays = batchArrays(sequences, micro)
      const model = { ...weights, ...parameters }
      const hidden = cut.chained > 0 ? (await throughLayers(...this.#chain(cut, micro, model), lora, cut.chained, arrays.ids)).at(-1) : undefined
      const program = await this.#programs.get(name, () =>
        this.#runtime.load(scoreProgram(name, this.#config, { ...cut.shape, lora, weights: this.#options.weights, entropy: false })),
      )
      const values = await program.run({ ...this.#batchFeeds(arrays, micro, program.program, cut), ...model, ...(hidden ? { hidden } : {}) })
      const logps = await readFloats(values, 'logps')
      let k = 0
      for (const member of micro.members) {
        const row = results[member]
        if (!row) continue
        row.set(logps.subarray(k, k + row.length))
        k += row.length
      }
    }
    return results
  }

  /** One optimizer step on all sequences together; between micro-batches the gradient stays on the device. */
  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    const { sums, gradients } = await this.#accumulated(sequences, settings)
    if (sums.tokens === 0) throw new RangeError('No token carries loss: there is nothing to learn from.')
    const applied = await this.#apply(gradients, sums.loss, settings)
    return { ...reportOf(sums), ...applied }
  }

  /** The gradient of these sequences' part of the loss, as a copy. */
  async gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShard> {
    const { sums, gradients } = await this.#accumulated(sequences, settings)
    const gradient = new Map<string, Float32Array>()
    for (const name of this.#shapes.keys()) gradient.set(name, (await readFloats(gradients, name)).slice())
    if (gradients !== this.#zeros) Object.values(gradients).forEach(free)
    return { sums, gradient }
  }

  /** The optimizer step with a gradient that was added up elsewhere. @throws Error naming a tensor that is missing or has the wrong size */
  async apply({ sums, gradient }: GradientShard, settings: UpdateSettings): Promise<Applied> {
    return this.#apply(await this.#upload(gradient), sums.loss, settings)
  }

  async #accumulated(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<{ sums: UpdateSums; gradients: Values }> {
    const sums = { loss: 0, policy: 0, kl: 0, clipped: 0, entropy: 0, ratio: 0, tokens: 0, padded: 0 }
    let gradients: Values = this.#zeros
    for (const micro of this.#pack(sequences)) {
      gradients = await this.#accumulate(sequences, micro, settings, gradients, sums)
    }
    return { sums, gradients }
  }

  async #accumulate(sequences: readonly TrainSequence[], micro: PlannedMicroBatch, settings: UpdateSettings, gradients: Values, sums: UpdateSums): Promise<Values> {
    const { loss, trainable, lora, weights } = this.#options
    const cut = this.#shapeOf(micro)
    const name = `gradient${cut.name}`
    const arrays = batchArrays(sequences, micro)
    const model = { ...(await this.#weights()), ...this.#parameters }
    const chain = this.#chain(cut, micro, model)
    const hidden = cut.chained > 0 ? await throughLayers(...chain, lora, cut.chained, arrays.ids) : []
    const program = await this.#programs.get(name, () =>
      this.#runtime.load(gradientProgram(name, this.#config, { ...cut.shape, loss, trainable, lora, weights, recompute: cut.recompute, entropy: true }), {
        keep: (output) => output.startsWith('next/'),
      }),
    )
    const column = [micro.positions]
    const feeds: Values = { ...this.#batchFeeds(arrays, micro, program.program, cut), weights: floats(arrays.weights, column), ...model }
    const last = hidden.at(-1)
    if (last) feeds['hidden'] = last
    if (loss.kind === 'grpo') {
      feeds['old_logps'] = floats(arrays.oldLogps, column)
      feeds['ref_logps'] = floats(arrays.refLogps, column)
      feeds['advantages'] = floats(arrays.advantages, column)
      feeds['beta'] = floats(Float32Array.of(settings.beta), [1])
    }
    for (const parameter of this.#shapes.keys()) {
      const sum = gradients[parameter]
      if (sum) feeds[sumName(parameter)] = sum
    }
    const values = await program.run(feeds)
    sums.loss += (await readFloats(values, 'loss'))[0] ?? NaN
    sums.padded += micro.prefix + micro.batch * micro.length
    const perToken = async (output: string) => (output in values ? readFloats(values, output) : new Float32Array(micro.positions))
    const [policy, kl, clipped, entropy, ratio] = [await perToken('policy'), await perToken('kl'), await perToken('clipped'), await perToken('entropy'), await perToken('ratio')]
    const count = micro.members.reduce((n, member) => n + (sequences[member]?.targets.length ?? 0), 0)
    for (let k = 0; k < count; k++) {
      sums.policy += policy[k] ?? 0
      sums.kl += kl[k] ?? 0
      sums.clipped += clipped[k] ?? 0
      sums.entropy += entropy[k] ?? 0
      sums.ratio += ratio[k] ?? 0
    }
    sums.tokens += count
    const next: Values = {}
    if (last && lora) {
      const gradient = floats(await readFloats(values, 'gradient/hidden'), last.shape)
      Object.assign(next, await backThroughLayers(...chain, lora, hidden, gradient, gradients))
    }
    for (const parameter of this.#shapes.keys()) {
      const value = values[`next/${sumName(parameter)}`]
      if (value) next[parameter] = value
      if (gradients !== this.#zeros) free(gradients[parameter])
    }
    return next
  }

  async #apply(gradients: Values, loss: number, { learningRate, maxNorm }: UpdateSettings): Promise<Applied> {
    const scalars = adamWScalars(this.#options.adamW, this.#step + 1, learningRate, maxNorm)
    const feeds: Values = Object.fromEntries(Object.entries(scalars).map(([name, data]) => [name, floats(data, [1])]))
    for (const parameter of this.#shapes.keys()) {
      const names = stateNames(parameter)
      const [value, gradient, first, second] = [this.#parameters[parameter], gradients[parameter], this.#first[parameter], this.#second[parameter]]
      if (!value || !gradient || !first || !second) throw new Error(`The trainer lost ${parameter}.`)
      Object.assign(feeds, { [names.parameter]: value, [names.gradient]: gradient, [names.first]: first, [names.second]: second })
    }
    const values = await this.#optimizer.run(feeds)
    const norm = (await readFloats(values, 'grad_norm'))[0] ?? NaN
    Object.values(gradients).forEach(free)
    const applied = Number.isFinite(norm) && Number.isFinite(loss)
    for (const parameter of this.#shapes.keys()) {
      const names = stateNames(parameter)
      for (const [kept, name] of [[this.#parameters, names.parameter], [this.#first, names.first], [this.#second, names.second]] as const) {
        const next = values[`next/${name}`]
        if (!next) throw new Error(`The optimizer gives no ${name}.`)
        // After a step that is not finite the old values stand.
        free(applied ? kept[parameter] : next)
        if (applied) kept[parameter] = next
      }
    }
    if (applied) this.#step++
    return { grad_norm: norm, applied }
  }

  /** Frees programs and what the trainer holds on the device; base weights are the caller's. */
  async dispose(): Promise<void> {
    await this.#programs.dispose()
    await this.#optimizer.dispose()
    for (const values of [this.#parameters, this.#first, this.#second, this.#zeros]) Object.values(values).forEach(free)
  }
}
