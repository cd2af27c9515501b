// The page as its users meet it, by roles and names: opens it, plays on it, reads what it shows. Every test that takes
// `test` from here also proves that the page was quiet: no console errors, no request to another origin, nothing that its
// content security policy or a worker's forbids.
import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test'
import type { Trajectory } from '../src/core/record/trajectory.ts'

export { expect }

/** The page's database, as its users see it in the DevTools. */
export const databaseName = 'agemem-playground'

interface Guard {
  /** Watches one more context: the test's own is watched already. */
  watch(context: BrowserContext): void
  /** A console error that the test brings about on purpose. */
  allow(pattern: RegExp): void
}

/** Runs in the page and in workers: says in the console what the policy forbade. An eval that is caught says nothing there itself. */
function tellViolations(): void {
  new ReportingObserver((reports) => {
    for (const { body } of reports) {
      if (body && 'effectiveDirective' in body && 'blockedURL' in body) console.error(`forbidden by the content security policy: ${String(body.effectiveDirective)} ${String(body.blockedURL)}`)
    }
  }, { types: ['csp-violation'], buffered: true }).observe()
}

export const test = base.extend<{ guard: Guard }>({
  guard: [
    async ({ context, baseURL }, use) => {
      const problems: string[] = []
      const allowed: RegExp[] = []
      const watch = (each: BrowserContext) => {
        void each.addInitScript(tellViolations)
        each.on('page', (page) => {
          page.on('worker', (worker) => {
            // One that has ended, or is blocked as a thread that waits, does not answer.
            worker.evaluate(tellViolations).catch(() => undefined)
          })
        })
        each.on('console', (message) => {
          if (message.type() === 'error') problems.push(`console: ${message.text()}`)
        })
        each.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`))
        each.on('request', (request) => {
          const { protocol, origin } = new URL(request.url())
          if (protocol.startsWith('http') && origin !== baseURL) problems.push(`request: ${request.url()}`)
        })
      }
      watch(context)
      await use({ watch, allow: (pattern) => allowed.push(pattern) })
      expect(problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)))).toEqual([])
    },
    { auto: true },
  ],
})

/** A hash in which the oracle plays unless it says who does: these tests are about the page, and want to know what comes. */
function withOracle(hash: string): string {
  if (hash.includes('policy=')) return hash
  return hash === '' ? '#policy=oracle' : `${hash}&policy=oracle`
}

/** Opens the page, with a link's hash if given, as somebody who has seen the introduction. */
export async function openApp(page: Page, hash = ''): Promise<void> {
  await openPage(page, withOracle(hash))
}

/** The same, as it comes: nano plays. */
export async function openPage(page: Page, hash = ''): Promise<void> {
  await page.addInitScript(() => {
    try {
      localStorage.setItem('agemem.tour', 'seen')
      // These tests are about what is made in them. What comes with the page has tests of its own.
      localStorage.setItem('agemem.shipped', 'hidden')
    } catch {
      // The browser of this test keeps nothing.
    }
  })
  await page.goto(`./${hash}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('AgeMem Playground')
}

/**
 * Reloads the page, and waits for the episode that its address names: until then it has the last word on the view. Two
 * that stand beside each other have no timeline.
 */
export async function reload(page: Page): Promise<void> {
  await page.reload()
  const url = page.url()
  if (url.includes('episode=') && !url.includes('view=') && !url.includes('beside=')) await expect(slider(page)).toBeVisible()
}

const runGroup = (page: Page): Locator => page.getByRole('group', { name: 'Run', exact: true })
/** Run, Step, Pause, Resume, Stop beside the sentence. */
export const control = (page: Page, name: 'Run' | 'Step' | 'Pause' | 'Resume' | 'Stop'): Locator => runGroup(page).getByRole('button', { name, exact: true })
/** The playback buttons of the timeline. */
export const playback = (page: Page, name: string): Locator => page.getByRole('group', { name: 'Playback' }).getByRole('button', { name, exact: true })
export const slider = (page: Page): Locator => page.getByRole('slider', { name: 'Step', exact: true })
export const speed = (page: Page): Locator => page.getByRole('combobox', { name: 'Speed' })
export const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' })
export const notices = (page: Page): Locator => page.getByRole('list', { name: 'Notices' })
export const conversation = (page: Page): Locator => page.getByRole('region', { name: 'Conversation' })
export const notSavedBanner = (page: Page): Locator => page.getByText('Nothing is being saved.')
/** A part of the sentence, such as `Policy`. */
export const part = (page: Page, label: string): Locator => page.getByRole('region', { name: 'What Run plays' }).getByRole('button', { name: new RegExp(`^${label}:`) })

/** Opens a part of the sentence, chooses, and closes it again. */
export async function choose(page: Page, label: string, ...options: string[]): Promise<void> {
  await part(page, label).click()
  const popover = page.getByRole('dialog', { name: label })
  for (const option of options) await popover.getByRole('radio', { name: option, exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(popover).toHaveCount(0)
}

/** Presses Run and waits for the end, as fast as it goes. */
export async function run(page: Page): Promise<void> {
  await control(page, 'Run').click()
  await speed(page).selectOption('max')
  await expect(outcome(page)).toBeVisible()
}

/** Presses Run at a pace that leaves time to do something, and waits until so many steps are there. */
export async function startSlowly(page: Page, pace: '½×' | '1×' | '2×' | '4×', steps: number): Promise<void> {
  // The control is there from the first step of the first episode on.
  if (await speed(page).isVisible()) await speed(page).selectOption(pace)
  await control(page, 'Run').click()
  await speed(page).selectOption(pace)
  await expect.poll(() => stepCount(page)).toBeGreaterThanOrEqual(steps)
}

/** The step on show, from 1. */
export async function stepShown(page: Page): Promise<number> {
  return Number(await slider(page).getAttribute('aria-valuenow'))
}

/** How many steps the episode on show has so far. */
export async function stepCount(page: Page): Promise<number> {
  return Number(await slider(page).getAttribute('aria-valuemax'))
}

/** A number as the page writes it: with a real minus sign, and commas between thousands. */
export function readNumber(text: string): number {
  const found = /[+−]?[\d,]+(\.\d+)?/.exec(text)?.[0] ?? ''
  return Number(found.replace('−', '-').replaceAll(',', '') || Number.NaN)
}

export interface ShownOutcome {
  answer: string
  expected: string
  /** Two decimals. */
  reward: number
  /** Value and points of each component, by its name on the page. */
  components: Record<string, { value: number; points: number }>
}

/** The outcome as it is written at the end of the conversation. */
export async function readOutcome(page: Page): Promise<ShownOutcome> {
  // The others do not wait for what is to come.
  const total = await outcome(page).getByRole('region', { name: 'Reward' }).locator('.reward-total strong').innerText()
  const answers = await outcome(page)
    .locator('dl.answers > div')
    .evaluateAll((rows) => rows.map((row) => [row.querySelector('dt')?.textContent ?? '', row.querySelector('dd')?.textContent ?? ''] as const))
  const rows = await outcome(page)
    .locator('.reward-row > button')
    .evaluateAll((buttons) => buttons.map((button) => ['.reward-name', '.reward-value', '.reward-points'].map((each) => button.querySelector(each)?.textContent ?? '')))
  const said = new Map(answers)
  return {
    answer: said.get('Answer') ?? '',
    expected: said.get('Expected') ?? '',
    reward: readNumber(total),
    components: Object.fromEntries(rows.map(([name = '', value = '', points = '']) => [name, { value: readNumber(value), points: readNumber(points) }])),
  }
}

/** The messages that the short-term panel shows as being in the window, each opened to its full text. */
export async function readContext(page: Page): Promise<{ content: string; tokens: number }[]> {
  const rows = page.getByRole('list', { name: 'Messages in the context' }).locator('li[data-fresh]:not([data-gone])')
  await rows.locator('button[aria-expanded="false"]').evaluateAll((closed) => { closed.forEach((button) => { (button instanceof HTMLElement ? button : null)?.click() }) })
  return rows.evaluateAll((items) =>
    items.map((item) => {
      const text = item.querySelector('.context-text')
      const label = text?.querySelector('.unseen')?.textContent ?? ''
      return { content: (text?.textContent ?? '').slice(label.length), tokens: Number(item.querySelector('.number')?.textContent) }
    }),
  )
}

/** The messages that the short-term panel shows as filtered out in this step. */
export async function readFiltered(page: Page): Promise<string[]> {
  const rows = page.getByRole('list', { name: 'Messages in the context' }).locator('li[data-gone="filtered"] .context-text')
  return rows.evaluateAll((texts) => texts.map((text) => (text.textContent ?? '').slice((text.querySelector('.unseen')?.textContent ?? '').length)))
}

export interface ShownMemory {
  id: string
  content: string
}

/** The entries that the long-term panel shows as being there, oldest first. */
export async function readMemory(page: Page): Promise<ShownMemory[]> {
  const cards = page.getByRole('list', { name: 'Entries of the long-term memory' }).locator('li:not([data-change="deleted"])')
  return cards.evaluateAll((items) => items.map((item) => ({ id: item.querySelector('.memory-id')?.textContent ?? '', content: item.querySelector(':scope > .wrote')?.textContent ?? '' })))
}

/** The newest recorded episode, as the page's console gives it. */
export async function newestRecorded(page: Page): Promise<Trajectory> {
  const trajectory = await page.evaluate(async () => {
    const [newest] = await window.agemem.listEpisodes()
    return newest ? window.agemem.exportEpisode(newest.key) : null
  })
  if (!trajectory) throw new Error('No episode is recorded.')
  return trajectory
}

/** Opens the list of recorded episodes. */
export async function openLibrary(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Episodes/ }).click()
  await expect(page.getByRole('main', { name: 'Recorded episodes' })).toBeVisible()
}

/** Lines of the list of recorded episodes, newest first. */
export const episodeRows = (page: Page): Locator => page.getByRole('main', { name: 'Recorded episodes' }).locator('.grid-lines').getByRole('row')

/** Drops a file on the page, as from the desktop. */
export async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  const carried = await page.evaluateHandle(
    ([fileName, base64]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], fileName))
      return transfer
    },
    [name, (typeof content === 'string' ? Buffer.from(content) : content).toString('base64')] as const,
  )
  for (const type of ['dragenter', 'dragover', 'drop']) await page.locator('body').dispatchEvent(type, { dataTransfer: carried })
}
