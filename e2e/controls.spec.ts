// Run, Pause, Step, Resume, Stop on a live episode, and what is left of one that did not come to its end.
import { recordSchema } from '../src/core/episode/read-record.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import type { Page } from '@playwright/test'
import { playHeadless, worldTaskOf } from './headless.ts'
import { control, conversation, episodeRows, expect, newestRecorded, openApp, openLibrary, outcome, playback, readMemory, run, slider, speed, startSlowly, stepCount, stepShown, test } from './page.ts'
import { memoryAt } from '../src/core/record/replay.ts'

/** Long enough for two more steps at 4×. */
const aWhile = 500

/** A partial episode is the beginning of the whole one, and valid. */
async function expectBeginning(partial: Trajectory, stop: Trajectory['stop']): Promise<void> {
  const whole = await playHeadless({ task: worldTaskOf(1), policy: 'oracle', key: partial.id.run })
  expect(recordSchema.parse(partial)).toEqual({ ...whole, status: 'partial', stop, answer: null, steps: whole.steps.slice(0, partial.steps.length) })
}

async function expectStill(page: Page, steps: number): Promise<void> {
  await page.waitForTimeout(aWhile)
  expect(await stepCount(page)).toBe(steps)
}

test('pause holds, step plays one, resume goes on to the end', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '4×', 3)
  await control(page, 'Pause').click()
  await expect(control(page, 'Resume')).toBeVisible()
  await page.waitForTimeout(aWhile)
  const held = await stepCount(page)
  await expectStill(page, held)

  await control(page, 'Step').click()
  await expect(slider(page)).toHaveAttribute('aria-valuemax', String(held + 1))
  await control(page, 'Step').click()
  await expect(slider(page)).toHaveAttribute('aria-valuemax', String(held + 2))
  expect(await stepShown(page)).toBe(held + 2)
  await expectStill(page, held + 2)

  // The past can be looked at meanwhile; beyond its end the key plays on.
  await playback(page, 'First step').click()
  expect(await stepShown(page)).toBe(1)
  await playback(page, 'Last step').click()
  await playback(page, 'Step forward').click()
  await expect(slider(page)).toHaveAttribute('aria-valuemax', String(held + 3))

  await speed(page).selectOption('max')
  await expectStill(page, held + 3)
  await control(page, 'Resume').click()
  await expect(outcome(page)).toContainText('The answer is right')
  const recorded = await newestRecorded(page)
  expect(recorded).toEqual(await playHeadless({ task: worldTaskOf(1), policy: 'oracle', key: recorded.id.run }))
})

test('an episode can be played step by step from the first', async ({ page }) => {
  await openApp(page)
  for (let step = 1; step <= 4; step++) {
    await control(page, 'Step').click()
    await expect(slider(page)).toHaveAttribute('aria-valuemax', String(step))
    await expect(conversation(page).getByRole('button', { name: /^Go to step/ })).toHaveCount(step)
  }
  await expectStill(page, 4)
  await expect(control(page, 'Resume')).toBeVisible()
})

test('the past stays on show while the episode goes on', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '4×', 4)
  await playback(page, 'First step').click()
  const before = await stepCount(page)
  await expect.poll(() => stepCount(page)).toBeGreaterThan(before)
  expect(await stepShown(page)).toBe(1)
  await speed(page).selectOption('max')
  await expect(control(page, 'Run')).toBeVisible()
  expect(await stepShown(page)).toBe(1)
  await expect(outcome(page)).toHaveCount(0)
})

test('a stopped episode is a valid beginning, listed as such, and reopens', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '4×', 6)
  await control(page, 'Stop').click()
  await expect(outcome(page)).toContainText('Stopped before the end')
  await expect(page.getByRole('contentinfo', { name: 'Timeline' })).toContainText('no reward')
  await expect(control(page, 'Run')).toBeEnabled()
  const stopped = await newestRecorded(page)
  expect(stopped.steps.length).toBeGreaterThanOrEqual(6)
  expect(stopped.steps.length).toBe(await stepCount(page))
  await expectBeginning(stopped, 'aborted')
  expect(await readMemory(page)).toEqual(memoryAt(stopped, stopped.steps.length - 1, 'after').map(({ id, content }) => ({ id, content })))

  await page.goto('about:blank')
  await openApp(page)
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(1)
  await expect(episodeRows(page).nth(0)).toContainText('stopped')
  await episodeRows(page).nth(0).getByText(worldTaskOf(1).query, { exact: true }).click()
  await expect(outcome(page)).toContainText('Stopped before the end')
  expect(await newestRecorded(page)).toEqual(stopped)
})

test('a paused episode can be stopped, and a new one played', async ({ page }) => {
  await openApp(page)
  await control(page, 'Step').click()
  await control(page, 'Stop').click()
  await expect(outcome(page)).toContainText('Stopped before the end')
  await run(page)
  await expect(outcome(page)).toContainText('The answer is right')
  expect(await page.evaluate(async () => (await window.agemem.listEpisodes()).map(({ status }) => status))).toEqual(['complete', 'partial'])
})

test('R starts anew in the middle of an episode, and the old one is kept as it was', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '1×', 4)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('r')
  await speed(page).selectOption('max')
  await expect(outcome(page)).toContainText('The answer is right')
  await expect.poll(() => page.evaluate(async () => (await window.agemem.listEpisodes()).map(({ status }) => status))).toEqual(['complete', 'partial'])
})

test('a page closed in the middle leaves the episode up to about that moment', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '2×', 7)
  const seen = await stepCount(page)
  await page.goto('about:blank')
  await openApp(page)
  const left = await newestRecorded(page)
  // At most half a second is lost.
  expect(left.steps.length).toBeGreaterThanOrEqual(seen - 2)
  await expectBeginning(left, 'aborted')
})
