// A GRPO step in which WebLLM samples: a model of its list, which the browser downloads, or one by address. Beside the step with
// the project's own decoder it says what WebLLM's cache and programs are worth. Knows no page.
import { createRandom } from '../../src/core/random.ts'
import { PromptThread } from '../../src/core/policy/thread.ts'
import type { TrainSequence } from '../../src/core/policy/sequence.ts'
import type { ModelSource } from '../../src/core/policy/model.ts'
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { LiveServer } from '../../src/live/live-server.ts'
import { encodingOf } from '../../src/models/encoding.ts'
import { projections } from '../../src/nn/transformer/config.ts'
import { createWebGpuRuntime } from '../../src/runtime/webgpu.ts'
import { Artifacts } from '../../src/webllm/artifacts.ts'
import { countCardBytes } from '../../src/webllm/card-bytes.ts'
import { WebLlmServer } from '../../src/webllm/server.ts'
import { mendShaders } from '../../src/webllm/shaders.ts'
import type { GpuRow, Sizes } from './measure.ts'

export interface LiveReport {
  model: string
  rows: GpuRow[]
  /** Bytes of buffers on the card: the model alone, and while it learns. */
  card: { playing: number; learning: number }
}

const lora = { rank: 16, alpha: 32, targets: [...projections] }
/** Names, of which a prompt is made: what is in it does not matter, how long it is does. */
const words = ['Mira', 'Oslem', 'lives', 'dog', 'Bimo', 'rain', 'north', 'key', 'seven', 'boat']

/** @param tell what is being done, in words. @throws WebLlmError in words when it cannot be had or cannot learn */
export async function measureLive(source: WebLlmSource, { prompt, reply, rollouts, runs }: Sizes, tell: (doing: string) => void): Promise<LiveReport> {
  mendShaders(GPUDevice.prototype)
  const cardBytes = countCardBytes(GPUDevice.prototype, GPUBuffer.prototype)
  const engine = new WebLlmServer({
    library: () => import('../../src/webllm/library.ts'),
    browser: { gpu: navigator.gpu, secure: isSecureContext, storage: navigator.storage },
    artifacts: new Artifacts({ caches, fetch: (url, init) => fetch(url, init), room: () => Promise.resolve(null) }),
    shelf: { read: () => Promise.resolve([]), write: () => Promise.resolve() },
    now: () => performance.now(),
  })
  const live = new LiveServer({ engine, runtime: (device) => createWebGpuRuntime({ device }), cardBytes })
  const name = source.kind === 'listed' ? source.id : source.name
  const model: ModelSource = { kind: 'webllm', name, source }
  const info = await live.load(model, ({ doing, share }) => { tell(`${name}: ${doing.step}, ${Math.round(100 * share)} %`) })
  const { encoder } = encodingOf(info.tokenizer, name)
  const idsOf = (content: string) => new PromptThread(encoder).extend([{ role: 'user', content }])
  const random = createRandom('bench prompt')
  let content = ''
  while (idsOf(content).length < prompt) content += `${random.pick(words)} `
  const ids = idsOf(content)
  const playing = cardBytes()

  const batching = { tokens: prompt + 2 * reply, lengths: [prompt + 2 * reply] }
  await live.beginTraining({ lora, reference: null, loss: { kind: 'grpo', clip: { low: 0.2, high: 0.2 }, kl: 'k3' }, adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01 }, batching, seed: 1 }, null)
  let tokens = 0
  const sampled = async () => {
    const replies: number[][] = []
    tokens = 0
    for (let row = 0; row < rollouts; row++) {
      const [answered] = await live.serve('bench', [{ place: row, request: { conversation: [{ role: 'user', content }], thread: `${row}`, purpose: 'act', stop: [], seed: row } }], { temperature: 1, maxTokens: reply }, null)
      const said = answered?.generation.token_ids ?? []
      replies.push(said)
      tokens += ids.length + said.length
    }
    return replies
  }
  const step = async () => {
    tell(`${name}: a GRPO step of ${rollouts} rollouts`)
    const replies = await sampled()
    const total = replies.reduce((sum, said) => sum + said.length, 0)
    const plain = replies.map((said, row): TrainSequence => ({ ids: [...ids, ...said], targets: said.map((_, i) => ({ index: ids.length + i, weight: 1 / total, advantage: row % 2 === 0 ? 1 : -1 })) }))
    const [old, reference] = [await live.score(plain, 'policy'), await live.score(plain, 'reference')]
    const learnt = plain.map(({ ids: all, targets }, row) => ({ ids: all, targets: targets.map((target, i) => ({ ...target, oldLogp: old[row]?.[i] ?? NaN, refLogp: reference[row]?.[i] ?? NaN })) }))
    const { grad_norm } = await live.update(learnt, { learningRate: 1e-5, maxNorm: 1, beta: 0.04 })
    if (!Number.isFinite(grad_norm)) throw new Error(`The gradient gives ${grad_norm}: the result is wrong, so its time means nothing.`)
  }
  const timed = async (work: () => Promise<unknown>) => {
    await work()
    const milliseconds: number[] = []
    for (let run = 0; run < runs; run++) {
      const from = performance.now()
      await work()
      milliseconds.push(performance.now() - from)
    }
    return milliseconds
  }
  const rows: GpuRow[] = []
  rows.push({ what: 'GRPO step, WebLLM samples', milliseconds: await timed(step), tokens, flops: (2 + 2 + 2 + 4) * info.parameters * tokens })
  tell(`${name}: its rollouts alone`)
  rows.push({ what: 'rollouts, WebLLM samples', milliseconds: await timed(sampled), tokens, flops: 2 * info.parameters * tokens })
  const learning = cardBytes()
  await live.endTraining()
  await engine.unload()
  return { model: name, rows, card: { playing, learning } }
}
