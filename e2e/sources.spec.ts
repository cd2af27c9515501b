// An episode of every source with every policy: what the page shows at its end is what the core gives without a page.
import { rewardPresets } from '../src/core/reward/presets.ts'
import { contributions } from '../src/core/reward/composite.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { scriptedNames } from '../src/core/demonstrations/scripted.ts'
import { scenarios } from '../src/core/environments/question/sources/scenarios.ts'
import type { Task } from '../src/core/environments/question/task.ts'
import type { Page } from '@playwright/test'
import { fixturePath, fixtureTasks, playHeadless, worldTaskOf } from './headless.ts'
import { choose, control, expect, newestRecorded, openApp, part, playback, readOutcome, run, test, outcome, notices } from './page.ts'

/** What the page calls the components of the reward. */
const componentNames = [
  ['task', 'Task reward'],
  ['compression', 'Compression'],
  ['preventive', 'Preventive action'],
  ['preservation', 'Preservation'],
  ['storage', 'Storage quality'],
  ['maintenance', 'Maintenance'],
  ['relevance', 'Relevance'],
] as const

/** As the page rounds. */
const rounded = (value: number) => Number(value.toFixed(2))

/** Plays what the sentence says with each policy, and compares outcome and record with the core's. */
async function comparePolicies(page: Page, task: Task): Promise<void> {
  for (const policy of scriptedNames) {
    await choose(page, 'Policy', policy)
    await run(page)
    const shown = await readOutcome(page)
    const recorded = await newestRecorded(page)
    const expected = await playHeadless({ task, policy, key: recorded.id.run })
    expect(recorded).toEqual(expected)

    const { components, reward } = scoreTrajectory(expected, rewardPresets.paper)
    const points = contributions(components, rewardPresets.paper)
    expect(shown.answer).toBe(expected.answer)
    expect(shown.expected).toBe(task.answer)
    expect(shown.reward).toBe(rounded(reward.total))
    for (const [component, name] of componentNames) {
      expect(shown.components[name], `${policy}: ${name}`).toEqual({ value: rounded(components[component] ?? NaN), points: rounded(points[component] ?? NaN) })
    }
  }
}

test('the made-up world', async ({ page }) => {
  await openApp(page)
  await comparePolicies(page, worldTaskOf(1))
})

test('another task and another seed of the made-up world', async ({ page }) => {
  await openApp(page)
  await page.getByRole('textbox', { name: 'Seed' }).fill('31')
  await part(page, 'Task number').click()
  await page.getByRole('button', { name: 'Next task' }).click()
  await page.getByRole('button', { name: 'Next task' }).click()
  await page.keyboard.press('Escape')
  await expect(part(page, 'Task number')).toHaveText('task 3')
  await run(page)
  const recorded = await newestRecorded(page)
  expect(recorded).toEqual(await playHeadless({ task: worldTaskOf(3, 31), policy: 'oracle', seed: 31, key: recorded.id.run }))
})

// One of each kind: the others differ in their words alone.
for (const scenario of scenarios.filter(({ kind }, i) => scenarios.findIndex((each) => each.kind === kind) === i).slice(0, 4)) {
  test(`the scenario “${scenario.title}”`, async ({ page }) => {
    await openApp(page)
    await choose(page, 'Task source', 'A scenario', scenario.title)
    await comparePolicies(page, scenario)
  })
}

test('a HotpotQA file', async ({ page }) => {
  await openApp(page)
  await part(page, 'Task source').click()
  await page.getByRole('radio', { name: 'A file', exact: true }).click()
  await page.getByRole('dialog', { name: 'Task source' }).getByLabel('Choose a file').setInputFiles(fixturePath('hotpotqa-pairs.json'))
  await page.keyboard.press('Escape')
  await expect(part(page, 'Task source')).toContainText('hotpotqa-pairs.json')
  await expect(part(page, 'Task number')).toHaveText('task 1 of 3')
  const [first] = fixtureTasks('hotpotqa-pairs.json')
  if (!first) throw new Error('The fixture has no task.')
  await comparePolicies(page, first)
})

test('other weights score the same episode again, at once, by name and by slider', async ({ page }) => {
  await openApp(page)
  await run(page)
  const expected = await playHeadless({ task: worldTaskOf(1), policy: 'oracle' })
  for (const [name, preset] of [['with unit weights', 'paper-unit'], ['as in the published code', 'published-code'], ['for the answer only', 'answer-only'], ['as in the paper', 'paper']] as const) {
    await choose(page, 'Reward', name)
    expect((await readOutcome(page)).reward).toBe(rounded(scoreTrajectory(expected, rewardPresets[preset]).reward.total))
  }
  await outcome(page).getByText('Change the weights').click()
  const weights = page.getByTestId('episode-weights')
  const memory = weights.getByRole('slider', { name: 'w_memory, memory' })
  await memory.focus()
  await memory.press('End')
  const own = { ...rewardPresets.paper, memory: 1 }
  expect((await readOutcome(page)).reward).toBe(rounded(scoreTrajectory(expected, own).reward.total))
  await expect(part(page, 'Reward')).toHaveText('with your own weights')
  await expect(page).toHaveURL(/weights=memory(:|%3A)1/)
  // One step below a preset's third the slider stays on the third itself: the preset has its name again.
  for (let i = 0; i < 67; i++) await memory.press('ArrowLeft')
  await expect(part(page, 'Reward')).toHaveText('as in the paper')
  await memory.press('End')
  await weights.getByRole('button', { name: 'Use in training' }).click()
  await notices(page).getByRole('button', { name: 'See the plan' }).click()
  await expect(page.getByRole('region', { name: 'Plan of the run' })).toContainText('Own plan')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Watch/ }).click()
  // Nothing was played again.
  await expect(control(page, 'Run')).toBeEnabled()
  await expect(playback(page, 'Play')).toBeVisible()
  expect(await page.evaluate(async () => (await window.agemem.listEpisodes()).length)).toBe(1)
})

test('seed and task number can be typed, digit by digit', async ({ page }) => {
  await openApp(page)
  const seed = page.getByRole('textbox', { name: 'Seed' })
  // What makes no sense is not taken, and is gone when the field is left.
  const before = await seed.inputValue()
  await seed.fill('many')
  await expect(seed).toHaveValue('many')
  await seed.blur()
  await expect(seed).toHaveValue(before)
  await seed.click()
  await seed.press('Control+a')
  await page.keyboard.type('123')
  await expect(seed).toHaveValue('123')
  await expect(seed).toBeFocused()
  await part(page, 'Task number').click()
  const number = page.getByRole('spinbutton', { name: 'Task number' })
  await number.click()
  await number.press('Control+a')
  await page.keyboard.type('45')
  await expect(part(page, 'Task number')).toContainText('45')
  await page.keyboard.press('Escape')
  await run(page)
  expect((await newestRecorded(page)).task.id).toBe('world-train-123-44')
})
