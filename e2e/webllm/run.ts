// Without anything, a tiny model that learns on WebGPU (tiny.ts). With a library and a folder of weights: the real library, a real
// Chromium, WebGPU in software or on a card, synthetic weights made for the library where the folder is empty: loads, samples,
// checks every log-probability against our own programs on the same weights, stops, loads again; then the model learns
// (learning.ts); then adapters are put on and taken off (parts.ts). Not part of `npm test`: a token takes half a minute.
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { z } from 'zod'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { given, listOf } from '../../cli/given.ts'
import { PromptThread } from '../../src/core/policy/thread.ts'
import { actionForm } from '../../src/core/agents/agemem/agent.ts'
import type { ChatMessage, GenerateRequest } from '../../src/core/policy/policy.ts'
import type { ModelInfo } from '../../src/core/policy/model.ts'
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { chatEncoder } from '../../src/models/encoding.ts'
import { inspectTokens } from '../../src/models/sampling/inspect.ts'
import { Tokenizer } from '../../src/models/files/tokenizer.ts'
import { tokenizerOf } from '../../src/live/chat-template.ts'
import { loraShapes } from '../../src/nn/transformer/weights.ts'
import { createNodeRuntime } from '../../src/runtime/node.ts'
import type { Values } from '../../src/runtime/runtime.ts'
import { findChromium } from '../../scripts/find-chromium.mjs'
import { headersOf } from '../../serving/policy.ts'
import type {} from './page.ts'
import { looked, randomAdapter, shapes, shortParts } from './parts.ts'
import { checkTiny } from './tiny.ts'
import { configOf, readMetadata, readWeights, shortConfigFile, writeSynthetic } from './synthetic.ts'

const parts = ['tiny', 'sampling', 'learning', ...shortParts] as const
const versions = ['0.2.79', '0.2.86'] as const
const options = given({
  command: 'npm run test:webllm',
  does: 'Lets a tiny model learn on WebGPU; with --library and --weights, a compiled model of WebLLM in Chromium samples, learns and takes\nadapters, against our own programs on the same weights. Half a minute a token in software.',
  schema: z.object({ library: z.string().min(1).optional(), weights: z.string().min(1).optional(), part: listOf(parts).default([...parts]), webllm: z.enum(versions).default('0.2.86'), brief: z.boolean().default(false), gpu: z.boolean().default(false) }),
  takes: {
    library: 'a compiled library of an unquantised 32-bit Qwen2 or Llama, PATH.wasm',
    weights: 'a folder; synthetic weights are made in an empty one',
    part: `of ${parts.join(', ')}, with commas between; all when left out`,
    webllm: `one of ${versions.join(', ')}`,
    brief: 'no value: fewer tokens',
    gpu: 'no value: on a graphics card, not in software',
  },
  flags: ['brief', 'gpu'],
})

const started = performance.now()
const say = (line: string) => { process.stdout.write(`[${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s] ${line}\n`) }
const tolerance = 1e-3
let failures = 0
function check(what: string, holds: boolean, found: unknown): void {
  if (!holds) failures++
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}: ${typeof found === 'string' ? found : JSON.stringify(found)}`)
}

const wanted = parts.filter((part) => options.part.includes(part))

if (wanted.includes('tiny')) await checkTiny(check)
if (!options.library || !options.weights || wanted.every((part) => part === 'tiny')) {
  if (wanted.some((part) => part !== 'tiny')) say(`     left out, for want of a compiled library: sampling, and learning and adapters with WebLLM itself. -- --library PATH.wasm --weights DIR [--part ${parts.join('|')}] [--webllm VERSION] [--brief] [--gpu]`)
  say(failures === 0 ? 'everything held' : `${failures} checks failed`)
  process.exit(failures === 0 ? 0 : 1)
}
const { library, weights, gpu } = { library: options.library, weights: options.weights, gpu: options.gpu }

const metadata = readMetadata(readFileSync(library))
const config = configOf(metadata)
say(`library ${library}: ${metadata.model_type}, ${config.layers} layers of ${config.hiddenSize}, vocabulary ${config.vocabSize}`)
writeSynthetic(weights, metadata)
say(`weights in ${weights}`)

const dist = mkdtempSync(join(tmpdir(), 'webllm-page-'))
await build({ root: join(import.meta.dirname), configFile: false, logLevel: 'error', worker: { format: 'es' }, build: { outDir: dist, emptyOutDir: true, target: 'es2023' } })

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' }
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://x').pathname)
  const [, folder, name = ''] = /^\/(model|short)\/resolve\/main\/(.*)$/.exec(path) ?? []
  const ofModel = folder === 'short' && name === 'mlc-chat-config.json' ? shortConfigFile : name
  const file = path === '/library.wasm' ? library : folder ? join(weights, ofModel) : join(dist, path === '/' ? 'index.html' : path)
  if (path.includes('..') || !existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { ...headersOf(path.slice(1)), 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-length': statSync(file).size })
  createReadStream(file).pipe(response)
}).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const address = server.address()
const isInfo = (value: AddressInfo | string | null): value is AddressInfo => typeof value === 'object' && value !== null
if (!isInfo(address)) throw new Error('The server has no port.')
const origin = `http://127.0.0.1:${address.port}`

const profile = mkdtempSync(join(tmpdir(), 'webllm-profile-'))
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: findChromium() ?? undefined,
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--enable-unsafe-webgpu', ...(gpu ? [] : ['--use-webgpu-adapter=swiftshader'])],
})

type Version = (typeof versions)[number]
const source: WebLlmSource = { kind: 'custom', name: 'synthetic-q0f32', url: `${origin}/model`, library: `${origin}/library.wasm` }
const load = (page: Page, version: Version) => page.evaluate(({ version, source }) => window.webllm(version).load(source, () => undefined), { version, source })

interface Asking {
  conversation: ChatMessage[]
  constrained: boolean
  maxTokens: number
  seed: number
}

function requestOf({ conversation, constrained, seed }: Omit<Asking, 'maxTokens'>): GenerateRequest {
  return { ...actionForm, purpose: 'act', ...(constrained ? {} : { grammar: undefined }), conversation, thread: 't', seed }
}

function generate(page: Page, version: Version, asking: Asking) {
  return page.evaluate(
    async ({ version, request, maxTokens }) => {
      const [answered] = await window.webllm(version).serve(`g${request.seed}`, [{ place: 0, request }], { temperature: 1, maxTokens }, null)
      if (!answered) throw new Error('There was no reply.')
      return answered.generation
    },
    { version, request: requestOf(asking), maxTokens: asking.maxTokens },
  )
}

try {
  const page = await browser.newPage()
  page.on('console', (message) => { if (message.type() === 'error') say(`     page: ${message.text().slice(0, 300)}`) })
  await page.goto(origin)
  const { gpu: state } = await page.evaluate(() => window.webllm('0.2.86').capabilities())
  check('WebGPU', state.available, state.available ? `${state.adapter.vendor} ${state.adapter.architecture} ${state.adapter.description}, fallback ${state.fallback}, shader-f16 ${state.shaderF16}` : state.reason)

  let version: Version = options.webllm
  if (wanted.includes('sampling')) {
    let loaded = await load(page, version)
    if (!loaded.ok && version === '0.2.86') {
      check('web-llm 0.2.86 refuses a library of another version, by name', loaded.problem.kind === 'library-version', loaded.problem)
      version = '0.2.79'
      loaded = await load(page, version)
    }
    check(`web-llm ${version} loads`, loaded.ok, loaded.ok ? { ...loaded.value, tokenizer: undefined } : loaded.problem)
    if (!loaded.ok) throw new Error('Nothing is loaded.')
    await checkSampling(page, version, loaded.value)
  }
  await page.exposeFunction('check', check)
  await page.exposeFunction('say', say)
  const short = { kind: 'custom', name: 'short-q0f32', url: `${origin}/short`, library: `${origin}/library.wasm` } as const
  const { brief } = options
  if (wanted.includes('learning')) await page.evaluate(({ version, source, brief }) => window.learning(version, source, brief), { version, source: short, brief })
  for (const part of shortParts) {
    if (!wanted.includes(part)) continue
    say(`     part ${part}`)
    const ours = part === 'adapters' && !brief ? await ownLogps() : []
    await page.evaluate(({ version, source, part, options }) => window.part(version, source, part, options), { version, source: short, part, options: { config, brief, ours } })
  }
} finally {
  await browser.close()
  server.close()
  rmSync(dist, { recursive: true, force: true })
  rmSync(profile, { recursive: true, force: true })
}
say(failures === 0 ? 'everything held' : `${failures} checks failed`)
process.exitCode = failures === 0 ? 0 : 1

/** log π of the reply that parts.ts looks at, by our own programs: without an adapter, and with each. */
async function ownLogps(): Promise<number[]> {
  const runtime = createNodeRuntime()
  const fed: Values = {}
  for (const [name, shape, data] of readWeights(weights, metadata, config)) fed[name] = await runtime.upload({ dtype: 'float32', shape, data })
  const files = tokenizerOf(JSON.parse(readFileSync(join(weights, shortConfigFile), 'utf8')), readFileSync(join(weights, 'tokenizer.json'), 'utf8'))
  const tokenizer = new Tokenizer(files)
  const prompt = new PromptThread(chatEncoder(tokenizer)).extend(looked.conversation)
  const logps: number[] = []
  for (const lora of [null, ...shapes]) {
    const adapter: Values = {}
    if (lora) for (const [name, data] of randomAdapter(config, lora).parameters) adapter[name] = await runtime.upload({ dtype: 'float32', shape: loraShapes(config, lora).get(name) ?? [], data })
    const [view] = await inspectTokens(runtime, config, { ...fed, ...adapter }, lora, tokenizer, { prompt, ids: looked.ids, alternatives: 1 })
    logps.push(view?.logprob ?? NaN)
  }
  await runtime.dispose()
  say(`     our own programs: ${JSON.stringify(logps)}`)
  return logps
}

async function checkSampling(page: Page, version: Version, info: ModelInfo): Promise<void> {
  check('parameters counted from the manifest', info.parameters === metadata.params.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0), info.parameters)

  const runtime = createNodeRuntime()
  const fed: Values = {}
  for (const [name, shape, data] of readWeights(weights, metadata, config)) fed[name] = await runtime.upload({ dtype: 'float32', shape, data })
  const template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant{{ '\\n' }}"
  const tokenizer = new Tokenizer({ tokenizer: readFileSync(join(weights, 'tokenizer.json'), 'utf8'), config: JSON.stringify({ chat_template: template, eos_token: '<|im_end|>' }) })
  /** log π of the ids behind a prompt, by our programs. */
  const ours = async (prompt: readonly number[], ids: readonly number[]) => (await inspectTokens(runtime, config, fed, null, tokenizer, { prompt, ids, alternatives: 1 })).map(({ logprob }) => logprob)
  const agree = (what: string, theirs: readonly number[] | null, own: readonly number[]) => {
    const gap = Math.max(...own.map((logp, i) => Math.abs(logp - (theirs?.[i] ?? NaN))))
    check(`${what}: log-probabilities as our programs have them, within ${tolerance}`, theirs?.length === own.length && gap <= tolerance, { webllm: theirs, ours: own, gap })
  }

  const opening: ChatMessage[] = [{ role: 'system', content: 'S' }, { role: 'user', content: 'Hi' }]
  const thread = new PromptThread(chatEncoder(tokenizer))
  const prompt = thread.extend(opening)
  const first = await generate(page, version, { conversation: opening, constrained: false, maxTokens: 2, seed: 1 })
  check('an unconstrained reply of 2 tokens', first.tokens === 2 && first.finish === 'length', first)
  agree('unconstrained', first.logprobs, await ours(prompt, first.token_ids ?? []))

  const next: ChatMessage[] = [...opening, { role: 'assistant', content: first.text }, { role: 'tool', content: 'ok' }, { role: 'user', content: 'And?' }]
  const asUser: ChatMessage[] = [...opening, { role: 'assistant', content: first.text }, { role: 'user', content: 'ok\n\nAnd?' }]
  thread.reply(first.token_ids ?? [], first.text)
  const grown = thread.extend(asUser)
  const second = await generate(page, version, { conversation: next, constrained: false, maxTokens: 1, seed: 2 })
  agree('a conversation that goes on in the cache', second.logprobs, await ours(grown, second.token_ids ?? []))

  const bound = await generate(page, version, { conversation: opening, constrained: true, maxTokens: 2, seed: 3 })
  check('a constrained reply of 2 tokens begins as the protocol does', bound.tokens === 2 && (bound.text.startsWith('<think>') || '<think>'.startsWith(bound.text)), bound)
  // The grammar leaves the tokens that begin what is left of `<think>`, and behind it any prose. XGrammar 0.1.0, which
  // 0.2.79 has, takes a token that is written <…> for a mark and never leaves it, even where it is plain text: here the
  // whole `<think>`. 0.1.27, which 0.2.86 has, does leave it (its bitmasks for this vocabulary and this grammar say so).
  const isMark = (text: string) => version === '0.2.79' && /^<.+>$/.test(text)
  const own: number[] = []
  let said = ''
  const ids = bound.token_ids ?? []
  for (const [i, id] of ids.entries()) {
    const left = '<think>'.slice(said.length)
    if (left === '') break
    const before = [...prompt, ...ids.slice(0, i)]
    const admitted = Array.from({ length: tokenizer.size }, (_, other) => other).filter((other) => { const text = tokenizer.decode([other]); return text !== '' && left.startsWith(text) && !isMark(text) })
    const logps: number[] = []
    for (const other of admitted) logps.push(...(await ours(before, [other])))
    const norm = Math.log(logps.reduce((sum, logp) => sum + Math.exp(logp), 0))
    own.push((logps[admitted.indexOf(id)] ?? NaN) - norm)
    say(`     token ${i + 1}: ${admitted.length} tokens admitted`)
    said += tokenizer.decode([id])
  }
  agree('constrained, over what the grammar admits', bound.logprobs?.slice(0, own.length) ?? null, own)

  const stopped = await page.evaluate(
    async ({ version, request }) => {
      const api = window.webllm(version)
      try {
        await api.serve('stop', [{ place: 0, request }], { temperature: 1, maxTokens: 50 }, () => void api.abort('stop'))
        return 'it ended by itself'
      } catch (error) {
        return error instanceof Error ? error.name : String(error)
      }
    },
    { version, request: { ...requestOf({ conversation: opening, constrained: false, seed: 4 }), stop: [] } },
  )
  check('abort between tokens', stopped === 'AbortError', stopped)

  await page.evaluate((version) => window.webllm(version).unload(), version)
  const again = await load(page, version)
  check('loads again, from the cache', again.ok, again.ok ? `${Math.round(again.value.milliseconds)} ms` : again.problem)
  const same = await generate(page, version, { conversation: opening, constrained: false, maxTokens: 1, seed: 1 })
  check('says the same after loading again', same.token_ids?.[0] === first.token_ids?.[0], same)
  agree('after loading again', same.logprobs, first.logprobs?.slice(0, 1) ?? [])
  const held = await page.evaluate((version) => window.webllm(version).cached(), version)
  say(`     cache: ${JSON.stringify(held)}`)
  await runtime.dispose()
  await page.evaluate((version) => window.webllm(version).unload(), version)
}
