// The parts that are work of lanes: a LoRA step and decoding, on the same weights and tokens everywhere. What a library
// computes is held against ours before it is timed.
import type { Browser } from '@playwright/test'
import { messageOf } from '../../src/core/error-message.ts'
import { createNodeRuntime } from '../../src/runtime/node.ts'
import { openPage, type LanePage } from '../browser.ts'
import type { Job, RemoteLane } from '../lane.ts'
import { measureGroup, type Row } from '../measure.ts'
import type { ModelSize } from '../model.ts'
import type { Group } from '../plan.ts'
import { runtimeLane } from '../runtime-lane.ts'
import { pythonLane, type PythonKind } from './python-lane.ts'
import type { BesideRow } from './rows.ts'
import type { Python, Say } from './setting.ts'

export interface Setting {
  browser: Browser
  python: Python | { problem: string }
  modules: string | { problem: string }
  /** For the files of models. */
  folder: string
  threads: number
  /** Rounds at most: 1 to see that everything runs. */
  rounds: number
  /** Leave SmolLM2-135M out. */
  small: boolean
  /** Its weights, where they are needed themselves: a GGUF file. */
  model: string | null
  say: Say
}

interface Contender {
  name: string
  place: 'browser' | 'native'
  note?: string
  /** It computes other numbers, and says so in its note: it is not held against ours. */
  other?: boolean
  /** @throws Error with the reason when it cannot be had */
  start(): Promise<RemoteLane>
}

/** Minutes that a library may take to begin, and for each run. */
const patience = 4

function patient(lane: RemoteLane): RemoteLane {
  const within = async <T>(doing: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => { reject(new Error(`it did not finish within ${patience} minutes`)) }, patience * 60_000)
    })
    try {
      return await Promise.race([doing, late])
    } finally {
      clearTimeout(timer)
    }
  }
  return { description: () => within(lane.description()), open: (job) => within(lane.open(job)), run: (job) => within(lane.run(job)), stop: () => lane.stop() }
}

class Contenders {
  readonly #setting: Setting
  readonly #pages = new Map<'pages' | 'peers', LanePage>()

  constructor(setting: Setting) {
    this.#setting = setting
  }

  readonly ours: Contender = {
    name: 'ours, Node',
    place: 'native',
    start: () => {
      const runtime = createNodeRuntime(this.#setting.threads)
      return Promise.resolve({ ...runtimeLane(runtime), stop: () => runtime.dispose() })
    },
  }

  readonly wasm: Contender = { name: 'ours, Chromium', place: 'browser', start: async () => (await this.#page('pages')).start('wasm', this.#setting.threads) }

  peer(name: string, kind: string): Contender {
    return { name, place: 'browser', start: async () => (await this.#page('peers')).start(kind, this.#setting.threads) }
  }

  python(name: string, kind: PythonKind, stored: 'F32' | 'Q8_0' = 'F32', note?: string): Contender {
    return {
      name,
      place: 'native',
      ...(note === undefined ? {} : { note }),
      other: stored !== 'F32',
      start: () => {
        const { python, folder, threads } = this.#setting
        if ('problem' in python) throw new Error(python.problem)
        const problem = python.problems.get(kind === 'transformers' ? 'pytorch' : kind)
        if (problem !== undefined) throw new Error(problem)
        return Promise.resolve(pythonLane(python.path, kind, folder, threads, stored))
      },
    }
  }

  async #page(which: 'pages' | 'peers'): Promise<LanePage> {
    const { browser, modules } = this.#setting
    if (which === 'peers' && typeof modules !== 'string') throw new Error(modules.problem)
    const page = this.#pages.get(which) ?? (await openPage(browser, which, typeof modules === 'string' ? modules : undefined))
    this.#pages.set(which, page)
    return page
  }

  async close(): Promise<void> {
    for (const page of this.#pages.values()) await page.close()
  }
}

const nothing = { milliseconds: null, tokens_per_second: null }

/**
 * One table. A small model's libraries take turns; a large one's come one after the other, since all together would not fit
 * into memory.
 */
async function table(title: string, size: ModelSize, job: Job, contenders: readonly Contender[], { rounds, say }: Setting): Promise<BesideRow[]> {
  const group: Group = { title, size, jobs: [job], rounds: { warmUps: 1, rounds: Math.min(rounds, size === '4M' ? 5 : 2) } }
  const rows: BesideRow[] = contenders.map(({ name, place, note }) => ({ table: title, name, place, library: name, ...nothing, problem: null, note: note ?? null }))
  const measure = async (lanes: readonly { name: string; lane: RemoteLane }[]): Promise<Row[]> => {
    try {
      return await measureGroup(group, lanes, (message) => { say(`${title}: ${message}`) })
    } finally {
      for (const { lane } of lanes) await lane.stop()
    }
  }
  const measured: Row[] = []
  const together: { name: string; lane: RemoteLane }[] = []
  for (const [i, { name, start }] of contenders.entries()) {
    const row = rows[i]
    if (!row) continue
    try {
      const lane = patient(await start())
      row.library = await lane.description()
      if (size === '4M') together.push({ name, lane })
      else measured.push(...(await measure([{ name, lane }])))
    } catch (error) {
      row.problem = messageOf(error)
    }
  }
  if (together.length > 0) measured.push(...(await measure(together)))
  const expected = measured.find(({ lane, value }) => lane === contenders[0]?.name && value !== null)?.value ?? null
  return rows.map((row, i) => {
    const found = measured.find(({ lane }) => lane === row.name)
    if (!found) return row
    const { milliseconds, tokens_per_second, problem, value } = found
    const agrees = value === null || expected === null || contenders[i]?.other === true || Math.abs(value - expected) <= 1e-3 * Math.abs(expected)
    return agrees ? { ...row, milliseconds, tokens_per_second, problem } : { ...row, problem: `it computes ${value}, ours ${expected}` }
  })
}

/** A LoRA step: forward and backward pass of one micro-batch, with the adapter's gradients. */
export async function loraPart(setting: Setting): Promise<BesideRow[]> {
  const all = new Contenders(setting)
  const { ours, wasm } = all
  const pytorch = all.python('PyTorch (transformers, PEFT)', 'pytorch')
  const onnxsim = all.python('onnxsim', 'onnxsim', 'F32', 'its step graph, Adam included, on onnxruntime')
  const [plain, tuned, jax] = [all.peer('TensorFlow.js', 'tfjs plain'), all.peer('TensorFlow.js, products rewritten for its fast kernel', 'tfjs tuned'), all.peer('jax-js', 'jax')]
  try {
    const small = { kind: 'training', size: '4M', trainable: 'lora', shape: { batch: 8, length: 256, positions: 512 } } as const
    const large = { kind: 'training', size: '135M', trainable: 'lora', shape: { batch: 1, length: 256, positions: 64 } } as const
    return [
      ...(await table('LoRA step, 4 M parameters, 8 × 256 tokens', '4M', small, [ours, pytorch, onnxsim, wasm, plain, tuned, jax], setting)),
      ...(setting.small ? [] : await table('LoRA step, SmolLM2-135M, 256 tokens', '135M', large, [ours, pytorch, onnxsim, wasm, tuned, jax], setting)),
    ]
  } finally {
    await all.close()
  }
}

/** 64 greedy tokens behind a prompt of 64 that is in the cache; every library must find the same tokens. */
export async function decodePart(setting: Setting): Promise<BesideRow[]> {
  const all = new Contenders(setting)
  const { ours, wasm } = all
  const transformers = all.python('transformers', 'transformers')
  const llama = all.python('llama.cpp', 'llama.cpp')
  const quantised = all.python('llama.cpp, 8 bits a weight', 'llama.cpp', 'Q8_0', 'Q8_0: other numbers, a quarter of the memory')
  try {
    const rows: BesideRow[] = []
    for (const [size, what] of [['4M', '4 M parameters'], ['135M', 'SmolLM2-135M']] as const) {
      if (setting.small && size === '135M') continue
      for (const batch of [1, 8]) {
        const job = { kind: 'decode', size, batch, prompt: 64, tokens: 64, greedy: true } as const
        const title = `64 tokens, ${what}, ${batch === 1 ? 'one sequence' : `${batch} side by side`}`
        rows.push(...(await table(title, size, job, [ours, transformers, ...(batch === 1 ? [llama] : []), ...(batch === 1 && size === '135M' ? [quantised] : []), wasm], setting)))
      }
    }
    return rows
  } finally {
    await all.close()
  }
}
