// What somebody does by hand: writes a task, is the agent, lets a group be played, asks what if.
import type { Page } from '@playwright/test'
import { choose, control, conversation, expect, newestRecorded, openApp, outcome, part, playback, reload, run, test } from './page.ts'

const turn = (page: Page) => page.getByRole('region', { name: 'Your turn: you are the agent' })
const line = (page: Page) => page.getByRole('region', { name: 'What if…' })

const mine = `+ Lena Moor works as a baker.
* Lena Moor lives in Bergen.
~2 Lena Moor lives in Tarn now.
- Tom Reed lives in Madrid.
? Where does Lena Moor live?
= Tarn`

test('a task of one’s own is typed, kept and a link; its episode is asked what if, and both stand side by side', async ({ page, context }) => {
  await openApp(page)
  await choose(page, 'Policy', 'oracle')
  await part(page, 'Task source').click()
  await page.getByRole('radio', { name: 'A task of your own' }).click()
  await page.getByRole('button', { name: 'Lines', exact: true }).click()
  await page.getByRole('textbox', { name: 'The task as lines' }).fill('+ Lena Moor lives in Bergen.')
  await expect(page.getByRole('list', { name: 'What is missing' })).toContainText('It has no question yet.')
  await page.getByRole('textbox', { name: 'The task as lines' }).fill(mine)
  await page.getByRole('button', { name: 'Form', exact: true }).click()
  await expect(page.getByRole('textbox', { name: 'Told, line 3' })).toHaveValue('Lena Moor lives in Tarn now.')
  await page.keyboard.press('Escape')
  await run(page)
  await expect(outcome(page)).toContainText('The answer is right')
  const recorded = await newestRecorded(page)
  expect(recorded).toMatchObject({ answer: 'Tarn', task: { source: 'own', query: 'Where does Lena Moor live?' } })

  // The address says all of it, also to who does not have the episode.
  const link = new URL(page.url()).hash.replace(/&episode=[\w-]+/, '')
  const elsewhere = await context.newPage()
  await openApp(elsewhere, link)
  await run(elsewhere)
  await expect(outcome(elsewhere)).toContainText('The answer is right')
  await elsewhere.close()

  const asking = recorded.steps.findIndex(({ phase }) => phase === 'answer')
  await page.getByRole('button', { name: `Go to step ${asking + 1}`, exact: true }).click()
  await playback(page, 'What if…').click()
  const form = page.getByRole('dialog', { name: 'What if…' })
  await form.getByRole('radio', { name: 'A memory' }).click()
  await form.getByRole('combobox', { name: 'Which memory' }).selectOption('m2')
  await expect(form.getByRole('textbox', { name: 'The new text' })).toHaveValue('Lena Moor lives in Tarn now.')
  await form.getByRole('textbox', { name: 'The new text' }).fill('Lena Moor lives on the moon.')
  await form.getByRole('button', { name: 'Play on from here' }).click()
  await expect(outcome(page)).toContainText('It says that it does not know')
  await expect(line(page)).toContainText('Lena Moor lives on the moon.')
  const branch = await newestRecorded(page)
  expect(branch.steps.slice(0, asking).map(({ reply }) => reply)).toEqual(recorded.steps.slice(0, asking).map(({ reply }) => reply))
  expect(branch.setup.branch).toMatchObject({ of: recorded.id.run, step: asking, change: { what: 'memory' } })

  await reload(page)
  await line(page).getByRole('button', { name: 'Beside the original' }).click()
  const pair = page.getByRole('region', { name: 'Two episodes in parallel' })
  await expect(pair.getByRole('region', { name: 'as it was (oracle)', exact: true })).toContainText('The answer is right')
  await expect(pair.getByRole('region', { name: 'what if (oracle)', exact: true })).toContainText('It says that it does not know')
  // The address says that they stand beside each other.
  await expect(page).toHaveURL(/&beside=original/)
  await reload(page)
  await expect(pair.getByRole('region', { name: 'as it was (oracle)', exact: true })).toContainText('The answer is right')
  await line(page).getByRole('button', { name: 'To the original' }).click()
  await expect(page).not.toHaveURL(/beside/)
  await expect(playback(page, 'What if…')).toBeVisible()
  await expect(line(page)).toHaveCount(0)
})

test('a person is the agent by the keyboard, beside what nano would do; a group is played, kept and a link', async ({ page }) => {
  await openApp(page, `#source=own&own=${encodeURIComponent('* Lena Moor lives in Tarn.\n? Where does Lena Moor live?\n= Tarn')}&policy=person`)
  await control(page, 'Run').click()
  await expect(turn(page)).toContainText('Lena Moor lives in Tarn.')
  await turn(page).getByRole('radio', { name: 'Answer' }).focus()
  await page.keyboard.press('ArrowRight')
  await turn(page).getByRole('textbox', { name: 'content' }).focus()
  await page.keyboard.type('Lena Moor lives in Tarn.')
  await page.keyboard.press('Control+Enter')
  await expect(conversation(page)).toContainText('Stored as m1')
  await turn(page).getByRole('button', { name: 'What would nano do?' }).click()
  await expect(turn(page).getByRole('region', { name: 'nano would' })).toBeVisible({ timeout: 60_000 })
  for (const answer of ['Ah.', 'Tarn']) {
    await turn(page).getByRole('textbox', { name: 'Answer' }).fill(answer)
    await turn(page).getByRole('button', { name: 'Say it' }).click()
  }
  await expect(outcome(page)).toContainText('The answer is right')
  expect(await newestRecorded(page)).toMatchObject({ policy: 'person', setup: { policy: { kind: 'person' } }, answer: 'Tarn' })
  await reload(page)
  await expect(outcome(page)).toContainText('The answer is right')

  await choose(page, 'Policy', 'careless')
  await page.getByRole('button', { name: 'Play a group' }).click()
  await page.getByRole('button', { name: 'Play 4 rollouts' }).click()
  const columns = page.getByRole('list', { name: 'Rollouts' }).getByRole('listitem', { name: /^Rollout \d$/ })
  await expect(columns).toHaveCount(4)
  const rewards = await columns.locator('.column-reward').allTextContents()
  await page.getByRole('slider', { name: /answer/i }).first().focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/σ/).first()).toBeVisible()
  await reload(page)
  await expect(columns).toHaveCount(4)
  expect(await columns.locator('.column-reward').allTextContents()).toEqual(rewards)
  await page.getByRole('button', { name: 'Watch rollout 2' }).click()
  await expect(outcome(page)).toBeVisible()
  expect(page.url()).toMatch(/episode=[\w-]+-r1/)
})
