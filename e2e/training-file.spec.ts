// Training on a file of questions in the built page: dropped, chosen in the plan, trained, reloaded, resumed.
import { drop, expect, notices, openPage, reload, test } from './page.ts'
import { allSettings, figure, planPart, planShortly, runs, training, view } from './training-page.ts'

/** Made-up questions: where somebody works, told in two paragraphs. */
const file = JSON.stringify(
  Array.from({ length: 30 }, (_, i) => ({
    _id: `made-up-${i}`,
    question: `In which town does Person ${i} work?`,
    answer: `Town ${i}`,
    type: 'bridge',
    context: [[`Person ${i}`, [`Person ${i} works at Mill ${i}.`]], [`Mill ${i}`, [`Mill ${i} stands in Town ${i}.`]], [`Lake ${i}`, [`Lake ${i} is deep.`]]],
    supporting_facts: [[`Person ${i}`, 0], [`Mill ${i}`, 0]],
  })),
)

test('drop a file, plan with it, train, reload, resume', async ({ page }) => {
  test.setTimeout(600_000)
  await openPage(page)
  await view(page, 'Train')
  await drop(page, 'made-up.json', file)
  await expect(notices(page)).toContainText('made-up.json: 30 tasks read. Choose it under the tasks of the plan to train on it.')
  await allSettings(page)
  await planPart(page, 'Tasks of training').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^made-up\.json/ }).click()
  await expect(dialog.getByRole('slider', { name: 'Share held out' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Plan of the run' })).toContainText('questions of HotpotQA from made-up.json (2 distractors at most, 20 % held out)')
  await planShortly(page, 2, 1)
  await training(page, 'Step').click()
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('1', { timeout: 240_000 })
  await expect(training(page, 'Resume')).toBeVisible({ timeout: 120_000 })

  await reload(page)
  await view(page, 'Train')
  await runs(page).getByRole('button', { name: /^own plan 1/ }).click()
  await training(page, 'Resume').click()
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('2', { timeout: 240_000 })
  await expect(notices(page)).toContainText('has made its 2 steps', { timeout: 120_000 })

  const kept = await page.evaluate(async () => {
    const [run] = await window.agemem.listRuns()
    if (!run) return null
    const rollouts = await Promise.all([1, 2].map((step) => window.agemem.rollouts(run.key, step)))
    const exported = await window.agemem.exportRun(run.key)
    return { tasks: rollouts.flat().map(({ task }) => [task.source, task.split]), evaluated: exported?.evaluations.map(({ step, tasks }) => [step, tasks]) }
  })
  expect(kept?.tasks).toEqual(Array.from({ length: 8 }, () => ['hotpotqa', 'train']))
  expect(kept?.evaluated?.map(([step]) => step)).toEqual([0, 1, 2])
})
