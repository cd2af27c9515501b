// Qwen2.5, Qwen3 and Llama-3.2 with their real tokenizers and chat templates: loaded, asked, trained.
import { afterAll, describe, expect, it } from 'vitest'
import { namesOf } from '../core/table.ts'
import { askAll } from '../core/policy/ask.ts'
import type { GenerateRequest } from '../core/policy/policy.ts'
import { PromptThread } from '../core/policy/thread.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import { loadModel } from './files/load-model.ts'
import { Tokenizer } from './files/tokenizer.ts'
import { familyFiles, familyModels } from './fixtures/family-models.ts'
import { filesInMemory } from './fixtures/tiny-chat-model.ts'
import { LocalModel } from './local-model.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

/** How each family's own template writes a system message and a turn, as transformers renders them. */
const rendered: Record<keyof typeof familyModels, string> = {
  'Qwen2.5': '<|im_start|>system\nYou keep memories.<|im_end|>\n<|im_start|>user\nMy dog is called Bimo.<|im_end|>\n<|im_start|>assistant\n',
  Qwen3: '<|im_start|>system\nYou keep memories.<|im_end|>\n<|im_start|>user\nMy dog is called Bimo.<|im_end|>\n<|im_start|>assistant\n',
  'Llama-3.2': 'You keep memories.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nMy dog is called Bimo.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
}

/** The last ids of the same chat by transformers 5.24: AutoTokenizer.apply_chat_template(…, add_generation_prompt=True). */
const qwenIds = [2506, 18923, 13, 151645, 198, 151644, 872, 198, 5050, 5562, 374, 2598, 425, 11366, 13, 151645, 198, 151644, 77091, 198]
const lastIds: Record<keyof typeof familyModels, number[]> = {
  'Qwen2.5': qwenIds,
  Qwen3: qwenIds,
  'Llama-3.2': [2567, 19459, 13, 128009, 128006, 882, 128007, 271, 5159, 5679, 374, 2663, 426, 11620, 13, 128009, 128006, 78191, 128007, 271],
}

describe.each(namesOf(familyModels))('%s', (family) => {
  it('is loaded with its tokenizer, replies, and learns with ratio 1 at first', async () => {
    const loaded = await loadModel(filesInMemory(await familyFiles(family)), 2 ** 30)
    const model = await LocalModel.create(runtime, family, loaded)
    try {
      const request: GenerateRequest = { conversation: [{ role: 'system', content: 'You keep memories.' }, { role: 'user', content: 'My dog is called Bimo.' }], purpose: 'act', thread: family, stop: [], seed: 3 }
      const prompt = new PromptThread(model.encoder).extend(request.conversation)
      const text = new Tokenizer(loaded.tokenizer).decode(prompt, { special: true })
      expect(prompt.slice(-20)).toEqual(lastIds[family])
      expect(text.slice(-rendered[family].length)).toBe(rendered[family])

      const [reply] = await askAll(model, [request], { temperature: 1, maxTokens: 8 })
      expect(reply?.token_ids?.length).toBeGreaterThan(0)
      await model.beginTraining(
        { lora: { rank: 2, alpha: 4, targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] }, reference: null, loss: { kind: 'grpo', clip: null, kl: 'k3' }, adamW: { betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0 }, batching: { tokens: 256, lengths: [64, 128, 256] }, seed: 3 },
        null,
      )
      const ids = reply?.token_ids ?? []
      const plain = { ids: [...prompt, ...ids], targets: ids.map((_, i) => ({ index: prompt.length + i, weight: 1 / ids.length })) }
      const [old = new Float32Array(0)] = await model.score([plain], 'policy')
      for (const [i, logp] of (reply?.logprobs ?? []).entries()) expect(logp).toBeCloseTo(old[i] ?? NaN, 3)
      const rewarded = { ...plain, targets: plain.targets.map((target, i) => ({ ...target, advantage: 1, oldLogp: old[i] ?? 0, refLogp: old[i] ?? 0 })) }
      for (let i = 0; i < 3; i++) await model.update([rewarded], { learningRate: 0.02, maxNorm: 1, beta: 0 })
      const [learnt = new Float32Array(0)] = await model.score([plain], 'policy')
      const sum = (values: Float32Array) => values.reduce((total, x) => total + x, 0)
      expect(sum(learnt)).toBeGreaterThan(sum(old))
      await model.endTraining()
    } finally {
      await model.dispose()
    }
  }, 120_000)
})
