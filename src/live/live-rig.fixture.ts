// A live model over a card in memory: the real layout, LiveWeights, trainer and LiveModel, and as what plays, in WebLLM's place,
// an engine of ours that reads the very buffers that LiveWeights writes. It knows no adapter, and computes with what it read when
// it was last told to forget: so what it says under an adapter is what the merged weights say, once they are there.
import { createHash } from 'node:crypto'
import { LocalModel } from '../models/local-model.ts'
import type { LoadedModel } from '../models/files/load-model.ts'
import { modulePath, parameterShapes } from '../nn/transformer/config.ts'
import { fusedName, weightInputs } from '../nn/transformer/weights.ts'
import { isOnDevice, type Runtime, type Value } from '../runtime/runtime.ts'
import { CardDouble } from './card.fixture.ts'
import { layoutOf, type LiveParameter } from './layout.ts'
import { LiveModel, type Sampler } from './live-model.ts'
import { sharedWeights } from './shared-weights.ts'

function floatsOf(value: Value): Float32Array {
  if (isOnDevice(value) || !(value.data instanceof Float32Array)) throw new Error('It lies in no memory of floats.')
  return value.data
}

/** @param runtime on the CPU: its values lie in memory */
export function liveRig(model: LoadedModel, runtime: Runtime, { encoder, counter, window }: Pick<LocalModel, 'encoder' | 'counter' | 'window'>) {
  const { config, weights: base } = model
  const card = new CardDouble()
  const memory = new Map<string, Float32Array>()
  for (const [name, shape] of weightInputs(config, 'mlc')) memory.set(name, new Float32Array(shape.reduce((product, size) => product * size, 1)))
  const parameters = [...weightInputs(config, 'mlc')].map(([name, shape]): LiveParameter => {
    const buffer = card.over(memory.get(name) ?? new Float32Array(0), name)
    return { name, shape, dtype: 'float32', buffer: () => buffer }
  })
  const layout = layoutOf(parameters, config)
  const rows = new Map(layout.projections.map((placed) => [`${modulePath(placed.layer, placed.projection)}.weight`, placed]))
  /** The sampler's weights by Hugging Face's names, where they lie. */
  const seen = new Map([...parameterShapes(config).keys()].map((name): [string, Float32Array] => {
    const placed = rows.get(name)
    const whole = memory.get(fusedName(name) ?? name) ?? new Float32Array(0)
    return [name, placed ? whole.subarray(placed.row * placed.columns, (placed.row + placed.rows) * placed.columns) : whole]
  }))
  for (const [name, values] of base) seen.get(name)?.set(values)
  let player: Promise<LocalModel> | null = null
  const present = () => (player ??= LocalModel.create(runtime, 'sampler', { ...model, weights: new Map([...seen].map(([name, values]) => [name, values.slice()])) }))
  let forgotten = 0
  const sampler: Sampler = {
    name: 'sampler',
    open: (options) => {
      const stream = present().then((one) => one.open({ ...options, constrained: true }))
      return { serve: async (asked) => (await stream).serve(asked), close: async () => (await stream).close() }
    },
    inspect: async (...asked) => (await present()).inspect(...asked),
    async forget() {
      forgotten++
      const old = await player
      player = null
      await old?.dispose()
    },
  }
  const { weights, abandon } = sharedWeights(card.device, layout, {
    wrap: (buffer, dtype, shape) => ({ dtype, shape, data: new Float32Array(buffer.getMappedRange()) }),
    bufferOf: (value) => card.over(floatsOf(value)),
  })
  const live = new LiveModel({ name: 'tiny', config, window, sampler, weights, runtime, encoder, counter })
  return {
    card,
    live,
    weights,
    abandon,
    /** A digest of each of the sampler's weights as they are now, bit for bit. */
    now: () => Object.fromEntries([...seen].map(([name, values]) => [name, createHash('sha1').update(values).digest('hex')])),
    forgotten: () => forgotten,
    async dispose() {
      await live.endTraining()
      await (await player)?.dispose()
    },
  }
}
