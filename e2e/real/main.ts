// Real SmolLM2-135M-Instruct, read from its GGUF file, against gguf, tokenizers, transformers, PEFT and PyTorch; then in the page. Not part of `npm test`: it needs a download
// of 93 MB, a Python with PyTorch, and some minutes. What cannot be had is skipped, visibly.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { given } from '../../cli/given.ts'
import { filesInFolder } from '../../cli/model-folder.ts'
import { mustFit } from '../../src/core/fit.ts'
import { createRandom } from '../../src/core/random.ts'
import type { TrainSequence } from '../../src/core/policy/sequence.ts'
import { freshAdapter, readAdapter, writeAdapter } from '../../src/models/files/adapter.ts'
import { hubName, rowOrder } from '../../src/models/files/gguf/architecture.ts'
import { loadModel } from '../../src/models/files/load-model.ts'
import { readSafetensors, toFloat32 } from '../../src/models/files/safetensors.ts'
import { Tokenizer } from '../../src/models/files/tokenizer.ts'
import { LocalModel } from '../../src/models/local-model.ts'
import { projections } from '../../src/nn/transformer/config.ts'
import { createNodeRuntime } from '../../src/runtime/node.ts'
import { runChecks, type Check } from '../outside/checks.ts'
import { runPython, type Say } from '../outside/python.ts'
import { chats, sequences, strings, type Sequence } from './materials.ts'
import { pageChecks } from './page.ts'
import { modelFile, referencePython } from './setting.ts'

const halves = ['numbers', 'page'] as const
const options = given({
  command: 'npm run test:real',
  does: 'Reads real SmolLM2-135M-Instruct from its GGUF file and holds it against gguf, tokenizers, transformers, PEFT and PyTorch, then in\nthe page. Fetches the file and makes a Python in a cache where none is given. Minutes.',
  schema: z.object({ model: z.string().min(1).optional(), python: z.string().min(1).optional(), only: z.enum(halves).optional() }),
  takes: { model: 'the GGUF file', python: 'the path of a Python that has the packages', only: `one of ${halves.join(', ')}; both when left out` },
})
/** Absolute, nats; relative, norm over norm; relative of the loss. */
const tolerance = { logp: 1e-4, gradient: 1e-3, loss: 1e-4 }
const lora = { rank: 8, alpha: 16, targets: [...projections] }
const grpo = { low: 0.2, high: 0.2, beta: 0.05 }

const answerSchema = z.object({
  stored: z.record(z.string(), z.string()),
  types: z.record(z.string(), z.string()),
  loaded: z.record(z.string(), z.string()),
  ids: z.array(z.array(z.number())),
  texts: z.array(z.string()),
  chats: z.array(z.array(z.number())),
  logps: z.array(z.array(z.number())),
  ours: z.array(z.array(z.number())),
  theirs: z.array(z.array(z.number())),
  loss: z.number(),
})

const digest = (values: Float32Array) => createHash('sha256').update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex')
const largest = (a: readonly Float32Array[], b: readonly (readonly number[])[]) => {
  let most = 0
  for (const [i, row] of b.entries()) for (const [k, value] of row.entries()) most = Math.max(most, Math.abs(value - (a[i]?.[k] ?? NaN)))
  return a.length === b.length && a.every((row, i) => row.length === b[i]?.length) ? most : NaN
}
const trainable = ({ ids, targets, grpo: values }: Sequence): TrainSequence => ({ ids, targets: targets.map((index, i) => ({ index, ...(values[i] ?? { weight: 0 }) })) })

/** Rows as the file has them. */
function inOrderOfFile(values: Float32Array, width: number, order: ((row: number) => number) | null): Float32Array {
  if (!order) return values
  const turned = new Float32Array(values.length)
  for (let row = 0; row * width < values.length; row++) turned.set(values.subarray(order(row) * width, (order(row) + 1) * width), row * width)
  return turned
}

async function checks(path: string, python: string, folder: string, check: Check, say: Say): Promise<void> {
  const before = process.memoryUsage().rss
  const model = await loadModel(await filesInFolder(path), 2 ** 36)
  const peak = process.resourceUsage().maxRSS * 1024 - before
  const held = 4 * model.parameters
  check('peak memory of loading, over the weights as held', peak <= 1.3 * held, `${(peak / held).toFixed(2)} of ${(held / 2 ** 20).toFixed(0)} MiB`)
  const { config } = model
  const tokenizer = new Tokenizer(model.tokenizer)
  const texts = strings(1000)
  const conversations = chats(200)
  const runtime = createNodeRuntime()
  const local = await LocalModel.create(runtime, 'smollm2', model)
  const setup = { lora, loss: { kind: 'grpo', clip: grpo, kl: 'k3' }, adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 }, batching: { tokens: 640, lengths: [160] }, reference: null, seed: 1 } as const
  await local.beginTraining(setup, null)
  const logpsOf = async (ids: number[], targets: number[]) => (await local.score([{ ids, targets: targets.map((index) => ({ index, weight: 0 })) }], 'reference'))[0] ?? new Float32Array(0)
  const asked = await sequences(conversations.slice(0, 6).map((chat) => [...tokenizer.encodeChat(chat), ...tokenizer.encode('Mira Voss lives in Tarn, since 1990. I have stored it.<|im_end|>')]), logpsOf)

  const random = createRandom('real/adapter')
  const fresh = freshAdapter(config, { ...lora }, random)
  for (const [name, values] of fresh.parameters) if (name.includes('lora_B')) values.forEach((_, i) => { values[i] = 0.05 * (random.next() - 0.5) })
  const written = writeAdapter(config, fresh, 'smollm2')
  mkdirSync(join(folder, 'ours'))
  writeFileSync(join(folder, 'ours/adapter_config.json'), written.config)
  writeFileSync(join(folder, 'ours/adapter_model.safetensors'), written.model)
  writeFileSync(join(folder, 'request.json'), JSON.stringify({ strings: texts, chats: conversations, sequences: asked, lora, grpo }))
  say('asking gguf, tokenizers, transformers, PEFT and PyTorch')
  await runPython(python, [join(import.meta.dirname, 'reference.py'), path, folder], folder)
  const answer = mustFit(answerSchema, JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')))

  const names = Object.keys(answer.stored)
  const unequal = names.filter((name) => {
    const hub = hubName(name)
    const values = model.weights.get(hub)
    return !values || digest(inOrderOfFile(values, values.length / (hub.endsWith('norm.weight') ? 1 : rowsOf(hub)), rowOrder(config.family, hub, config.headDim))) !== answer.stored[name]
  })
  function rowsOf(hub: string): number {
    if (hub === 'model.embed_tokens.weight') return config.vocabSize
    if (hub.includes('q_proj')) return config.heads * config.headDim
    if (/[kv]_proj/.test(hub)) return config.kvHeads * config.headDim
    return 1
  }
  check('tensors as gguf dequantises them, bit for bit', unequal.length === 0, `${names.length - unequal.length} of ${names.length}, ${[...new Set(Object.values(answer.types))].join(', ')}${unequal.length > 0 ? `; not ${unequal.slice(0, 3).join(', ')}` : ''}`)
  const others = [...model.weights].filter(([name, values]) => digest(values) !== answer.loaded[name])
  check('and as transformers loads them', others.length === 0, `${model.weights.size - others.length} of ${model.weights.size}`)

  const same = (a: readonly number[], b: readonly number[] | undefined) => a.length === b?.length && a.every((id, i) => id === b[i])
  const wrong = texts.filter((text, i) => !same(tokenizer.encode(text), answer.ids[i]))
  check('ids of strings as tokenizers has them', wrong.length === 0, `${texts.length - wrong.length} of ${texts.length}${wrong[0] === undefined ? '' : `; not ${JSON.stringify(wrong.slice(0, 3))}`}`)
  const back = answer.ids.filter((ids, i) => tokenizer.decode(ids, { special: true }) !== answer.texts[i])
  check('and their text', back.length === 0, `${texts.length - back.length} of ${texts.length}`)
  const other = conversations.filter((chat, i) => !same(tokenizer.encodeChat(chat), answer.chats[i]))
  check('ids of conversations as transformers’ template makes them', other.length === 0, `${conversations.length - other.length} of ${conversations.length}${other[0] ? `; not ${JSON.stringify(other[0])}` : ''}`)

  const plain = asked.map(trainable)
  const base = largest(await local.score(plain, 'reference'), answer.logps)
  const count = asked.reduce((sum, { targets }) => sum + targets.length, 0)
  check('log-probabilities as transformers computes them', base <= tolerance.logp, `within ${base.toExponential(1)} on ${count} tokens`)
  const state = (parameters: Map<string, Float32Array>) => {
    const blank = () => new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]))
    return { step: 0, parameters, first: blank(), second: blank() }
  }
  await local.beginTraining(setup, state(fresh.parameters))
  const mine = largest(await local.score(plain, 'policy'), answer.ours)
  check('an adapter of ours in PEFT', mine <= tolerance.logp, `within ${mine.toExponential(1)}`)
  const adapter = readAdapter(config, { config: readFileSync(join(folder, 'peft/adapter_config.json'), 'utf8'), model: new Uint8Array(readFileSync(join(folder, 'peft/adapter_model.safetensors'))) })
  await local.beginTraining(setup, state(adapter.parameters))
  const theirs = largest(await local.score(plain, 'policy'), answer.theirs)
  check('an adapter of PEFT’s here', theirs <= tolerance.logp, `within ${theirs.toExponential(1)}`)

  const { sums, gradient } = await local.gradient(plain, { learningRate: 1e-4, maxNorm: 1, beta: grpo.beta })
  check('loss of a GRPO step as PyTorch has it', Math.abs(sums.loss / answer.loss - 1) <= tolerance.loss, `${sums.loss.toPrecision(6)}, ${answer.loss.toPrecision(6)}`)
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(join(folder, 'gradients.safetensors'))))
  const apart = [...gradient].map(([name, values]) => {
    const stored = tensors.get(name)
    const expected = stored ? toFloat32(stored) : new Float32Array(0)
    const norm = (of: (i: number) => number) => Math.sqrt(expected.reduce((sum, _, i) => sum + of(i) ** 2, 0))
    return expected.length === values.length ? norm((i) => (values[i] ?? 0) - (expected[i] ?? 0)) / norm((i) => expected[i] ?? 0) : NaN
  })
  const worst = apart.reduce((most, each) => (each <= most ? most : each), 0)
  check('its gradient, of every tensor', worst <= tolerance.gradient && gradient.size === tensors.size, `within ${worst.toExponential(1)} on ${gradient.size} tensors`)
  await local.dispose()
  await runtime.dispose()
}

await runChecks('real', async ({ check, say, folder, part }) => {
  await part('real weights', async () => {
    const path = options.model === undefined ? await modelFile(say) : resolve(options.model)
    if (options.only !== 'page') {
      const python = await referencePython(options.python === undefined ? [] : [options.python], say)
      say(`${path}, ${python}`)
      await checks(path, python, folder, check, say)
    }
    if (options.only !== 'numbers') await pageChecks(path, folder, check)
  })
})
