// Teaching the protocol in the built page, with the embedded model: the lesson's numbers and charts, a stop and a resume, a
// reload, and a training with rewards that begins from what was learnt.
import { expect, openPage, test } from './page.ts'
import { figure, planShortly, runs, training, view } from './training-page.ts'

test('teach, stop, resume, reload, and plan rewards from there', async ({ page }) => {
  test.setTimeout(400_000)
  await openPage(page)
  await view(page, 'Train')
  const teach = page.getByRole('region', { name: 'Teach nano the protocol first' })
  await teach.getByRole('heading').click()
  const steps = teach.getByRole('slider', { name: 'Steps of the lesson' })
  await steps.focus()
  await steps.press('Home')
  for (let i = 0; i < 2; i++) await steps.press('ArrowRight')
  await teach.getByRole('button', { name: 'Teach' }).click()

  await test.step('it stops in mid-lesson, and goes on from the last whole step', async () => {
    await expect(figure(page, 'Steps').locator('strong')).toHaveText(/[12]/, { timeout: 200_000 })
    await training(page, 'Stop').click()
    await expect(training(page, 'Resume')).toBeVisible({ timeout: 60_000 })
    await training(page, 'Resume').click()
    await expect(figure(page, 'Steps').locator('strong')).toHaveText('4', { timeout: 200_000 })
    await expect(training(page, 'Train on')).toBeVisible({ timeout: 100_000 })
  })

  await test.step('what it learnt is charted, and kept', async () => {
    const charted = async () => {
      await expect(page.getByRole('img', { name: /^Loss on the teacher’s replies\. in training: from \d+\.\d+ to \d+\.\d+ at step 4; held out: from \d+\.\d+ to \d+\.\d+ at step 4\.$/ })).toBeVisible()
      await expect(page.getByRole('img', { name: /^Its own replies on held-out tasks\. well-formed replies: from \d+ % to \d+ % at step 4; right answers: / })).toBeVisible()
      await expect(figure(page, 'Well-formed replies').locator('strong')).toHaveText(/^\d+ %$/)
    }
    await charted()
    await page.reload()
    await view(page, 'Train')
    await runs(page).getByRole('button', { name: /^protocol 1/ }).click()
    await charted()
  })

  await test.step('training with rewards begins from it', async () => {
    await page.getByRole('button', { name: 'Train with rewards from here' }).click()
    await expect(page.getByRole('region', { name: 'Plan of the run' })).toContainText('nano, starting from “Step 4”')
    await planShortly(page, 1, 0)
    await expect(page.getByRole('region', { name: 'Plan of the run' })).toContainText('nano, starting from “Step 4”')
    await training(page, 'Step').click()
    await expect(figure(page, 'Steps').locator('strong')).toHaveText('1', { timeout: 200_000 })
  })
})
