// What a person waits for when nano plays and learns in the built page: the first token after opening
// it, an episode, eight rollouts side by side against one after another, a training step of quick by its parts, a move of a
// reward slider over that step's 32 rollouts. In a headless Chromium, on wasm.
import { spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { chromium, type Browser, type Page } from '@playwright/test'
import { z } from 'zod'
import { given } from '../cli/given.ts'
import { findChromium } from '../scripts/find-chromium.mjs'
import type { StepMetrics } from '../src/core/training/metrics.ts'

given({
  command: 'npm run bench:nano',
  does: 'Measures what a person waits for when nano plays and learns in the built page, in a headless Chromium. Minutes.',
  schema: z.object({}),
  takes: {},
})
const port = 4176
const address = `http://127.0.0.1:${port}/`
const openings = 5
const tasks = 10
const groups = 5
/** Of training; the first, in which programs are compiled, is not counted. */
const steps = 9
const moves = 40

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
const seconds = (values: readonly number[]) => `median ${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}, n = ${values.length})`

async function openFresh(browser: Browser, hash: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  // tsx names functions through a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.goto(`${address}${hash}`)
  return page
}

/** Seconds from opening the page, nothing cached, to the first text of nano's first reply. */
async function timeFirstToken(browser: Browser): Promise<number> {
  const page = await openFresh(browser, '')
  await page.getByRole('group', { name: 'Run', exact: true }).getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('.live-reply, .step').first().waitFor()
  const time = await page.evaluate(() => performance.now())
  await page.context().close()
  return time / 1000
}

/** Seconds of each of some episodes played one after another, and of groups of eight played in lockstep; the first group, for which workers are started, by itself. */
async function timePlay(browser: Browser) {
  const page = await openFresh(browser, '#policy=nano')
  const found = await page.evaluate(
    async ({ tasks, groups }) => {
      await window.agemem.runEpisode({ task: 1 })
      const timed = async (play: () => Promise<unknown>) => {
        const started = performance.now()
        await play()
        return (performance.now() - started) / 1000
      }
      const episodes = []
      for (let task = 1; task <= tasks; task++) episodes.push(await timed(() => window.agemem.runEpisode({ task })))
      const starting = await timed(() => window.agemem.runGroup({ task: groups + 1, rollouts: 8 }))
      const oneByOne = []
      const lockstep = []
      for (let task = 1; task <= groups; task++) {
        // The same eight rollouts' worth of work: other luck of one task, each alone.
        oneByOne.push(await timed(async () => { for (let seed = 1; seed <= 8; seed++) await window.agemem.runGroup({ task, seed, rollouts: 1 }) }))
        lockstep.push(await timed(() => window.agemem.runGroup({ task, rollouts: 8 })))
      }
      return { episodes, starting, oneByOne, lockstep }
    },
    { tasks, groups },
  )
  await page.context().close()
  return found
}

/** The steps of quick, from one seed, and milliseconds from a key on a slider to the page with new rewards. */
async function timeTraining(browser: Browser) {
  const page = await openFresh(browser, '#policy=nano')
  const trained = await page.evaluate(async (steps) => {
    const { agemem } = window
    await agemem.runEpisode({ task: 1 })
    const run = await agemem.train({ preset: 'quick', seed: 1, steps })
    return (await agemem.exportRun(run.key))?.steps ?? []
  }, steps)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Group/ }).click()
  await page.getByRole('button', { name: new RegExp(`, step ${steps}$`) }).click()
  const slider = page.getByRole('complementary', { name: 'Weights of the reward' }).getByRole('slider', { name: 'w_context, context' })
  await slider.press('Home')
  const moved = await slider.evaluate(async (thumb, moves) => {
    const rewards = () => [...document.querySelectorAll('.column-reward')].map(({ textContent }) => textContent).join()
    const value = () => thumb.getAttribute('aria-valuenow')
    // Behind whatever React has scheduled, without a timer's delay.
    const soon = () => new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => { resolve() }
      port2.postMessage(null)
    })
    const first = rewards()
    const times: number[] = []
    for (let i = 0; i < moves; i++) {
      const before = value()
      const from = performance.now()
      thumb.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
      while (value() === before) {
        if (performance.now() - from > 2000) throw new Error('A key moved no slider.')
        await soon()
      }
      // Style and layout of what changed are part of the wait.
      document.body.getBoundingClientRect()
      times.push(performance.now() - from)
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    if (rewards() === first) throw new Error('The slider moved and no reward changed.')
    return times
  }, moves)
  const scoring = await page.locator('.weights-took').innerText()
  await page.context().close()
  return { trained, moved, scoring }
}

function printTraining({ trained, moved, scoring }: Awaited<ReturnType<typeof timeTraining>>): void {
  const counted = trained.slice(1)
  const of = (part: keyof StepMetrics['seconds']) => counted.map(({ seconds }) => seconds[part])
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  console.log(`a training step of quick             ${seconds(of('total'))}; the first ${(trained[0]?.seconds.total ?? NaN).toFixed(2)} s`)
  for (const part of ['rollout', 'scoring', 'update', 'other'] as const) console.log(`  ${part.padEnd(35)}${seconds(of(part))}, ${((100 * sum(of(part))) / sum(of('total'))).toFixed(1)} %`)
  console.log(`a move of a reward slider            median ${median(moved).toFixed(1)} ms (${Math.min(...moved).toFixed(1)} to ${Math.max(...moved).toFixed(1)}, n = ${moved.length}), the page brought up to date; ${scoring}`)
}

const server = spawn('npx', ['vite', 'preview', '--port', String(port), '--strictPort', '--host', '127.0.0.1'], { stdio: 'ignore', detached: true })
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  for (let attempt = 0; attempt < 50 && !(await fetch(address).then(({ ok }) => ok, () => false)); attempt++) await new Promise((resolve) => setTimeout(resolve, 200))
  const first: number[] = []
  for (let i = 0; i < openings; i++) first.push(await timeFirstToken(browser))
  const { episodes, starting, oneByOne, lockstep } = await timePlay(browser)
  const learnt = await timeTraining(browser)
  const ratio = oneByOne.map((time, i) => time / (lockstep[i] ?? NaN))
  console.log(`${cpus()[0]?.model ?? 'CPU'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? ''}`)
  console.log(`opening the page to the first token  ${seconds(first)}`)
  console.log(`one episode                          ${seconds(episodes)}`)
  console.log(`8 rollouts one after another         ${seconds(oneByOne)}`)
  console.log(`8 rollouts in lockstep               ${seconds(lockstep)}`)
  console.log(`the first such group                 ${starting.toFixed(2)} s, its workers' start included`)
  console.log(`lockstep is faster by                ${median(ratio).toFixed(1)} (${Math.min(...ratio).toFixed(1)} to ${Math.max(...ratio).toFixed(1)})`)
  printTraining(learnt)
} finally {
  await browser.close()
  if (server.pid !== undefined) process.kill(-server.pid)
}
