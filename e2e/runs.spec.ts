// What becomes of a run in the built page: stopped, deleted and brought back, exported and read again.
import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { drop, expect, notices, openPage, test } from './page.ts'
import { columns, figure, planShortly, runs, training, view } from './training-page.ts'

test('a run can be stopped, deleted and brought back, exported and read again', async ({ page, context }) => {
  test.setTimeout(300_000)
  await openPage(page)
  // Long enough that it cannot end by itself meanwhile.
  await planShortly(page, 90, 0)
  await training(page, 'Step').click()
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('1', { timeout: 120_000 })
  await expect(training(page, 'Resume')).toBeEnabled({ timeout: 60_000 })

  await test.step('Stop gives up the present step and keeps the others', async () => {
    await training(page, 'Resume').click()
    await expect(page.getByRole('status').filter({ hasText: /Step \d+ of 90/ })).toBeVisible({ timeout: 60_000 })
    const other = await context.newPage()
    await openPage(other)
    await view(other, 'Train')
    await expect(runs(other)).toContainText('training in another tab')
    await runs(other).getByRole('button', { name: /^own plan 1/ }).click()
    await training(other, 'Step').click()
    await expect(other.getByRole('main')).toContainText('This run is being trained in another tab', { timeout: 60_000 })
    await other.close()
    await training(page, 'Stop').click()
    await expect(training(page, 'Resume')).toBeEnabled({ timeout: 60_000 })
    await expect(figure(page, 'Steps').locator('strong')).toHaveText(/^[1-9]\d*$/)
  })
  const made = Number(await figure(page, 'Steps').locator('strong').innerText())
  const kept = runs(page).getByRole('button', { name: /^own plan 1/ })
  const more = () => runs(page).getByRole('button', { name: 'More for “own plan 1”' }).click()

  await test.step('a deletion can be undone', async () => {
    await more()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(kept).toHaveCount(0)
    await notices(page).getByRole('button', { name: 'Undo' }).click()
    await expect(kept).toHaveCount(1)
  })

  await test.step('the whole run goes into a file and comes back, rollouts included', async () => {
    await more()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export the whole run (zip)' }).click()
    const file = readFileSync(await (await download).path())
    const files = unzipSync(file)
    expect(Object.keys(files)).toEqual(['run.json', 'steps.jsonl', 'evaluations.jsonl', 'trajectories.jsonl', 'metrics.csv', 'evaluations.csv'])
    expect(new TextDecoder().decode(files['trajectories.jsonl']).trimEnd().split('\n')).toHaveLength(4 * made)
    await drop(page, 'run.zip', file)
    await expect(notices(page)).toContainText('“own plan 1” is here', { timeout: 30_000 })
    await expect(kept).toHaveCount(2)
    // It is shown, and can only be looked at.
    await expect(training(page, 'New run with this plan')).toBeVisible()
    await expect(training(page, 'Resume')).toHaveCount(0)
    await page.getByRole('button', { name: `Rollouts of step ${made}`, exact: true }).click()
    await expect(columns(page)).toHaveCount(4)
  })
})
