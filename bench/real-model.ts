// npm run bench:model -- FILE.gguf: what a person waits for, and what it takes, when a real model plays and learns in the built
// page: the file is fetched and kept, the tab is opened again, and from the press of Run to the first token; then steps of the
// preset pretrained from the lesson that comes with the page. In a headless Chromium, on wasm, with the most memory that the
// page's process ever had.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { basename } from 'node:path'
import type { Page } from '@playwright/test'
import { preview } from 'vite'
import { z } from 'zod'
import { given, numberFrom } from '../cli/given.ts'
import { peakMemory, watchMemory } from '../e2e/outside/peak-memory.ts'
import { weightsHost } from '../src/models/kept/weights-host.fixture.ts'
import type {} from '../src/app/console.ts'
import { openBrowser } from './browser.ts'

const { file: [path = ''], steps, b, out } = given({
  command: 'npm run bench:model',
  does: 'Measures what a person waits for, and the memory it takes, when a real model plays and learns in the built page. Minutes.',
  schema: z.object({ file: z.tuple([z.string()]), steps: numberFrom(0).default(2), b: numberFrom(1).optional(), out: z.string().optional() }),
  takes: { file: 'a GGUF file, such as SmolLM2-135M-Instruct', steps: 'of the preset pretrained, where a lesson for the model comes with the page; 2', b: 'tasks of a step, of eight rollouts each; the preset has two', out: 'a file for what was measured, JSON' },
  bare: 'file',
})
const patience = 30 * 60_000
const name = basename(path)
/** As the page calls it. */
const called = new RegExp(name.replace(/\.gguf$/i, '').replace(/[^\w-]/g, '.'))

const say = (line: string) => { process.stdout.write(`${line}\n`) }
const since = (from: number) => (performance.now() - from) / 1000
const memory = () => `at most ${peakMemory()?.toFixed(2) ?? '?'} GiB so far`

/** The button that plays with it, once it is kept whole. */
const toPlay = (page: Page) => page.getByRole('main', { name: 'Models' }).getByRole('button', { name: new RegExp(`^Play with ${called.source}`) })

async function fetchModel(page: Page, address: string): Promise<void> {
  await page.goto('#view=models')
  const models = page.getByRole('main', { name: 'Models' })
  await models.getByText('Choose one', { exact: true }).click()
  await models.getByLabel('Address of its files').fill(address)
  await models.getByRole('button', { name: 'Look' }).click()
  await models.getByRole('button', { name: 'Download it' }).click()
  await toPlay(page).waitFor({ timeout: patience })
}

const host = await weightsHost(new Map([[name, readFileSync(path)]]))
const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
const browser = await openBrowser()
const stopWatching = watchMemory()
try {
  const [baseURL] = server.resolvedUrls?.local ?? []
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(120_000)
  await context.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  // tsx names functions through a helper that the page does not have.
  await context.addInitScript('globalThis.__name = (named) => named')
  say(`${cpus()[0]?.model ?? 'CPU'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? ''}; ${name}`)

  let page = await context.newPage()
  let from = performance.now()
  await fetchModel(page, `${host.address}${name}`)
  say(`fetched and kept in ${since(from).toFixed(1)} s`)
  await page.close()
  host.close()

  page = await context.newPage()
  await page.goto('#view=models')
  await toPlay(page).click()
  const run = page.getByRole('group', { name: 'Run', exact: true }).getByRole('button', { name: 'Run', exact: true })
  await run.waitFor()
  from = performance.now()
  await run.click()
  await page.locator('.live-reply').first().waitFor({ timeout: patience })
  const firstToken = since(from)
  say(`from Run to the first token, nothing loaded: ${firstToken.toFixed(1)} s; ${memory()}`)
  const playing = peakMemory()
  await page.getByRole('group', { name: 'Run', exact: true }).getByRole('button', { name: 'Stop', exact: true }).click()

  const learnt: object[] = []
  if (steps > 0) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Train/ }).click()
    await page.getByRole('region', { name: 'Plan of the run' }).getByRole('button', { name: /^Model:/ }).click()
    await page.getByRole('dialog').getByRole('radio', { name: called }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Take the lesson that comes with the page' }).click()
    await page.getByRole('region', { name: 'Plan of the run' }).getByText(/starting from/).first().waitFor()
    let key = ''
    for (let step = 1; step <= steps; step++) {
      from = performance.now()
      const run = await page.evaluate(
        ([run, steps, b]) => run === '' ? window.agemem.train({ preset: 'pretrained', ...(b === null ? {} : { b }), steps, seed: 1, until: 'step', evaluation: { every: 0, tasks: 1, seed: 1, temperature: 0 } }) : window.agemem.train({ run, until: 'step' }),
        [key, steps, b ?? null] as const,
      )
      key = run.key
      const measured = (await page.evaluate((of) => window.agemem.exportRun(of), key))?.steps.at(-1)
      if (run.steps !== step || !measured) throw new Error(`Step ${step} was not taken: ${run.status}.`)
      learnt.push({ ...measured, peak_gib: peakMemory() })
      const { rollout, update, total } = measured.seconds
      say(`step ${step}: ${since(from).toFixed(1)} s (${total.toFixed(1)}: rollouts ${rollout.toFixed(1)}, update ${update.toFixed(1)}), reward ${measured.reward.toFixed(3)}, right ${(100 * measured.success).toFixed(0)} %, ${memory()}`)
    }
  }
  if (out !== undefined) writeFileSync(out, `${JSON.stringify({ model: name, firstToken, playing, learnt }, null, 2)}\n`)
} finally {
  stopWatching()
  host.close()
  await browser.close()
  await server.close()
}
