// The second part of the opt-in test, in the page: WebLLM's model learns. It samples, our trainer takes a GRPO step with a large
// rate on the same device and from the same buffers, and WebLLM then says what the trainer says; when the adapter is taken off,
// it says bit for bit what it said before. Prompts of four tokens: in software each one is dear.
import type { ModelSource } from '../../src/core/policy/model.ts'
import type { GenerateRequest } from '../../src/core/policy/policy.ts'
import type { TrainSequence } from '../../src/core/policy/sequence.ts'
import type { TrainingSetup } from '../../src/core/policy/trainable.ts'
import { PromptThread } from '../../src/core/policy/thread.ts'
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { encodingOf } from '../../src/models/encoding.ts'
import type { LiveApi } from '../../src/rpc/live.ts'

export interface Tell {
  check: (what: string, holds: boolean, found: unknown) => Promise<void>
  say: (line: string) => Promise<void>
}

const lora = { rank: 8, alpha: 16, targets: ['q_proj', 'v_proj', 'o_proj', 'up_proj'] }
const setup: TrainingSetup = {
  lora,
  loss: { kind: 'grpo', clip: null, kl: 'k3' },
  reference: null,
  adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 },
  batching: { tokens: 16, lengths: [8] },
  seed: 1,
}
/** Large, so that a step is seen. */
const settings = { learningRate: 0.02, maxNorm: Infinity, beta: 0.01 }
const request: GenerateRequest = { conversation: [{ role: 'user', content: 'a' }], thread: 't', purpose: 'act', stop: [], seed: 1 }
const tolerance = 1e-3

const gap = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? NaN))))
const same = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]))

/** @param brief leave out what the seed samples after the step */
export async function checkLearning(live: LiveApi, source: Extract<WebLlmSource, { kind: 'custom' }>, brief: boolean, { check, say }: Tell): Promise<void> {
  const model: ModelSource = { kind: 'webllm', name: source.name, source }
  const listed = (id: string): ModelSource => ({ kind: 'webllm', name: id, source: { kind: 'listed', id } })
  const quantised = await live.look(listed('Qwen3-0.6B-q4f32_1-MLC'), lora, 8)
  await check('a quantised model is refused, with the name of the one that learns', !quantised.ok && quantised.problem.kind === 'quantised' && quantised.problem.unquantised?.id === 'Qwen3-0.6B-q0f32-MLC', quantised)
  const halves = await live.look(listed('SmolLM2-135M-Instruct-q0f16-MLC'), lora, 8)
  await say(`     a model of halves here: ${JSON.stringify(halves)}`)
  const looked = await live.look(model, lora, 8)
  await check('what learning takes is said before anything is loaded', looked.ok, looked)

  const info = await live.load(model, () => undefined)
  await say(`     loaded: window ${info.window}, ${info.parameters} parameters, ${await live.cardBytes()} bytes on the card`)
  const { encoder } = encodingOf(info.tokenizer, info.name)
  const prompt = new PromptThread(encoder).extend(request.conversation)
  /** What WebLLM says of ids behind the prompt. */
  const theirs = async (ids: readonly number[]) => (await live.inspect([...request.conversation], [...ids], 1)).map(({ logprob }) => logprob)
  const sampled = async (seed: number, temperature: number) => {
    const name = `${seed} ${temperature}`
    const [answered] = await live.serve(name, [{ place: 0, request: { ...request, seed } }], { temperature, maxTokens: 1 }, null)
    await live.closeStream(name)
    if (!answered) throw new Error('There was no reply.')
    return answered.generation
  }
  const rollouts = [await sampled(1, 1)]
  await say(`     rollouts: ${JSON.stringify(rollouts.map(({ token_ids, logprobs, prompt_tokens }) => ({ token_ids, logprobs, prompt_tokens })))}`)
  await check('the prompt has as many tokens as our template says', rollouts[0]?.prompt_tokens === prompt.length, { theirs: rollouts[0]?.prompt_tokens, ours: prompt })
  const ids = rollouts.map(({ token_ids }) => token_ids ?? [])
  /** The reply that is looked at. */
  const fixed = ids[0] ?? []
  const before = rollouts[0]?.logprobs ?? []
  const alone = await live.cardBytes()

  await live.beginTraining(setup, null)
  const begun = await live.cardBytes()
  await say(`     training has begun: ${begun - alone} bytes more on the card; foretold for W₀ ${looked.ok ? looked.value.kept : '?'}`)
  const sequence = (ids: readonly number[], advantage: number, old: ArrayLike<number>): TrainSequence => ({
    ids: [...prompt, ...ids],
    targets: ids.map((_, i) => ({ index: prompt.length + i, weight: 0.5 / ids.length, advantage, oldLogp: old[i] ?? 0, refLogp: old[i] ?? 0 })),
  })
  const probe = sequence(fixed, 0, [])
  const [untrained = new Float32Array(0)] = await live.score([probe], 'policy')
  await check(`trainer and sampler agree before, within ${tolerance}`, gap(before, untrained) < tolerance, { webllm: before, trainer: [...untrained], gap: gap(before, untrained) })
  const old = await live.score(ids.map((each) => sequence(each, 0, [])), 'policy')
  const difference = rollouts.map(({ logprobs }, i) => gap(logprobs ?? [NaN], old[i] ?? []))
  await check(`log π_old computed anew is what WebLLM reported, within ${tolerance}`, Math.max(...difference) < tolerance, { difference })
  const started = performance.now()
  // It is punished, so that it will be another one.
  const report = await live.update(ids.map((each, i) => sequence(each, -1, old[i] ?? [])), settings)
  await say(`     the step took ${((performance.now() - started) / 1000).toFixed(0)} s: ${JSON.stringify(report)}`)

  const after = await theirs(fixed)
  const [trained = new Float32Array(0)] = await live.score([probe], 'policy')
  await check(`after the step WebLLM says what the trainer says, within ${tolerance}`, gap(after, trained) < tolerance, { webllm: after, trainer: [...trained], gap: gap(after, trained) })
  await check('and not what it said before', gap(after, before) > 10 * tolerance, { before, after, gap: gap(after, before) })
  await check('the reply that was punished is less likely', (after[0] ?? NaN) < (before[0] ?? NaN), { before, after })
  if (!brief) {
    const repeated = await sampled(1, 1)
    const other = repeated.token_ids ?? []
    const [otherScored = new Float32Array(0)] = await live.score([sequence(other, 0, [])], 'policy')
    await check('the seed that sampled it samples another one now, with the log-probability that the trainer says', other[0] !== fixed[0] && gap(repeated.logprobs ?? [NaN], otherScored) < tolerance, { repeated, trainer: [...otherScored] })
  }

  await live.endTraining()
  const again = await sampled(1, 1)
  const reset = again.logprobs ?? []
  await check('when the training has ended WebLLM says what it said before, bit for bit', again.token_ids?.[0] === fixed[0] && same(reset, before), { before, reset, id: again.token_ids })
  const settled = await live.cardBytes()
  // onnxruntime-web 1.30 does not free the constants of a session that is released.
  await check('and nothing more is on the card than what onnxruntime keeps of its programs', settled - alone < (begun - alone) / 100, { training: begun - alone, after: settled - alone })
}
