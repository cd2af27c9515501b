// The page in two languages, its list of commands, and a link to what is on show.
import { expect, openApp, run, test } from './page.ts'

test('the page follows the browser, a switch changes it at once, and the choice lasts', async ({ browser, baseURL, guard }) => {
  const context = await browser.newContext({ locale: 'zh-CN', baseURL })
  guard.watch(context)
  const page = await context.newPage()
  await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  await page.goto('./#policy=oracle&episode=abc')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.getByRole('navigation').getByRole('button', { name: '观看' })).toBeVisible()
  // Prompts, tools and records stay as they are: they are the experiment.
  await expect(page.getByText('Feridan Works was founded in 1907.').first()).toBeVisible()
  await page.getByRole('button', { name: '语言：English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Watch' })).toBeVisible()
  await expect(page.getByText('Feridan Works was founded in 1907.').first()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Watch' })).toBeVisible()
  await context.close()
})

test('the list of commands does what it says, and a link is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openApp(page)
  await page.keyboard.press('Control+k')
  const search = page.getByRole('combobox', { name: 'What do you want to do?' })
  await expect(search).toBeFocused()
  await search.fill('go to mod')
  await expect(page.getByRole('option')).toHaveText(['Go to Models'])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page).toHaveURL(/view=models/)
  await page.keyboard.press('Control+k')
  // What belongs to another view is not offered.
  await expect(page.getByRole('option', { name: 'One step' })).toHaveCount(0)
  await search.fill('copy')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The link is copied.')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
  await page.getByRole('navigation').getByRole('button', { name: 'Watch' }).click()
  await run(page)
})
