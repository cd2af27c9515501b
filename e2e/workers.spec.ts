// A background worker that dies in the middle of an episode: the page says so, can start another one, and nothing that
// was recorded is lost.
import type { Page } from '@playwright/test'
import { playHeadless, worldTaskOf } from './headless.ts'
import { control, drop, episodeRows, expect, newestRecorded, notices, openApp, openLibrary, outcome, reload, run, slider, startSlowly, stepCount, test } from './page.ts'

/** Ends the thread of a worker, as a crash does: nobody in the page is told. */
async function crash(page: Page, name: 'lab' | 'memory'): Promise<void> {
  const worker = page.workers().find((each) => each.url().includes(`${name}.worker`))
  if (!worker) throw new Error(`There is no ${name} worker.`)
  const gone = worker.waitForEvent('close')
  // A thread that ends gives no answer.
  void worker.evaluate(() => { close() }).catch(() => undefined)
  await gone
}

/** How many workers serve: each thread holds a lock from the moment at which it begins to. */
const serving = (page: Page) => page.evaluate(async () => (await navigator.locks.query()).held?.filter(({ name }) => name?.startsWith('agemem-worker-')).length)

const alert = (page: Page) => page.getByRole('alert').filter({ hasText: 'A background worker stopped.' })

for (const [name, words] of [['lab', 'It was the one that plays episodes.'], ['memory', 'It was the one that keeps the memories.']] as const) {
  test(`the ${name} worker dies in the middle of an episode`, async ({ page }) => {
    await openApp(page)
    await run(page)
    const earlier = await newestRecorded(page)
    await startSlowly(page, '4×', 6)
    await crash(page, name)
    await expect(alert(page)).toContainText(words)
    // What was played is still on show, and can be scrubbed.
    const seen = await stepCount(page)
    expect(seen).toBeGreaterThanOrEqual(6)
    await expect(outcome(page)).toContainText('The episode could not go on')
    await slider(page).focus()
    await page.keyboard.press('Home')
    await expect(slider(page)).toHaveAttribute('aria-valuenow', '1')

    await alert(page).getByRole('button', { name: 'Restart' }).click()
    await expect(alert(page)).toHaveCount(0)
    await expect(notices(page)).toContainText('Restarted.')
    await openLibrary(page)
    await expect(episodeRows(page)).toHaveCount(2)
    const interrupted = await newestRecorded(page)
    expect(interrupted.status).toBe('partial')
    expect(interrupted.steps.length).toBeGreaterThanOrEqual(seen - 4)
    const whole = await playHeadless({ task: worldTaskOf(1), policy: 'oracle', key: interrupted.id.run })
    expect(interrupted.steps).toEqual(whole.steps.slice(0, interrupted.steps.length))
    expect(await page.evaluate((key) => window.agemem.exportEpisode(key), earlier.id.run)).toEqual(earlier)

    await page.getByRole('button', { name: 'Watch', exact: true }).click()
    await run(page)
    await expect(outcome(page)).toContainText('The answer is right')
    await reload(page)
    await openLibrary(page)
    await expect(episodeRows(page)).toHaveCount(3)
    expect(await page.evaluate((key) => window.agemem.exportEpisode(key), earlier.id.run)).toEqual(earlier)
  })
}

test('both workers die, one after the other', async ({ page }) => {
  await openApp(page)
  await run(page)
  await crash(page, 'memory')
  await crash(page, 'lab')
  await expect(alert(page)).toBeVisible()
  await alert(page).getByRole('button', { name: 'Restart' }).click()
  await expect(alert(page)).toHaveCount(0)
  await run(page)
  await expect(outcome(page)).toContainText('The answer is right')
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(2)
})

test('whoever presses Run instead of Restart is told why nothing happens', async ({ page }) => {
  await openApp(page)
  await run(page)
  await crash(page, 'lab')
  await expect(alert(page)).toBeVisible()
  await control(page, 'Run').click()
  await expect(page.getByRole('main')).toContainText('The lab worker is gone')
  await drop(page, 'letter.json', 'Dear all')
  await expect(notices(page)).toContainText('The lab worker is gone')
  await alert(page).getByRole('button', { name: 'Restart' }).click()
  await expect(alert(page)).toHaveCount(0)
  // What the restart has cured is not said any more.
  await expect(notices(page)).toContainText('Restarted.')
  await expect(notices(page)).not.toContainText('worker is gone')
  await expect(page.getByRole('main')).not.toContainText('worker is gone')
  await run(page)
  await expect(outcome(page)).toContainText('The answer is right')
})

test('a worker that dies while the page is idle can be replaced many times', async ({ page }) => {
  await openApp(page)
  await run(page)
  for (let time = 1; time <= 3; time++) {
    await crash(page, 'memory')
    await alert(page).getByRole('button', { name: 'Restart' }).click()
    await expect(alert(page)).toHaveCount(0)
    await run(page)
    await expect(outcome(page)).toContainText('The answer is right')
  }
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(4)
})

for (const [what, code] of [['ends before it has begun', 'close()'], ['cannot be run', 'this is no program']] as const) {
  test(`a worker that ${what} is noticed, and can be replaced`, async ({ page, guard }) => {
    guard.allow(/uncaught: .*SyntaxError|Unexpected identifier/)
    await page.route(/lab\.worker/, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${code};\n${await response.text()}` })
    }, { times: 1 })
    await page.clock.install()
    await openApp(page)
    // The two others serve: before, they would count as ones that do not start.
    if (code === 'close()') await expect.poll(() => page.workers().filter((each) => each.url().includes('lab.worker')).length).toBe(0)
    await expect.poll(() => serving(page)).toBe(2)
    await control(page, 'Run').click()
    await page.clock.fastForward(31_000)
    await expect(alert(page)).toContainText('It was the one that plays episodes.')
    await alert(page).getByRole('button', { name: 'Restart' }).click()
    await expect(alert(page)).toHaveCount(0)
    await run(page)
    await expect(outcome(page)).toContainText('The answer is right')
  })
}

test('a page that is opened again and left alone still has its workers after half a minute', async ({ page }) => {
  await page.clock.install()
  await openApp(page)
  await expect.poll(() => serving(page)).toBe(3)
  await page.waitForTimeout(500)
  await page.clock.fastForward(31_000)
  await page.waitForTimeout(1500)
  await expect(alert(page)).toHaveCount(0)
  await run(page)
  await expect(outcome(page)).toContainText('The answer is right')
})
