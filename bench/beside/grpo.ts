// GRPO steps, whole: 32 episodes of the preset quick with nano, eight rollouts of the preset for pretrained models with
// SmolLM2-135M, played, rewarded and learnt from. Ours in the built page in Chromium and on the command line; TRL from the folder
// that `export` writes of that run.
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

const tsx = (args: readonly string[], minutes: number) => run(process.execPath, [join(project, 'node_modules/tsx/dist/cli.mjs'), join(project, 'cli/main.ts'), ...args], { cwd: project, maxBuffer: 2 ** 28, timeout: minutes * 60_000 })

/** To see that it runs: two episodes. */
const tiny = { b: 1, k: 2 }

interface Work {
  title: string
  preset: 'quick' | 'pretrained'
  /** A GGUF file, from the adapter that comes with the project; null: nano, from a fresh one. */
  model: string | null
  /** Of the preset's plan, what is set in another way. */
  set: Readonly<Record<string, number>>
  steps: { ours: number; trl: number }
  /** Minutes for all steps of one. */
  patience: number
}

const nanoWork: Work = { title: 'GRPO step of quick, nano, 32 episodes', preset: 'quick', model: null, set: {}, steps: { ours: 5, trl: 3 }, patience: 5 }
const realWork = (model: string): Work => ({ title: 'GRPO step of eight rollouts, SmolLM2-135M', preset: 'pretrained', model, set: { b: 1, k: 8, 'evaluation.every': 0 }, steps: { ours: 4, trl: 3 }, patience: 60 })

/** Seconds of each step in the built page. */
async function inChromium(browser: Browser, { steps, set, preset }: Work): Promise<number[]> {
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
      const trained = await window.agemem.train({ seed: 1, ...options })
      return ((await window.agemem.exportRun(trained.key))?.steps ?? []).map(({ seconds }) => seconds.total)
    }, { preset, steps: steps.ours, ...set })
  } finally {
    await page.close()
    await server.close()
  }
}

/** Seconds of each step on the command line. @param folder where the run is kept */
async function onNode(folder: string, { steps, set, preset, model, patience }: Work, threads: number): Promise<number[]> {
  const settings = Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const from = model === null ? [] : ['--model', model, '--adapter', join(project, 'public/models/smollm2-135m-instruct/adapter')]
  await tsx(['train', '--out', folder, '--preset', preset, '--seed', '1', '--threads', String(threads), ...from, '--steps', String(steps.ours), ...settings], 2 * patience)
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
async function inTrl(python: string, folder: string, { steps, model, patience }: Work, threads: number): Promise<number[]> {
  const zip = join(folder, 'trl.zip')
  // The tasks of the steps that are planned go with the export.
  const kept = await TrainFolder.open(folder)
  if (model !== null) await kept.plan({ ...kept.run.config, steps: kept.run.step + steps.trl })
  await tsx(['export', '--run', folder, '--for', 'trl', '--out', zip], patience)
  const place = join(folder, 'trl')
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), bytes)
  }
  // What is timed is the step: nothing is evaluated or saved between. It begins where our run began, with the same tasks; a model
  // that has been taught the protocol, with the adapter that it has been trained to since.
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
  const child = spawn(python, ['train_agemem.py', ...(model === null ? ['--model', join(project, 'public/models/nano'), '--fresh'] : ['--model', model]), '--steps', String(steps.trl)], {
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
  if (code !== 0 || times.length === 0) throw new Error(code === null ? `it did not finish ${steps.trl} steps within ${patience} minutes` : `TRL's script ended with ${code}: ${errors.trim().split('\n').at(-1) ?? ''}`)
  return times
}

async function rowsOf(work: Work, { browser, python, folder, threads, say }: Setting): Promise<BesideRow[]> {
  const kept = join(folder, `run-${work.preset}`)
  const measured = async (name: string, place: 'browser' | 'native', library: string, seconds: () => Promise<number[]>): Promise<BesideRow> => {
    say(`${work.title}: ${name}`)
    const row = { table: work.title, name, place, library, tokens_per_second: null, note: null }
    try {
      // In the first one programs are compiled, or built.
      const times = (await seconds()).slice(1)
      say(`  ${times.map((each) => each.toFixed(1)).join(', ')} s`)
      return { ...row, milliseconds: summarise(times.map((each) => 1000 * each)), problem: null }
    } catch (error) {
      return { ...row, milliseconds: null, problem: messageOf(error).split('\n')[0] ?? '' }
    }
  }
  const node = await measured('ours, Node', 'native', 'onnxruntime-node', () => onNode(kept, work, threads))
  const trl = await measured('TRL (PyTorch, transformers)', 'native', 'TRL 1.16 on PyTorch', () => {
    if ('problem' in python) throw new Error(python.problem)
    const problem = python.problems.get('pytorch')
    if (problem !== undefined) throw new Error(problem)
    return inTrl(python.path, kept, work, threads)
  })
  // A tab would have to be given the file by hand.
  if (work.model !== null) return [node, trl]
  return [node, trl, await measured('ours, Chromium', 'browser', 'onnxruntime-web on WebAssembly', () => inChromium(browser, work))]
}

export async function grpoPart(setting: Setting): Promise<BesideRow[]> {
  const trying = setting.rounds === 1
  const works = [nanoWork, ...(setting.small || setting.model === null ? [] : [realWork(setting.model)])]
  const rows: BesideRow[] = []
  for (const work of works) rows.push(...(await rowsOf(trying ? { ...work, set: { ...work.set, ...tiny }, steps: { ours: 2, trl: 2 } } : work, setting)))
  return rows
}
