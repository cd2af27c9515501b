// Adapters merged into weights on the graphics card by src/live, against the same in 64 bits: each architecture's layout and
// each type, small shapes. Weights lie in buffers as WebLLM's do; all that is allocated meanwhile is counted.
import { messageOf } from '../../src/core/error-message.ts'
import { WebLlmError } from '../../src/core/policy/webllm.ts'
import { createRandom } from '../../src/core/random.ts'
import { layoutOf, type LiveLayout, type LiveParameter } from '../../src/live/layout.ts'
import { keptBytes, LiveWeights } from '../../src/live/live-weights.ts'
import { projections, readModelConfig, type ModelConfig } from '../../src/nn/transformer/config.ts'
import { loraNames, loraShapes, weightInputs, type LoraConfig } from '../../src/nn/transformer/weights.ts'
import type { HarnessReply, LossReport, MergeReport } from './messages.ts'

const usage = 0x80 | 0x04 | 0x08
const readUsage = 0x01 | 0x08

/** What a sum in 32 bits may be off before it is rounded to its type, of numbers around 1. */
const ofSums = 4e-8

const sizeIn = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** The value of a half, from its definition. */
function ofHalf(half: number): number {
  const [sign, exponent, mantissa] = [half & 0x8000 ? -1 : 1, (half >> 10) & 31, half & 1023]
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15))
}

/** Half of the unit in the last place that a value of this size has in the type. */
function halfUnit(value: number, type: 'float32' | 'float16'): number {
  const [digits, smallest] = type === 'float32' ? [23, -126] : [10, -14]
  return 2 ** (Math.max(smallest, Math.floor(Math.log2(Math.abs(value)))) - digits - 1)
}

/** A device that tells how many bytes of buffers are there. */
function counting(device: GPUDevice): () => number {
  let bytes = 0
  const create = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor)
    const destroy = buffer.destroy.bind(buffer)
    bytes += buffer.size
    buffer.destroy = () => {
      bytes -= buffer.size
      destroy()
    }
    return buffer
  }
  return () => bytes
}

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<Uint32Array> {
  const copy = device.createBuffer({ size: buffer.size, usage: readUsage })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await copy.mapAsync(0x01)
  const words = new Uint32Array(copy.getMappedRange().slice(0))
  copy.destroy()
  return words
}

function filled(device: GPUDevice, data: ArrayBufferView<ArrayBuffer>): GPUBuffer {
  const buffer = device.createBuffer({ size: Math.ceil(data.byteLength / 4) * 4, usage, mappedAtCreation: true })
  new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  buffer.unmap()
  return buffer
}

const valuesOf = (words: Uint32Array, type: 'float32' | 'float16', count: number): number[] =>
  type === 'float32' ? [...new Float32Array(words.buffer, 0, count)] : Array.from(new Uint16Array(words.buffer, 0, count), ofHalf)

/** The exact weight at a place of a stored matrix; null where the adapter changes nothing. */
function exactly(layout: LiveLayout, lora: LoraConfig, tensors: ReadonlyMap<string, Float32Array>, stored: string, before: readonly number[]): (number | null)[] {
  const exact: (number | null)[] = before.map(() => null)
  for (const { layer, projection, stored: holds, columns, row, rows } of layout.projections) {
    if (holds !== stored || !lora.targets.includes(projection)) continue
    const names = loraNames(layer, projection)
    const [a, b] = [tensors.get(names.a), tensors.get(names.b)]
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0
        for (let k = 0; k < lora.rank; k++) sum += (b?.[i * lora.rank + k] ?? NaN) * (a?.[k * columns + j] ?? NaN)
        const at = (row + i) * columns + j
        exact[at] = (before[at] ?? NaN) + (lora.alpha / lora.rank) * sum
      }
    }
  }
  return exact
}

async function merged(device: GPUDevice, bytes: () => number, config: ModelConfig, type: 'float32' | 'float16', lora: LoraConfig): Promise<MergeReport> {
  const random = createRandom(`${config.family} ${type}`)
  const buffers = new Map<string, GPUBuffer>()
  const parameters = [...weightInputs(config, 'mlc')].map(([name, shape]): LiveParameter => {
    const mlc = config.family === 'llama' ? name : name.replace('self_attn.qkv_proj', 'self_attn.c_attn')
    // Halves of every size: some are subnormal, and some round up into the next power of two.
    const data = type === 'float32' ? Float32Array.from({ length: sizeIn(shape) }, () => random.next() - 0.5) : Uint16Array.from({ length: sizeIn(shape) }, () => (random.int(2) << 15) | random.int(0x3c00))
    const buffer = filled(device, data)
    buffers.set(name, buffer)
    return { name: mlc, shape, dtype: type, buffer: () => buffer }
  })
  const tensors = new Map([...loraShapes(config, lora)].map(([name, shape]) => [name, Float32Array.from({ length: sizeIn(shape) }, () => 0.2 * (random.next() - 0.5))]))
  const adapter = new Map([...tensors].map(([name, data]) => [name, filled(device, data)]))
  const layout = layoutOf(parameters, config)
  const weights = new LiveWeights(device, layout)
  const before = new Map<string, Uint32Array>()
  for (const [name, buffer] of buffers) before.set(name, await read(device, buffer))
  const alone = bytes()
  await weights.keep(lora.targets)
  const tensor = (name: string) => {
    const found = adapter.get(name)
    if (!found) throw new Error(`There is no ${name}.`)
    return found
  }
  await weights.sync(lora, tensor)
  // Once more from the same base: nothing adds up.
  await weights.sync(lora, tensor)
  const counted = bytes() - alone
  const report: MergeReport = {
    what: `${config.family} ${type} ${lora.targets.join(' ')}`,
    error: { relative: 0, halfUnits: 0 },
    ...{ adapted: 0, changed: 0, disturbed: 0, left: 0 },
    kept: { foretold: keptBytes(layout, lora.targets), counted, after: 0 },
  }
  for (const [name, buffer] of buffers) {
    const words = before.get(name) ?? new Uint32Array(0)
    const count = sizeIn(weightInputs(config, 'mlc').get(name) ?? [])
    const [was, is] = [valuesOf(words, type, count), valuesOf(await read(device, buffer), type, count)]
    for (const [i, exact] of exactly(layout, lora, tensors, name, was).entries()) {
      const value = is[i] ?? NaN
      if (exact === null) {
        if (!Object.is(value, was[i])) report.disturbed++
        continue
      }
      report.adapted++
      if (value !== was[i]) report.changed++
      const error = Math.abs(value - exact)
      report.error.relative = Math.max(report.error.relative, error / Math.max(1, Math.abs(exact)))
      report.error.halfUnits = Math.max(report.error.halfUnits, (error - ofSums * Math.max(1, Math.abs(exact))) / halfUnit(exact, type))
    }
  }
  await weights.release()
  report.kept.after = bytes() - alone
  for (const [name, buffer] of buffers) {
    const words = await read(device, buffer)
    report.left += words.filter((word, i) => word !== before.get(name)?.[i]).length
  }
  for (const buffer of [...buffers.values(), ...adapter.values()]) buffer.destroy()
  return report
}

/** A card of its own that is lost with its submission of that number. */
async function lost(at: number): Promise<LossReport> {
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter?.requestDevice()
  if (!device) throw new Error('There is no WebGPU here.')
  const config = readModelConfig({ model_type: 'llama', hidden_size: 24, num_hidden_layers: 1, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 8, intermediate_size: 40, vocab_size: 11, tie_word_embeddings: true, max_position_embeddings: 64, rms_norm_eps: 1e-6 })
  const parameters = [...weightInputs(config, 'mlc')].map(([name, shape]): LiveParameter => {
    const buffer = filled(device, new Float32Array(sizeIn(shape)).fill(0.5))
    return { name, shape, dtype: 'float32', buffer: () => buffer }
  })
  const lora: LoraConfig = { rank: 2, alpha: 2, targets: ['q_proj', 'down_proj'] }
  const tensors = new Map([...loraShapes(config, lora)].map(([name, shape]) => [name, filled(device, new Float32Array(sizeIn(shape)).fill(0.25))]))
  const tensor = (name: string) => {
    const found = tensors.get(name)
    if (!found) throw new Error(`There is no ${name}.`)
    return found
  }
  const weights = new LiveWeights(device, layoutOf(parameters, config))
  let submitted = 0
  const submit = device.queue.submit.bind(device.queue)
  device.queue.submit = (commands) => {
    submit(commands)
    if (++submitted === at) device.destroy()
  }
  const said: string[] = []
  for (const work of [() => weights.keep(lora.targets), () => weights.sync(lora, tensor), () => weights.sync(lora, tensor), () => weights.release()]) {
    said.push(await work().then(() => 'done', (error: unknown) => (error instanceof WebLlmError ? error.problem.kind : error instanceof Error ? error.name : 'unknown')))
  }
  device.destroy()
  return { at, said, whole: weights.whole }
}

async function all(): Promise<MergeReport[]> {
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter?.requestDevice()
  if (!device) throw new Error('There is no WebGPU here.')
  const problems: string[] = []
  device.addEventListener('uncapturederror', ({ error }) => problems.push(error.message))
  const bytes = counting(device)
  const reports: MergeReport[] = []
  for (const family of ['llama', 'qwen2', 'qwen3']) {
    const config = readModelConfig({ model_type: family, hidden_size: 24, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 8, intermediate_size: 40, vocab_size: 11, tie_word_embeddings: family !== 'llama', max_position_embeddings: 64, rms_norm_eps: 1e-6 })
    for (const type of ['float32', 'float16'] as const) {
      for (const targets of [projections, ['k_proj', 'up_proj'] as const]) reports.push(await merged(device, bytes, config, type, { rank: 3, alpha: 5, targets }))
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return reports
}

const send = (reply: HarnessReply) => { postMessage(reply) }
addEventListener('message', () => {
  const both = async (): Promise<HarnessReply> => {
    const merged = await all()
    const losses: LossReport[] = []
    for (let at = 1; at <= 5; at++) losses.push(await lost(at))
    return { merged, losses }
  }
  both().then(send, (error: unknown) => { send({ error: messageOf(error) }) })
})
