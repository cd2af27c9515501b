// A GRPO step of the preset quick with nano, whole: 32 episodes played, rewarded and learnt from. Ours in the built page in
// Chromium and on the command line; TRL from the folder that `export` writes of that run.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import type { Browser } from '@playwright/test'
import { preview } from 'vite'
import { z } from 'zod'
import { TrainFolder } from '../../cli/train-folder.ts'
import { messageOf } from '../../src/core/error-message.ts'
import { mustFit } from '../../src/core/fit.ts'
import { everywhere } from '../../serving/policy.ts'
import { summarise } from '../timing.ts'
import type { BesideRow } from './rows.ts'
import type { Setting } from './work.ts'
import type {} from '../../src/app/console.ts'

const run = promisify(execFile)
const project = resolve(import.meta.dirname, '../..')
const title = 'GRPO step of quick, nano, 32 episodes'
/** Minutes for all steps of one. */
const patience = 5

const tsx = (args: readonly string[]) => run(process.execPath, [join(project, 'node_modules/tsx/dist/cli.mjs'), join(project, 'cli/main.ts'), ...args], { cwd: project, maxBuffer: 2 ** 28, timeout: 2 * patience * 60_000 })

/** To see that it runs: two episodes instead of 32. */
const tiny = { b: 1, k: 2 }

interface Extent {
  steps: number
  whole: boolean
}

/** Seconds of each step in the built page. */
async function inChromium(browser: Browser, { steps, whole }: Extent): Promise<number[]> {
  const server = await preview({ root: project, configFile: false, base: './', logLevel: 'error', preview: { host: '127.0.0.1', port: 0, headers: everywhere } })
  const page = await browser.newPage()
  try {
    const [url = ''] = server.resolvedUrls?.local ?? []
    await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
    // tsx names functions through a helper that the page does not have.
    await page.addInitScript('globalThis.__name = (named) => named')
    await page.goto(`${url}#policy=nano`)
    return await page.evaluate(async (options) => {
      await window.agemem.runEpisode({ task: 1 })
      const trained = await window.agemem.train({ preset: 'quick', seed: 1, ...options })
      return ((await window.agemem.exportRun(trained.key))?.steps ?? []).map(({ seconds }) => seconds.total)
    }, { steps, ...(whole ? {} : tiny) })
  } finally {
    await page.close()
    await server.close()
  }
}

/** Seconds of each step on the command line. @param folder where the run is kept */
async function onNode(folder: string, { steps, whole }: Extent): Promise<number[]> {
  const fewer = whole ? [] : Object.entries(tiny).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  await tsx(['train', '--out', folder, '--preset', 'quick', '--seed', '1', '--steps', String(steps), ...fewer])
  const history = await (await TrainFolder.open(folder)).history()
  return history.steps.map(({ seconds }) => seconds.total)
}

const exportedSchema = z.looseObject({
  grpo: z.record(z.string(), z.unknown()).optional(),
  adapter_step: z.number().nullish(),
  config: z.looseObject({ evaluation: z.record(z.string(), z.unknown()) }).optional(),
})
type Exported = z.infer<typeof exportedSchema>

/** Seconds of each step as TRL logs them. @param folder with a run of ours */
async function inTrl(python: string, folder: string, steps: number, threads: number): Promise<number[]> {
  const zip = join(folder, 'trl.zip')
  await tsx(['export', '--run', folder, '--for', 'trl', '--out', zip])
  const place = join(folder, 'trl')
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), bytes)
  }
  // What is timed is the step: nothing is evaluated or saved between. It begins where our run began, with the same tasks.
  const changed = (name: string, change: (read: Exported) => void) => {
    const read = mustFit(exportedSchema, JSON.parse(readFileSync(join(place, name), 'utf8')))
    change(read)
    writeFileSync(join(place, name), JSON.stringify(read))
  }
  changed('trl_config.json', ({ grpo }) => Object.assign(grpo ?? {}, { eval_strategy: 'no', save_strategy: 'no' }))
  changed('run.json', (read) => {
    read.adapter_step = null
    Object.assign(read.config?.evaluation ?? {}, { every: 0 })
  })
  const child = spawn(python, ['train_agemem.py', '--model', join(project, 'public/models/nano'), '--fresh', '--steps', String(steps)], {
    cwd: place,
    env: { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: String(threads), PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience * 60_000,
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (text: Buffer) => { out += text.toString() })
  child.stderr.on('data', (text: Buffer) => { errors = `${errors}${text.toString()}`.slice(-3000) })
  const code = await new Promise<number | null>((ended) => child.on('close', ended))
  const times = [...out.matchAll(/'step_time': '?([\d.]+)/g)].map(([, seconds]) => Number(seconds))
  if (code !== 0 || times.length === 0) throw new Error(code === null ? `it did not finish ${steps} steps within ${patience} minutes` : `TRL's script ended with ${code}: ${errors.trim().split('\n').at(-1) ?? ''}`)
  return times
}

export async function grpoPart({ browser, python, folder, threads, rounds, say }: Setting): Promise<BesideRow[]> {
  const extent = rounds === 1 ? { steps: 2, whole: false } : { steps: 5, whole: true }
  const kept = join(folder, 'run')
  const measured = async (name: string, place: 'browser' | 'native', library: string, seconds: () => Promise<number[]>): Promise<BesideRow> => {
    say(`${title}: ${name}`)
    const row = { table: title, name, place, library, tokens_per_second: null, note: null }
    try {
      // In the first one programs are compiled, or built.
      const times = (await seconds()).slice(1)
      return { ...row, milliseconds: summarise(times.map((each) => 1000 * each)), problem: null }
    } catch (error) {
      return { ...row, milliseconds: null, problem: messageOf(error).split('\n')[0] ?? '' }
    }
  }
  const node = await measured('ours, Node', 'native', 'onnxruntime-node', () => onNode(kept, extent))
  const trl = await measured('TRL (PyTorch, transformers)', 'native', 'TRL 1.16 on PyTorch', () => {
    if ('problem' in python) throw new Error(python.problem)
    const problem = python.problems.get('pytorch')
    if (problem !== undefined) throw new Error(problem)
    // Half a minute a step on a busy machine: fewer.
    return inTrl(python.path, kept, Math.min(extent.steps, 3), threads)
  })
  return [node, trl, await measured('ours, Chromium', 'browser', 'onnxruntime-web on WebAssembly', () => inChromium(browser, extent))]
}
