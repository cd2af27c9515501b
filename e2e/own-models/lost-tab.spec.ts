// A model that was fetched learns; its tab is lost in the middle of a lesson and of a step, and it goes on from what was kept.
import type { Page } from '@playwright/test'
import { weightsHost, type WeightsHost } from '../../src/models/kept/weights-host.fixture.ts'
import { tinyChatFiles } from '../../src/models/fixtures/tiny-chat-model.ts'
import { expect as hasty, openPage, test } from '../page.ts'
import { figure, planPart, planShortly, runs, training, view } from '../training-page.ts'

const expect = hasty.configure({ timeout: 300_000 })
test.setTimeout(900_000)

const resumed = (page: Page) => page.getByRole('group', { name: 'Training' }).getByRole('button', { name: /^Resume “/ })
const steps = (page: Page) => figure(page, 'Steps').locator('strong')

let host: WeightsHost
test.beforeEach(async ({ guard }) => {
  host = await weightsHost(await tinyChatFiles('F32'))
  guard.allow(/^request: http:\/\/127\.0\.0\.1:/)
  guard.allow(/Failed to load resource/)
})
test.afterEach(() => { host.close() })

/** Closed without being asked, and another one opened: the host of its weights is not there any more. */
async function lose(page: Page): Promise<Page> {
  const other = await page.context().newPage()
  await page.close({ runBeforeUnload: false })
  await openPage(other, '#view=train')
  return other
}

test('a tab that is lost in the middle of a lesson, or of a step, goes on from the last whole step', async ({ page: first }) => {
  let page = first
  await openPage(page, '#view=models&policy=nano')
  const models = page.getByRole('main', { name: 'Models' })
  await models.getByText('Choose one', { exact: true }).click()
  await models.getByLabel('Address of its files').fill(host.address)
  await models.getByRole('button', { name: 'Look' }).click()
  await models.getByRole('button', { name: 'Download it' }).click()
  await models.getByRole('button', { name: 'Play with tiny' }).click()
  await expect(page.getByRole('button', { name: 'Policy: tiny' }).or(page.getByText('tiny').first())).toBeVisible()
  host.close()

  await view(page, 'Train')
  await planPart(page, 'Model').click()
  await page.getByRole('radio', { name: 'tiny', exact: true }).click()
  await page.keyboard.press('Escape')
  const teach = page.getByRole('region', { name: 'Teach tiny the protocol first' })
  await teach.getByRole('slider', { name: 'Steps of the lesson' }).press('Home')
  await teach.getByRole('button', { name: 'Teach' }).click()
  await expect(steps(page)).toHaveText('1')
  page = await lose(page)
  await expect(page.getByRole('main')).toContainText(/“protocol 1” was interrupted\. 1 of \d+ steps/)
  await resumed(page).click()
  await expect(steps(page)).toHaveText('2')
  await expect(training(page, 'Train on')).toBeVisible()

  await page.getByRole('button', { name: 'Train with rewards from here' }).click()
  await planShortly(page, 4, 0)
  await training(page, 'Step').click()
  await expect(steps(page)).toHaveText('1')
  await expect(training(page, 'Resume')).toBeEnabled()
  await training(page, 'Resume').click()
  await expect(page.getByRole('main')).toContainText(/playing the rollouts, [1-9]/)
  page = await lose(page)
  await runs(page).getByRole('button', { name: /^own plan 1/ }).click()
  await training(page, 'Resume').click()
  await expect(steps(page)).toHaveText(/^[234]$/)
  await training(page, 'Stop').or(training(page, 'Train on')).click()
  await expect(training(page, 'Resume').or(training(page, 'Train on'))).toBeVisible()
  const learnt = await page.evaluate(async () => (await window.agemem.listRuns()).map(({ name, model }) => [name, model]))
  expect(learnt.slice(0, 2)).toEqual([['own plan 1', 'tiny'], ['protocol 1', 'tiny']])
})
