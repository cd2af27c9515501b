// The views of training as their users meet them, by roles and names: a plan that is made in a minute, its buttons, the
// runs, charts, rollouts.
import type { Locator, Page } from '@playwright/test'
import { expect, readNumber } from './page.ts'

export const view = (page: Page, name: string) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: new RegExp(`^${name}`) }).click()
export const training = (page: Page, name: 'Train' | 'Step' | 'Pause' | 'Stop' | 'Resume' | 'Train on' | 'New run with this plan'): Locator => page.getByRole('group', { name: 'Training' }).getByRole('button', { name, exact: true })
export const planPart = (page: Page, label: string) => page.getByRole('region', { name: 'Plan of the run' }).getByRole('button', { name: new RegExp(`^${label}:`) })
/** Shows every setting of the plan, where they are not shown. */
export async function allSettings(page: Page): Promise<void> {
  const button = page.getByRole('region', { name: 'Plan of the run' }).getByRole('button', { name: 'All settings' })
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click()
}
export const runs = (page: Page) => page.getByRole('complementary', { name: 'Runs' })
export const plot = (page: Page, chart: string) => page.getByRole('figure', { name: chart, exact: true }).getByRole('img').first()
export const figure = (page: Page, label: string) => page.locator('.figure').filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })
export const columns = (page: Page) => page.getByRole('list', { name: 'Rollouts' }).getByRole('listitem', { name: /^Rollout \d/ })
export const rewards = async (page: Page) => (await columns(page).locator('.column-reward').allInnerTexts()).map(readNumber)

/** Presses keys on a slider of an open part. */
export async function press(page: Page, name: string, ...keys: string[]): Promise<void> {
  const thumb = page.getByRole('dialog').getByRole('slider', { name, exact: true })
  await thumb.focus()
  for (const key of keys) await thumb.press(key)
}

/** A plan that is made in a minute: one task, four rollouts, eight held-out tasks. */
export async function planShortly(page: Page, steps: number, evaluateEvery: number): Promise<void> {
  await view(page, 'Train')
  await allSettings(page)
  await planPart(page, 'Length of the run').click()
  await page.getByRole('spinbutton', { name: 'Planned steps' }).fill(String(steps))
  await press(page, 'B, tasks a step', 'Home')
  await press(page, 'K, rollouts of each task', 'Home', 'ArrowRight', 'ArrowRight')
  await page.keyboard.press('Escape')
  await planPart(page, 'Evaluation').click()
  // Not the term before it, whose explanation would lie over the controls.
  await expect(page.getByRole('slider', { name: 'Evaluation every so many steps' })).toBeFocused()
  await expect(page.getByRole('tooltip')).toHaveCount(0)
  await press(page, 'Evaluation every so many steps', 'Home', ...Array.from({ length: evaluateEvery }, () => 'ArrowRight'))
  await press(page, 'Held-out tasks', 'Home')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Plan of the run' })).toContainText(`${steps} step${steps === 1 ? '' : 's'} of 1 task × 4 rollouts`)
}
