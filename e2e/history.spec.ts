// Back and Forward: each view, run, group and episode that was on show is an entry of the browser's history, a moment under
// the scrubber is none, and what was on show is on show again.
import type { Page } from '@playwright/test'
import { choose, control, episodeRows, expect, notices, openApp, openLibrary, openPage, outcome, part, playback, run, slider, startSlowly, test } from './page.ts'
import { columns, figure, planShortly, runs, training, view } from './training-page.ts'

const entries = (page: Page) => page.evaluate(() => history.length)
const shownView = (page: Page) => page.getByRole('navigation', { name: 'Views' }).locator('[aria-current="page"]')
/** Key of the episode that the address names. */
const episodeIn = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get('episode')

test('Back and Forward go through views and episodes, a scrub is no entry', async ({ page }) => {
  await openApp(page)
  const before = await entries(page)
  await run(page)
  await expect(page).toHaveURL(/episode=/)
  const first = episodeIn(page)
  await choose(page, 'Policy', 'store-all')
  await run(page)
  await expect.poll(() => episodeIn(page)).not.toBe(first)
  await expect.poll(() => entries(page)).toBe(before + 2)

  // Every step of a replay, and every key on the slider.
  await playback(page, 'First step').click()
  await slider(page).focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/step=7/)
  await page.getByRole('textbox', { name: 'Seed' }).fill('123')
  await page.getByRole('textbox', { name: 'Seed' }).press('Enter')
  await expect(page).toHaveURL(/seed=123/)
  expect(await entries(page)).toBe(before + 2)

  // As fast as somebody can click: each is an entry, and the step is kept that was on show last.
  await view(page, 'Models')
  await view(page, 'Compare')
  await view(page, 'Episodes')
  await expect.poll(() => entries(page)).toBe(before + 5)
  await expect(page).toHaveURL(/view=episodes/)
  for (const name of ['Compare', 'Models', 'Watch']) {
    await page.goBack()
    await expect(shownView(page)).toHaveText(name)
  }
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '7')
  await expect(part(page, 'Policy')).toContainText('store-all')
  await expect(page.getByRole('textbox', { name: 'Seed' })).toHaveValue('123')
  await page.goBack()
  await expect.poll(() => episodeIn(page)).toBe(first)
  await expect(part(page, 'Policy')).toContainText('oracle')
  await expect(outcome(page)).toContainText('The answer is right')
  await page.goBack()
  await expect(page.getByRole('heading', { name: /Press Run to watch/ })).toBeVisible()
  for (let i = 0; i < 5; i++) await page.goForward()
  await expect(shownView(page)).toContainText('Episodes')
  // Nothing was played again, and going to and fro has made no entries.
  await expect(episodeRows(page)).toHaveCount(2)
  expect(await entries(page)).toBe(before + 5)
})

test('Back from an episode that plays goes to the one before, and Forward shows what was played of it', async ({ page }) => {
  await openApp(page)
  await run(page)
  await expect(page).toHaveURL(/episode=/)
  const first = episodeIn(page)
  await startSlowly(page, '4×', 4)
  await expect.poll(() => episodeIn(page)).not.toBe(first)
  // Elsewhere and back: it plays on.
  await view(page, 'Models')
  await page.goBack()
  await expect(control(page, 'Pause')).toBeVisible()
  await page.goBack()
  await expect.poll(() => episodeIn(page)).toBe(first)
  await expect(outcome(page)).toContainText('The answer is right')
  await page.goForward()
  await expect.poll(() => episodeIn(page)).not.toBe(first)
  await expect.poll(async () => Number(await slider(page).getAttribute('aria-valuemax'))).toBeGreaterThanOrEqual(4)
})

test('what was deleted stays deleted when Back comes to it', async ({ page }) => {
  await openApp(page)
  await run(page)
  await expect(page).toHaveURL(/episode=/)
  await openLibrary(page)
  await episodeRows(page).nth(0).getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(episodeRows(page)).toHaveCount(0)
  await page.goBack()
  await expect(notices(page)).toContainText('not kept any more')
  await expect(page.getByRole('heading', { name: /Press Run to watch/ })).toBeVisible()
  expect(await page.evaluate(async () => (await window.agemem.listEpisodes()).length)).toBe(0)
})

test('a link put into the address is an entry, and Back comes from it to what was on show', async ({ page }) => {
  await openApp(page)
  await run(page)
  await expect(page).toHaveURL(/episode=/)
  const first = episodeIn(page)
  await page.evaluate(() => { location.hash = '#view=models&policy=store-none&seed=9' })
  await expect(shownView(page)).toHaveText('Models')
  await page.goBack()
  await expect(shownView(page)).toHaveText('Watch')
  await expect.poll(() => episodeIn(page)).toBe(first)
  await expect(part(page, 'Policy')).toContainText('oracle')
  await page.goForward()
  await expect(shownView(page)).toHaveText('Models')
  await expect(page).toHaveURL(/policy=store-none&seed=9/)
})

test('Back stays in the page while it trains; runs, groups and rollouts come back; leaving asks first', async ({ page }) => {
  test.setTimeout(300_000)
  await openPage(page)
  await planShortly(page, 2, 0)
  await training(page, 'Train').click()
  await expect(page.getByRole('status').filter({ hasText: /Step \d+ of 2/ })).toBeVisible({ timeout: 60_000 })
  await view(page, 'Watch')
  await page.goBack()
  await expect(shownView(page)).toContainText('Train')

  await test.step('leaving in the middle of a step asks first, and staying goes on', async () => {
    const asked = page.waitForEvent('dialog')
    const leaving = page.evaluate(() => { location.reload() })
    const dialog = await asked
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    await leaving
    await expect(figure(page, 'Steps').locator('strong')).toHaveText('2', { timeout: 120_000 })
    await expect(notices(page)).toContainText('has made its 2 steps', { timeout: 60_000 })
  })

  await test.step('steps, tasks and rollouts are places', async () => {
    await page.getByRole('button', { name: 'Rollouts of step 2', exact: true }).click()
    await expect(columns(page)).toHaveCount(4)
    await page.waitForTimeout(1100)
    await page.getByRole('button', { name: 'Previous step' }).click()
    await expect(page).toHaveURL(/view=group.*run_step=1/)
    await expect(columns(page)).toHaveCount(4)
    await page.getByRole('region', { name: 'Group' }).focus()
    await page.keyboard.press('Enter')
    await expect(slider(page)).toBeVisible()
    const rollout = episodeIn(page)
    await page.goBack()
    await expect(page.getByRole('spinbutton', { name: 'Step of the run' })).toHaveValue('1')
    await page.goBack()
    await expect(page.getByRole('spinbutton', { name: 'Step of the run' })).toHaveValue('2')
    await page.goBack()
    await expect(shownView(page)).toContainText('Train')
    await expect(figure(page, 'Steps').locator('strong')).toHaveText('2')
    for (let i = 0; i < 3; i++) await page.goForward()
    await expect.poll(() => episodeIn(page)).toBe(rollout)
    await expect(outcome(page)).toBeVisible()
  })

  await test.step('a reload asks nothing now, and shows the same rollout, the same group, the same run', async () => {
    let dialogs = 0
    page.on('dialog', (dialog) => {
      dialogs++
      void dialog.accept()
    })
    await page.reload()
    await expect(outcome(page)).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('spinbutton', { name: 'Step of the run' })).toHaveValue('1')
    await page.reload()
    await expect(columns(page)).toHaveCount(4)
    await expect(page.getByRole('spinbutton', { name: 'Step of the run' })).toHaveValue('1')
    await view(page, 'Train')
    await runs(page).getByRole('button', { name: /^own plan 1/ }).click()
    await page.reload()
    await expect(figure(page, 'Steps').locator('strong')).toHaveText('2')
    expect(dialogs).toBe(0)
  })

  await test.step('a run that is deleted is gone for Back too', async () => {
    const kept = runs(page).getByRole('button', { name: 'More for “own plan 1”' })
    await kept.click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(kept).toHaveCount(0)
    await page.goBack()
    await expect(notices(page)).toContainText('not kept in this browser, or was deleted')
  })
})
