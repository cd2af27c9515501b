// Agents beside AgeMem, as somebody meets them: chosen in the sentence, watched with all that they ask and change, found
// again, and compared.
import { agentNames } from '../src/core/agents/names.ts'
import { choose, conversation, expect, openPage, outcome, part, reload, run, test } from './page.ts'

test('a baseline is chosen, watched step by step, linked to, and found among the episodes', async ({ page }) => {
  await openPage(page)
  await expect(part(page, 'Agent')).toHaveText('AgeMem')
  await choose(page, 'Agent', 'A-Mem')
  await run(page)
  // nano answers; rules tend the memory, and the page says so.
  const note = page.getByRole('region', { name: 'Agent: A-Mem' })
  await expect(note).toContainText('rule-based')
  await expect(note).toContainText('arXiv 2502.12110')
  const asked = conversation(page).getByRole('group', { name: 'Asked besides: Take a note of it' })
  expect(await asked.count()).toBeGreaterThan(3)
  await expect(asked.first()).toContainText('answered by rules')
  await expect(asked.first()).toContainText('"keywords"')
  await asked.first().getByText('what it was asked').click()
  await expect(asked.first()).toContainText('Take a note of this text')
  const entries = page.getByRole('list', { name: 'Entries of the long-term memory' }).getByRole('listitem')
  expect(await entries.count()).toBe(await conversation(page).getByText(/^Stored as m\d+$/).count())
  await expect(entries.first()).toContainText('keywords')
  await expect(outcome(page)).toContainText('Expected')

  await expect(page).toHaveURL(/agent=a-mem/)
  await reload(page)
  await expect(part(page, 'Agent')).toHaveText('A-Mem')
  await expect(note).toContainText('rule-based')

  // One of AgeMem's beside it: then the list can be narrowed to an agent.
  await choose(page, 'Agent', 'AgeMem')
  await run(page)
  await expect(note).toHaveCount(0)
  await page.getByRole('button', { name: /^Episodes/ }).click()
  const lines = page.getByRole('grid', { name: 'Recorded episodes' }).getByRole('row')
  await expect(lines).toHaveCount(3)
  await page.getByRole('combobox', { name: 'Agent' }).selectOption('A-Mem')
  await expect(lines).toHaveCount(2)
  await expect(lines.last()).toContainText('A-Mem')
  await expect(page).toHaveURL(/by_agent=a-mem/)
})

test('each agent is offered with what it does, where it comes from, and plays', async ({ page }) => {
  test.setTimeout(240_000)
  await openPage(page)
  await part(page, 'Agent').click()
  const radios = page.getByRole('dialog', { name: 'Agent' }).getByRole('radio')
  await expect(radios).toHaveCount(agentNames.length)
  await page.keyboard.press('Escape')
  for (const name of agentNames.filter((each) => !each.startsWith('agemem'))) {
    await page.goto(`./#agent=${name}&policy=nano&facts=1&distractors=1&small_talk=0`)
    await expect(page.getByRole('region', { name: /^Agent: / })).toBeVisible()
    await run(page)
    await expect(outcome(page)).toContainText('Expected')
  }
})

test('agents are compared on the same tasks, and the comparison is kept with who they were', async ({ page }) => {
  test.setTimeout(240_000)
  await openPage(page, '#view=compare')
  const seat = (n: number) => page.getByRole('button', { name: new RegExp(`^Policy ${n}:`) })
  await seat(2).click()
  const dialog = page.getByRole('dialog', { name: 'Policy 2' })
  await dialog.getByRole('combobox', { name: 'Agent' }).selectOption('RAG')
  await dialog.getByRole('radio', { name: 'nano, untrained', exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(seat(2)).toHaveText('nano, untrained with RAG')
  await page.getByRole('button', { name: /^Tasks:/ }).click()
  await page.getByRole('slider', { name: 'Held-out tasks' }).press('Home')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Compare', exact: true }).last().click()
  const results = page.getByRole('region', { name: 'Results' })
  await expect(results.getByRole('columnheader', { name: 'nano, untrained with RAG' })).toBeVisible({ timeout: 180_000 })
  await page.reload()
  await expect(results.getByRole('columnheader', { name: 'nano, untrained with RAG' })).toBeVisible()
})
