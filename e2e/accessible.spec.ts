// axe over every view, dialog and menu, in light and dark.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, openApp, openLibrary, outcome, run, slider, test } from './page.ts'
import { view } from './training-page.ts'

/** What axe finds in this state of the page, in words. The second scheme of colours differs in colours alone. */
async function check(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // What it finds right it need not describe.
    const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
    const { violations } = await (colorScheme === 'light' ? builder : builder.withRules(['color-contrast'])).analyze()
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => {
      const why = failureSummary?.replace(/^.*:\s*/, '').replace(/\s+/g, ' ').slice(0, 200) ?? ''
      return `${id}: ${target.join(' ')}: ${why}`
    }))
    expect.soft(found, `${where}, ${colorScheme}`).toEqual([])
  }
}

/** The first Escape may close the hover card of a word that has the focus. */
async function closeDialog(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 1000 })
  }).toPass()
}

test('axe finds nothing in any view, dialog or menu', async ({ page }) => {
  test.setTimeout(240_000)
  await openApp(page)
  await check(page, 'Watch before the first episode')
  const parts = page.getByRole('region', { name: 'What Run plays' }).locator('button[aria-haspopup="dialog"]')
  for (const part of await parts.all()) {
    const name = await part.innerText()
    await part.click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, `the part ${name}`)
    await closeDialog(page)
  }
  await page.getByRole('button', { name: 'Examples' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await check(page, 'the examples')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Help' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await check(page, 'Help')
  await page.keyboard.press('Escape')

  await run(page)
  for (const row of await outcome(page).locator('.reward-row > button').all()) await row.click()
  await check(page, 'Watch with an episode')
  await slider(page).press('Home')
  await page.keyboard.press('t')
  await check(page, 'the first step')
  await page.locator('.term').first().focus()
  await check(page, 'a hover card')

  for (const name of ['Train', 'Group', 'Compare', 'Models', 'Experiments', 'Checkpoints']) {
    await view(page, name)
    await expect(page.locator('main[aria-busy="true"]')).toHaveCount(0)
    await check(page, `${name}, empty`)
  }
  await openLibrary(page)
  await check(page, 'Episodes')
  await page.getByRole('button', { name: /^More for/ }).first().click()
  await expect(page.getByRole('menu')).toBeVisible()
  await check(page, 'the menu of an episode')
  await page.keyboard.press('Escape')

  await view(page, 'Train')
  const plan = page.getByRole('region', { name: 'Plan of the run' }).locator('button[aria-haspopup="dialog"]')
  for (const part of await plan.all()) {
    const name = await part.innerText()
    await part.click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, `the part ${name}`)
    await closeDialog(page)
  }
  await page.getByRole('button', { name: 'All settings' }).click()
  await check(page, 'all settings of a training')
  await page.getByRole('button', { name: 'All settings' }).click()
  // A small step: what is looked at is what it shows.
  await page.evaluate(() => window.agemem.train({ preset: 'quick', b: 1, k: 2, evaluation: { every: 1, tasks: 1, seed: 1 }, until: 'step' }))
  await check(page, 'Train with a run')
  await page.getByRole('slider', { name: 'Step in all charts' }).press('Enter')
  await expect(page.getByRole('list', { name: 'Rollouts' })).toBeVisible()
  await check(page, 'Group with rollouts')
  await view(page, 'Checkpoints')
  await check(page, 'Checkpoints with one')
})

test('axe finds nothing in the list of commands, the reward’s sliders, what if, and where a person plays', async ({ page }) => {
  test.setTimeout(180_000)
  await openApp(page)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option').first()).toBeVisible()
  await check(page, 'the list of commands')
  await closeDialog(page)

  await run(page)
  await outcome(page).getByText('Change the weights').click()
  await expect(outcome(page).getByRole('slider').first()).toBeVisible()
  await check(page, 'the sliders of the reward')
  await slider(page).press('Home')
  await page.getByRole('group', { name: 'Playback' }).getByRole('button', { name: 'What if…' }).click()
  const form = page.getByRole('dialog', { name: 'What if…' })
  for (const choice of await form.getByRole('radio').all()) {
    await choice.click()
    await check(page, `what if: ${(await choice.getAttribute('value')) ?? ''}`)
  }
  await closeDialog(page)

  await openApp(page, '#policy=person')
  await page.getByRole('group', { name: 'Run', exact: true }).getByRole('button', { name: 'Run', exact: true }).click()
  const turn = page.getByRole('region', { name: 'Your turn: you are the agent' })
  await expect(turn).toBeVisible()
  for (const choice of await turn.getByRole('radio').all()) {
    await choice.check({ force: true })
    await check(page, `a person’s turn: ${(await choice.getAttribute('value')) ?? ''}`)
  }
})
