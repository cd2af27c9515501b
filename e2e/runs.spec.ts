// What becomes of a run in the built page: stopped, deleted and brought back, exported and read again.
import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { databaseName, drop, expect, notices, notSavedBanner, openPage, test } from './page.ts'
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

test('a run that was interrupted comes first, says how far it got, and is not blamed for a worker that was replaced', async ({ page }) => {
  test.setTimeout(300_000)
  await openPage(page)
  await planShortly(page, 90, 0)
  await training(page, 'Step').click()
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('1', { timeout: 120_000 })
  await expect(training(page, 'Resume')).toBeEnabled({ timeout: 60_000 })
  await training(page, 'Resume').click()
  await expect(page.getByRole('main')).toContainText(/playing the rollouts, [1-9]/, { timeout: 60_000 })
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto('about:blank')
  await openPage(page)
  await view(page, 'Train')
  await expect(page.getByRole('main')).toContainText(/“own plan 1” was interrupted\. \d+ of 90 steps (is|are) kept; Resume continues from/)
  const resume = page.getByRole('group', { name: 'Training' }).getByRole('button', { name: 'Resume “own plan 1”' })
  await expect(resume).toHaveAttribute('data-look', 'primary')
  await expect(training(page, 'Train')).toHaveAttribute('data-look', 'plain')
  await resume.click()
  await expect(page.getByRole('main')).toContainText(/playing the rollouts, [1-9]/, { timeout: 60_000 })

  const lab = page.workers().find((worker) => worker.url().includes('lab.worker'))
  const gone = lab?.waitForEvent('close')
  void lab?.evaluate(() => { close() }).catch(() => undefined)
  await gone
  await expect(page.getByRole('main')).toContainText('Training stopped with an error.')
  await page.getByRole('button', { name: 'Restart' }).click()
  await expect(notices(page)).toContainText('Restarted.')
  await expect(page.getByRole('main')).not.toContainText('Training stopped with an error.')
  await expect(page.getByRole('main')).toContainText('This run was interrupted.')
  await expect(training(page, 'Resume')).toHaveAttribute('data-look', 'primary')
})

test('a database that another tab deletes: the run claims what is left, and says what is gone', async ({ page, context }) => {
  test.setTimeout(300_000)
  await openPage(page)
  await planShortly(page, 2, 0)
  await training(page, 'Train').click()
  await expect(notices(page)).toContainText('has made its 2 steps', { timeout: 240_000 })
  // Another visit: this tab has made none of these steps.
  await page.goto('about:blank')
  await openPage(page)
  await view(page, 'Train')
  await expect(runs(page)).toContainText('2 of 2 steps')
  const other = await context.newPage()
  await openPage(other)
  await other.evaluate((name) => { indexedDB.deleteDatabase(name) }, databaseName)
  await expect(notSavedBanner(page)).toBeVisible()
  await other.close()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(notSavedBanner(page)).toHaveCount(0)
  await expect(runs(page)).toContainText('0 of 2 steps')
  await runs(page).getByRole('button', { name: /^own plan 1/ }).click()
  await expect(page.getByRole('main')).toContainText('Parts of this run are missing. Not kept any more: steps 1 to 2.')
  const kept = await page.evaluate(async () => {
    const [run] = await window.agemem.listRuns()
    return run && { steps: run.steps, metrics: (await window.agemem.exportRun(run.key))?.steps.length, gone: run.gone }
  })
  expect(kept).toEqual({ steps: 0, metrics: 0, gone: { steps: [[1, 2]], rollouts: [[1, 2]] } })
})
