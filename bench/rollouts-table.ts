// Does the table of all rollouts stay smooth? Fills a browser's database with a run of so many rollouts,
// opens the table in the built page, scrolls, searches, sorts, filters, and tells the long tasks of the page meanwhile.
import { cpus, loadavg } from 'node:os'
import type { Page } from '@playwright/test'
import { preview } from 'vite'
import { z } from 'zod'
import { given } from '../cli/given.ts'
import { wholeNumber } from '../cli/options.ts'
import { playHeadless, worldTaskOf } from '../e2e/headless.ts'
import { runRecord, stepMetrics } from '../src/core/training/runs.fixture.ts'
import { stepRowsOf, stepRowsVersion, type StepRows } from '../src/core/training/rollout-rows.ts'
import { databaseName } from '../src/storage/storage.ts'
import { openBrowser } from './browser.ts'

const values = given({
  command: 'npm run bench:table',
  does: 'Fills a browser\'s database with a run, scrolls, searches, sorts and filters the table of its rollouts in the built page, and tells\nthe long tasks of the page meanwhile.',
  schema: z.object({ rollouts: wholeNumber(1, 10_000_000).default(10_000), rounds: wholeNumber(1, 1000).default(3) }),
  takes: { rollouts: 'of the run; 10000 when left out', rounds: 'of everything; 3 when left out' },
})
const tasks = 4
const rolloutsOfTask = 8
const steps = Math.ceil(values.rollouts / (tasks * rolloutsOfTask))
const run = runRecord('bench', { name: 'bench', created: Date.now(), steps, status: 'finished' })

/** The lines of one step, of episodes that were really played: texts are as long as nano's. */
async function playedRows(): Promise<StepRows> {
  const played = await Promise.all(
    Array.from({ length: tasks * rolloutsOfTask }, async (_, i) => {
      const [task, rollout] = [Math.floor(i / rolloutsOfTask), i % rolloutsOfTask]
      const trajectory = await playHeadless({ task: worldTaskOf(task + 1), policy: 'careless', seed: rollout })
      return { ...trajectory, id: { ...trajectory.id, run: run.key, batch: 1, rollout } }
    }),
  )
  return stepRowsOf(1, played, run.config)
}

/** Writes the run into the page's database, as the page keeps it. Of the rollouts themselves there is only a mark. */
async function fill(page: Page, rows: StepRows): Promise<void> {
  await page.evaluate(
    async ([name, record, metrics, lines, version, count]) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => { resolve(request.result) }
        request.onerror = () => { reject(new Error('The database could not be opened.')) }
      })
      const transaction = db.transaction(['runs', 'steps', 'rollouts', 'rolloutRows'], 'readwrite')
      transaction.objectStore('runs').put(record)
      for (let step = 1; step <= count; step++) {
        const of = { run: record.key, step }
        transaction.objectStore('steps').put({ ...of, metrics: { ...metrics, step } })
        transaction.objectStore('rollouts').put({ ...of, bytes: 1, gzip: new Uint8Array(1) })
        transaction.objectStore('rolloutRows').put({ ...of, version, rows: { ...lines, step } })
      }
      await new Promise((resolve) => { transaction.oncomplete = resolve })
      db.close()
    },
    [databaseName, run, stepMetrics(1), rows, stepRowsVersion, steps] as const,
  )
}

interface Measured {
  what: string
  /** ms */
  took: number
  /** Of more than 50 ms each. */
  longTasks: number[]
}

/** Does something, and gives the long tasks of the page meanwhile. */
async function measured(page: Page, what: string, deed: () => Promise<void>): Promise<Measured> {
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(window, { longTasks: tasks })
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) tasks.push(Math.round(duration)) }).observe({ type: 'longtask' })
  })
  const from = performance.now()
  await deed()
  const took = Math.round(performance.now() - from)
  const longTasks = await page.evaluate(() => ('longTasks' in window && Array.isArray(window.longTasks) ? window.longTasks.map(Number) : []))
  return { what, took, longTasks }
}

async function scroll(page: Page, by: number): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    await page.mouse.wheel(0, turn < 150 ? by : -3 * by)
    await page.waitForTimeout(16)
  }
}

const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
const browser = await openBrowser()
try {
  const [address] = server.resolvedUrls?.local ?? []
  if (address === undefined) throw new Error('The server has no address.')
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  // tsx names functions through a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  await page.goto(`${address}#view=models`)
  await page.evaluate(() => window.agemem.listRuns())
  const rows = await playedRows()
  await fill(page, rows)
  const found: Measured[] = []
  const status = page.getByRole('search').getByRole('status')
  const all = (steps * tasks * rolloutsOfTask).toLocaleString('en')
  await page.goto(`${address}#view=group&run=${run.key}`)
  await page.reload()
  found.push(await measured(page, 'reading', async () => { await status.getByText(`${all} / ${all}`).waitFor({ timeout: 120_000 }) }))
  const grid = page.getByRole('grid')
  await grid.hover()
  for (let round = 0; round < values.rounds; round++) {
    found.push(
      await measured(page, 'scrolling by the wheel, 120 px a turn', () => scroll(page, 120)),
      await measured(page, 'dragging the bar, 600 px a turn', () => scroll(page, 600)),
      await measured(page, 'keys: end, page up, home', async () => {
        await grid.getByRole('row').nth(3).focus()
        for (const key of ['End', 'PageUp', 'PageUp', 'ArrowUp', 'Home', 'PageDown']) await page.keyboard.press(key)
      }),
      await measured(page, 'search', async () => {
        await page.getByRole('searchbox').pressSequentially('remember', { delay: 60 })
        await status.getByText(` / ${all}`).waitFor()
        await page.getByRole('searchbox').fill('')
        await status.getByText(`${all} / ${all}`).waitFor()
      }),
      await measured(page, 'sort by reward and back', async () => {
        const head = page.getByRole('columnheader', { name: 'Reward' }).getByRole('button')
        for (let click = 0; click < 3; click++) await head.click()
      }),
      await measured(page, 'filter: wrong ones', async () => {
        await page.getByRole('combobox', { name: 'Outcome' }).selectOption('wrong')
        await page.getByRole('combobox', { name: 'Outcome' }).selectOption('any')
        await status.getByText(`${all} / ${all}`).waitFor()
      }),
    )
  }
  process.stdout.write(`${all} rollouts, ${cpus()[0]?.model ?? ''} × ${cpus().length}, load ${loadavg()[0]?.toFixed(1) ?? ''}\n`)
  for (const { what, took, longTasks } of found) {
    process.stdout.write(`${what}: ${took} ms, ${longTasks.length === 0 ? 'no long task' : `long tasks ${longTasks.join(', ')} ms`}\n`)
  }
} finally {
  await browser.close()
  await server.close()
}
