// Does nano learn in the built page? Trains the preset quick from each seed in a headless Chromium,
// on wasm, for so many minutes at most, then plays the same held-out tasks with the base model and with what was trained.
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { chromium, type Browser, type Page } from '@playwright/test'
import { z } from 'zod'
import { given, numberFrom } from '../cli/given.ts'
import { wholeNumber } from '../cli/options.ts'
import { findChromium } from '../scripts/find-chromium.mjs'
import type { EvaluationMetrics } from '../src/core/evaluation/evaluation-metrics.ts'
import type { StepMetrics } from '../src/core/training/metrics.ts'

const presets = ['quick', 'answer-only'] as const
const values = given({
  command: 'npm run bench:learning',
  does: 'Trains nano from each seed in the built page, in a headless Chromium, then plays the same held-out tasks with the base model and with\nwhat was trained.',
  schema: z.object({
    seeds: z.string().regex(/^\d+(,\d+)*$/).transform((text) => text.split(',').map(Number)).default([1, 2, 3]),
    minutes: numberFrom(0).default(10),
    tasks: wholeNumber(1, 100_000).default(200),
    'evaluation-seed': wholeNumber(0, 2 ** 32 - 1).default(7),
    preset: z.enum(presets).default('quick'),
    out: z.string().min(1).optional(),
    'only-trained': z.boolean().default(false),
  }),
  takes: {
    seeds: 'whole numbers, with commas between; 1,2,3 when left out',
    minutes: 'of training at most, for each seed; 10 when left out',
    tasks: 'how many are held out; 200 when left out',
    'evaluation-seed': 'of the held-out tasks; 7 when left out',
    preset: `one of ${presets.join(', ')}; quick when left out`,
    out: 'a file of everything measured, JSON',
    'only-trained': 'no value: the base model is not measured',
  },
  flags: ['only-trained'],
})
const { seeds, minutes, tasks, preset } = values
const evaluationSeed = values['evaluation-seed']

/** Sampled as it is trained, and greedy. */
const temperatures = [1, 0]

const port = 4177
const address = `http://127.0.0.1:${port}/`

interface Learnt {
  seed: number
  /** Of the training, evaluations in its course included. */
  minutes: number
  steps: StepMetrics[]
  /** Of what was trained, on the held-out tasks, by temperature. */
  after: EvaluationMetrics[]
}

/** The page in a browser without a past, its model loaded. */
async function openFresh(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  // tsx names functions through a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.goto(`${address}#policy=nano`)
  await page.evaluate(() => window.agemem.runEpisode({ task: 1 }))
  return page
}

const manners = ['sampled', 'greedy']
const number = (value: number) => value.toFixed(3)
const within = (value: number, [low, high]: readonly [number, number]) => `${number(value)} [${number(low)}, ${number(high)}]`
const percent = (share: { mean: number } | null) => (share ? `${(100 * share.mean).toFixed(1)} %` : '–')

function describe({ summary, habits, format_violations }: EvaluationMetrics): string {
  const { reward, intervals } = summary
  return [
    `task ${within(reward.task, intervals.reward.task)}`,
    `reward ${within(reward.total, intervals.reward.total)}`,
    `quality ${number(summary.memory_quality)}`,
    `recall ${number(summary.fact_recall)}`,
    `adds ${percent(habits.add_fact)}`,
    `updates ${percent(habits.update_correction)}`,
    `filters ${percent(habits.filter_episode)}`,
    `retrieves ${percent(habits.retrieve_first)}`,
    `replies that break the protocol ${percent(format_violations)}`,
  ].join(', ')
}

/** On the held-out tasks, by temperature. @param adapter null: the base model */
async function measure(page: Page, adapter: string | null): Promise<EvaluationMetrics[]> {
  return page.evaluate(
    async ({ adapter, tasks, evaluationSeed, temperatures }) => {
      const measured = []
      for (const temperature of temperatures) {
        const [one] = await window.agemem.evaluate({ adapters: [adapter], tasks, seed: evaluationSeed, temperature })
        if (one) measured.push(one.evaluation)
      }
      return measured
    },
    { adapter, tasks, evaluationSeed, temperatures },
  )
}

/** Trains from a seed, says how that went, and measures what came of it. */
async function learn(browser: Browser, seed: number): Promise<Learnt> {
  const page = await openFresh(browser)
  const trained = await page.evaluate(
    async ({ seed, minutes, preset }) => {
      const { agemem } = window
      const began = performance.now()
      const training = agemem.train({ preset, seed })
      const limit = setTimeout(() => void agemem.pause(), minutes * 60_000)
      const run = await training
      clearTimeout(limit)
      const spent = (performance.now() - began) / 60_000
      const exported = await agemem.exportRun(run.key)
      const [last] = (await agemem.listCheckpoints(run.key)).sort((a, b) => b.step - a.step)
      if (!exported || !last) throw new Error('Nothing was trained.')
      return { minutes: spent, steps: exported.steps, adapter: last.key }
    },
    { seed, minutes, preset },
  )
  const { steps } = trained
  const mean = (part: keyof StepMetrics['seconds']) => steps.slice(1).reduce((sum, { seconds }) => sum + seconds[part], 0) / Math.max(1, steps.length - 1)
  const parts = (['rollout', 'scoring', 'update', 'other', 'total'] as const).map((part) => `${part} ${mean(part).toFixed(1)} s`).join(', ')
  console.log(`seed ${seed}: ${steps.length} steps in ${trained.minutes.toFixed(1)} min; a step but the first: ${parts}`)
  const after = await measure(page, trained.adapter)
  for (const [i, how] of manners.entries()) if (after[i]) console.log(`  ${how}: ${describe(after[i])}`)
  await page.context().close()
  return { seed, minutes: trained.minutes, steps, after }
}

const server = spawn('npx', ['vite', 'preview', '--port', String(port), '--strictPort', '--host', '127.0.0.1'], { stdio: 'ignore', detached: true })
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  for (let attempt = 0; attempt < 50 && !(await fetch(address).then(({ ok }) => ok, () => false)); attempt++) await new Promise((resolve) => setTimeout(resolve, 200))
  console.log(`${cpus()[0]?.model ?? 'CPU'}, ${cpus().length} cores, preset ${preset}`)
  const fresh = await openFresh(browser)
  const before = values['only-trained'] ? [] : await measure(fresh, null)
  await fresh.context().close()
  for (const [i, how] of manners.entries()) if (before[i]) console.log(`base, ${how}: ${describe(before[i])}`)
  const trained: Learnt[] = []
  for (const seed of seeds) {
    trained.push(await learn(browser, seed))
    if (values.out) await writeFile(values.out, JSON.stringify({ before, trained }))
  }
} finally {
  await browser.close()
  if (server.pid !== undefined) process.kill(-server.pid)
}
