// A model learns on the graphics card from buffers that another program reads, without WebLLM: tiny weights lie as MLC stacks them,
// src/live trains on them, and a program that knows no adapter reads them as WebLLM would. All that is allocated is counted.
import { messageOf } from '../../src/core/error-message.ts'
import type { TrainSequence } from '../../src/core/policy/sequence.ts'
import type { TrainingSetup } from '../../src/core/policy/trainable.ts'
import { createRandom } from '../../src/core/random.ts'
import { layoutOf, type LiveParameter } from '../../src/live/layout.ts'
import { LiveModel } from '../../src/live/live-model.ts'
import { sharedWeights } from '../../src/live/shared-weights.ts'
import { Trainer } from '../../src/models/training/trainer.ts'
import { projections, readModelConfig } from '../../src/nn/transformer/config.ts'
import { weightInputs } from '../../src/nn/transformer/weights.ts'
import type { Values } from '../../src/runtime/runtime.ts'
import { createWebGpuRuntime } from '../../src/runtime/webgpu.ts'
import { countCardBytes } from '../../src/webllm/card-bytes.ts'
import type { HarnessReply, LiveReport } from './messages.ts'

const usage = 0x80 | 0x04 | 0x08
const lora = { rank: 4, alpha: 8, targets: [...projections] }
const setup: TrainingSetup = {
  lora,
  loss: { kind: 'grpo', clip: null, kl: 'k3' },
  reference: null,
  adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 },
  batching: { tokens: 32, lengths: [16] },
  seed: 1,
}

async function learnt(): Promise<LiveReport> {
  const cardBytes = countCardBytes(GPUDevice.prototype, GPUBuffer.prototype)
  const adapter = await navigator.gpu.requestAdapter()
  // As WebLLM asks for one.
  const device = await adapter?.requestDevice({ requiredLimits: { maxStorageBuffersPerShaderStage: 10, maxComputeWorkgroupStorageSize: 32768, maxComputeInvocationsPerWorkgroup: 256 } })
  if (!device) throw new Error('There is no WebGPU here.')
  const problems: string[] = []
  device.addEventListener('uncapturederror', ({ error }) => problems.push(error.message))
  const config = readModelConfig({ model_type: 'qwen2', hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 48, vocab_size: 64, tie_word_embeddings: true, max_position_embeddings: 64, rms_norm_eps: 1e-6 })
  const random = createRandom('live weights')
  const runtime = await createWebGpuRuntime({ device })
  const live: Values = {}
  const parameters = [...weightInputs(config, 'mlc')].map(([name, shape]): LiveParameter => {
    const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => (name.endsWith('norm.weight') ? 1 : 0.6 * (random.next() - 0.5)))
    const buffer = device.createBuffer({ size: data.byteLength, usage, mappedAtCreation: true })
    new Float32Array(buffer.getMappedRange()).set(data)
    buffer.unmap()
    live[name] = runtime.wrap(buffer, 'float32', shape)
    return { name: name.replace('qkv_proj', 'c_attn'), shape, dtype: 'float32', buffer: () => buffer }
  })
  let forgotten = 0
  const absent = () => { throw new Error('Nothing is sampled here.') }
  const { weights } = sharedWeights(device, layoutOf(parameters, config), runtime)
  const sampler = { name: 'none', open: absent, inspect: absent, forget: () => Promise.resolve(void forgotten++) }
  const encoder = { chat: absent, reply: absent, encode: absent, ends: new Map<number, string>() }
  const model = new LiveModel({ name: 'live', config, window: 64, sampler, weights, runtime, encoder, counter: { name: 'live', count: absent } })
  // What WebLLM is otherwise: it reads the live buffers, and knows no adapter.
  const reader = await Trainer.create(runtime, config, { loss: { kind: 'cross-entropy' }, trainable: 'lora', lora, weights: { layout: 'mlc', dtype: 'float32' }, recompute: 0, adamW: setup.adamW, batching: setup.batching }, live, (await blank()).parameters)
  async function blank() {
    await model.beginTraining(setup, null)
    const state = await model.adapterState()
    await model.endTraining()
    return state
  }
  const ids = (row: number) => Array.from({ length: 12 }, (_, i) => (7 * i + 13 * row) % 64)
  const sequences = [0, 1].map((row): TrainSequence => ({ ids: ids(row), targets: [8, 9, 10, 11].map((index) => ({ index, weight: 1 / 8, advantage: row === 0 ? 1 : -1 })) }))
  const read = async () => (await reader.score(sequences, true)).flatMap((logps) => [...logps])
  const scored = async (of: 'policy' | 'reference') => (await model.score(sequences, of)).flatMap((logps) => [...logps])
  const before = await read()
  const alone = cardBytes()
  await model.beginTraining(setup, null)
  const fresh = await scored('policy')
  const learning = cardBytes() - alone
  const old = await model.score(sequences, 'policy')
  const withOld = sequences.map(({ ids: all, targets }, row) => ({ ids: all, targets: targets.map((target, k) => ({ ...target, oldLogp: old[row]?.[k] ?? NaN, refLogp: old[row]?.[k] ?? NaN })) }))
  const report = await model.update(withOld, { learningRate: 0.05, maxNorm: Infinity, beta: 0.01 })
  const [after, trained, reference] = [await read(), await scored('policy'), await scored('reference')]
  const { parameters: tensors } = await model.adapterState()
  await model.endTraining()
  const reset = await read()
  const cycles: number[] = []
  for (let i = 0; i < 10; i++) {
    await model.useAdapter({ lora, parameters: tensors })
    if (i === 9) cycles.push(Math.max(...(await read()).map((logp, k) => Math.abs(logp - (after[k] ?? NaN)))) === 0 ? 0 : NaN)
    await model.useAdapter(null)
    cycles.push(cardBytes() - alone)
  }
  const trainings: number[] = []
  for (let i = 0; i < 10; i++) {
    await model.beginTraining(setup, null)
    await model.update(withOld, { learningRate: 0.05, maxNorm: Infinity, beta: 0.01 })
    await model.endTraining()
    trainings.push(cardBytes() - alone)
  }
  const last = await read()
  // From here on nobody else has a session, as in webllm.worker, where the trainer's are the only ones.
  await reader.dispose()
  const bare = cardBytes()
  const apart: number[] = []
  for (let i = 0; i < 2; i++) {
    await model.beginTraining(setup, null)
    await model.update(withOld, { learningRate: 0.05, maxNorm: Infinity, beta: 0.01 })
    await model.endTraining()
    apart.push(cardBytes() - bare)
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { before, fresh, after, trained, reference, reset, last, applied: report.applied, forgotten, learning, cycles, trainings, apart }
}

const send = (reply: HarnessReply) => { postMessage(reply) }
addEventListener('message', () => {
  learnt().then(
    (found) => { send({ learnt: found }) },
    (error: unknown) => { send({ error: messageOf(error) }) },
  )
})
