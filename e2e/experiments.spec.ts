// Experiments: the paper's table with what came with the page, an episode of a number, and a run in the tab that is kept.
import { expect, openApp, test } from './page.ts'

test('a number of Table 3 opens its episodes, and the experiment is run here and kept', async ({ page }) => {
  test.slow()
  await openApp(page, '#view=experiments')
  await page.getByRole('button', { name: /^Table 3/ }).click()
  await expect(page).toHaveURL(/experiment=tools/)
  await page.getByRole('button', { name: /^GRPO, Update: / }).click()
  const episodes = page.getByRole('region', { name: 'Episodes: GRPO, Update' })
  await episodes.getByRole('button', { name: /^Play task 1 again/ }).first().click()
  await expect(page.getByRole('main', { name: 'Experiments' })).toHaveCount(0, { timeout: 60_000 })
  await expect(page).toHaveURL(/run=came-with-the-page/)
  await page.goBack()

  await page.getByRole('slider', { name: 'Seeds' }).press('Home')
  await page.getByRole('slider', { name: 'Tasks each' }).press('Home')
  await page.getByRole('button', { name: 'Run here' }).click()
  await expect(page).toHaveURL(/experiment=tools,[\w-]+/)
  await expect(page.getByRole('button', { name: /^GRPO, All calls: .* 4 episodes$/ })).toBeVisible({ timeout: 90_000 })
  await expect(page.getByRole('progressbar', { name: 'Progress of the experiment' })).toHaveCount(0)
  const link = new URL(page.url()).hash
  await page.goto('about:blank')
  await openApp(page, link)
  await expect(page.getByRole('button', { name: /^GRPO, All calls: .* 4 episodes$/ })).toBeVisible()
})

test('what came with the page of another model stands beside nano’s, and is a link', async ({ page }) => {
  await openApp(page, '#view=experiments')
  await page.getByRole('button', { name: /^Table 2/ }).click()
  await page.getByRole('button', { name: /^SmolLM2-135M.*, came with the page$/ }).click()
  const settings = page.getByLabel('How it was made')
  await expect(settings).toContainText(/^SmolLM2-135M.*every arm begins with the adapter/)
  await expect(page.getByRole('button', { name: /^AgeMem-noRL, World, as trained on: .* 24 episodes$/ })).toBeVisible()
  const link = new URL(page.url()).hash
  await page.goto('about:blank')
  await openApp(page, link)
  await expect(settings).toContainText('SmolLM2-135M')
})
