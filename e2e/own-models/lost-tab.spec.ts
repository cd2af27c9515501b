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
/** Steps that the run on show has made; none is on show: 0. */
const made = async (page: Page) => Number((await steps(page).allInnerTexts())[0] ?? 0)

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
  // So long that it cannot end before its tab does.
  await teach.getByRole('slider', { name: 'Steps of the lesson' }).press('End')
  await teach.getByRole('button', { name: 'Teach' }).click()
  // Its adapter is kept every ten steps.
  await expect.poll(() => made(page)).toBeGreaterThanOrEqual(10)
  page = await lose(page)
  const interrupted = page.getByText(/“protocol 1” was interrupted\. \d+ of 400 steps are kept.* Resume continues from/)
  await expect(interrupted).toBeVisible()
  const kept = Number(/(\d+) of 400/.exec(await interrupted.innerText())?.[1])
  await resumed(page).click()
  await expect.poll(() => made(page)).toBeGreaterThan(kept)
  await training(page, 'Stop').click()
  await expect(training(page, 'Resume')).toBeEnabled()
  // Each step once.
  const lesson = await page.evaluate(async () => (await window.agemem.listRuns())[0])
  expect(lesson?.supervised?.steps.map(({ step }) => step)).toEqual(Array.from({ length: lesson?.steps ?? 0 }, (_, i) => i + 1))
  expect(lesson?.steps).toBeGreaterThan(kept)

  await page.getByRole('button', { name: 'Train with rewards from here' }).click()
  await planShortly(page, 4, 0)
  await training(page, 'Step').click()
  await expect(steps(page)).toHaveText('1')
  await expect(training(page, 'Resume')).toBeEnabled()
  await training(page, 'Resume').click()
  await expect(page.getByRole('main')).toContainText(/Step 2 of 4: playing the rollouts, [1-9]/)
  page = await lose(page)
  await runs(page).getByRole('button', { name: /^own plan 1 interrupted, 1 of 4 steps/ }).click()
  // Not to the end: a model that answers nothing is paused by itself after two such steps.
  await training(page, 'Step').click()
  await expect(steps(page)).toHaveText('2')
  await expect(training(page, 'Resume')).toBeEnabled()
  const learnt = await page.evaluate(async () => (await window.agemem.listRuns()).map(({ name, model }) => [name, model]))
  expect(learnt.slice(0, 2)).toEqual([['own plan 1', 'tiny'], ['protocol 1', 'tiny']])
})
