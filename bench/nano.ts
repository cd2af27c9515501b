// npm run bench:nano: what a person waits for when nano plays in the built page: the first token after opening it, an
// episode, eight rollouts side by side against one after another. In a headless Chromium, on wasm.
import { spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { chromium, type Browser, type Page } from '@playwright/test'
import { findChromium } from '../scripts/find-chromium.mjs'

const port = 4176
const address = `http://127.0.0.1:${port}/`
const openings = 5
const tasks = 10
const groups = 5

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

const server = spawn('npx', ['vite', 'preview', '--port', String(port), '--strictPort', '--host', '127.0.0.1'], { stdio: 'ignore', detached: true })
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  for (let attempt = 0; attempt < 50 && !(await fetch(address).then(({ ok }) => ok, () => false)); attempt++) await new Promise((resolve) => setTimeout(resolve, 200))
  const first: number[] = []
  for (let i = 0; i < openings; i++) first.push(await timeFirstToken(browser))
  const { episodes, starting, oneByOne, lockstep } = await timePlay(browser)
  const ratio = oneByOne.map((time, i) => time / (lockstep[i] ?? NaN))
  console.log(`${cpus()[0]?.model ?? 'CPU'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? ''}`)
  console.log(`opening the page to the first token  ${seconds(first)}`)
  console.log(`one episode                          ${seconds(episodes)}`)
  console.log(`8 rollouts one after another         ${seconds(oneByOne)}`)
  console.log(`8 rollouts in lockstep               ${seconds(lockstep)}`)
  console.log(`the first such group                 ${starting.toFixed(2)} s, its workers' start included`)
  console.log(`lockstep is faster by                ${median(ratio).toFixed(1)} (${Math.min(...ratio).toFixed(1)} to ${Math.max(...ratio).toFixed(1)})`)
} finally {
  await browser.close()
  if (server.pid !== undefined) process.kill(-server.pid)
}
