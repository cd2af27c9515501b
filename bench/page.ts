// How long until the page shows what was asked for? A view, the first time and again, from the press until
// it is painted; a step of the timeline by key, from the press until the next paint (the browser's own Event Timing).
import { cpus, loadavg } from 'node:os'
import type { Page } from '@playwright/test'
import { preview } from 'vite'
import { z } from 'zod'
import { given } from '../cli/given.ts'
import { wholeNumber } from '../cli/options.ts'
import { openBrowser } from './browser.ts'

const values = given({
  command: 'npm run bench:page',
  does: 'Measures how long the built page takes until it shows what was asked for: a view, and a step of the timeline by key.',
  schema: z.object({ rounds: wholeNumber(1, 1000).default(5), steps: wholeNumber(1, 100_000).default(200) }),
  takes: { rounds: 'through all views; 5 when left out', steps: 'of the timeline; 200 when left out' },
})

/** Presses a view's button, and gives the milliseconds until its heading is painted. */
async function open(page: Page, view: string): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const button = [...document.querySelectorAll('header nav button, header nav a')].find((each) => each.textContent.trim().startsWith(name))
        if (!(button instanceof HTMLElement)) { reject(new Error(`No button ${name}.`)); return }
        const from = performance.now()
        const shown = () => button.getAttribute('aria-current') === 'page' && (document.querySelector('main:not([aria-busy="true"])')?.childElementCount ?? 0) > 0
        const look = () => {
          if (!shown()) { requestAnimationFrame(look); return }
          // Behind the frame in which it was seen: painted.
          requestAnimationFrame(() => { setTimeout(() => { resolve(performance.now() - from) }) })
        }
        button.click()
        look()
      }),
    view,
  )
}

function line(what: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(0)
  return `${what}: median ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)} ms (${sorted.length})\n`
}

const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
const browser = await openBrowser()
try {
  const [address] = server.resolvedUrls?.local ?? []
  if (address === undefined) throw new Error('The server has no address.')
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  await page.goto(`${address}#policy=oracle&seed=3`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
  await page.getByRole('region', { name: 'Outcome' }).waitFor()
  const views = (await page.locator('header nav button, header nav a').allInnerTexts()).map((text) => text.trim().split('\n')[0] ?? '')
  process.stdout.write(`${cpus()[0]?.model ?? ''} × ${cpus().length}, load ${loadavg()[0]?.toFixed(1) ?? ''}\n`)
  const first: number[] = []
  const again: number[] = []
  for (let round = 0; round <= values.rounds; round++) {
    for (const view of [...views.slice(1), views[0] ?? '']) {
      const took = await open(page, view)
      ;(round === 0 ? first : again).push(took)
      if (round === 0) process.stdout.write(`${view}, first: ${took.toFixed(0)} ms\n`)
      await page.waitForTimeout(300)
    }
  }
  process.stdout.write(line('a view, the first time', first) + line('a view, again', again))

  await page.evaluate(() => {
    const scrubs: number[] = []
    Object.assign(window, { scrubs })
    const threshold = { type: 'event', buffered: false, durationThreshold: 16 }
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (entry.name === 'keydown') scrubs.push(entry.duration) }).observe(threshold)
  })
  await page.getByRole('slider', { name: 'Step', exact: true }).focus()
  await page.keyboard.press('Home')
  let forward = true
  for (let step = 0; step < values.steps; step++) {
    if (step % 20 === 19) forward = !forward
    await page.keyboard.press(forward ? 'ArrowRight' : 'ArrowLeft')
    await page.waitForTimeout(60)
  }
  const scrubs = await page.evaluate(() => ('scrubs' in window && Array.isArray(window.scrubs) ? window.scrubs.map(Number) : []))
  // A step that takes less than 16 ms is not told by the browser.
  process.stdout.write(line('a step by key', [...Array.from({ length: values.steps - scrubs.length }, () => 15), ...scrubs]))
} finally {
  await browser.close()
  await server.close()
}
