// Going to and fro through an episode: by buttons, keys, slider and dots. Both memories at every step are those that
// replaying the exported record gives.
import { readFile } from 'node:fs/promises'
import { contextAt, memoryAt } from '../src/core/record/replay.ts'
import { recordSchema } from '../src/core/episode/read-record.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import type { Page } from '@playwright/test'
import { expect, newestRecorded, episodeRows, openApp, openLibrary, playback, readContext, readFiltered, readMemory, readNumber, run, slider, stepCount, stepShown, test } from './page.ts'

/** The first step of each stage, from 1. */
function stageStarts(trajectory: Trajectory): [number, number, number] {
  const first = (phase: string) => trajectory.steps.findIndex((step) => step.phase === phase) + 1
  return [first('build'), first('resist'), first('answer')]
}

/** Compares every panel with the record at a step, from 1. */
async function expectMoment(page: Page, trajectory: Trajectory, step: number): Promise<void> {
  const index = step - 1
  const context = contextAt(trajectory, index, 'after')
  await expect(slider(page)).toHaveAttribute('aria-valuenow', String(step))
  expect(await readContext(page)).toEqual(context.map(({ content, tokens }) => ({ content, tokens })))
  expect(await readMemory(page)).toEqual(memoryAt(trajectory, index, 'after').map(({ id, content }) => ({ id, content })))

  const events = [...(trajectory.steps[index]?.before ?? []), ...(trajectory.steps[index]?.after ?? [])]
  const filtered = events.flatMap((event) => (event.type === 'stm.filter' ? event.removed : []))
  const prompt = contextAt(trajectory, index, 'prompt')
  expect(await readFiltered(page)).toEqual(prompt.filter(({ id }) => filtered.includes(id)).map(({ content }) => content))
  for (const event of events) {
    const panel = page.getByRole('list', { name: 'Entries of the long-term memory' })
    if (event.type === 'ltm.update') await expect(panel.getByRole('listitem').filter({ hasText: event.after.content })).toContainText(`was: ${event.before.content}`)
    if (event.type === 'ltm.delete') await expect(panel.getByRole('listitem').filter({ hasText: event.entry.content })).toContainText('deleted')
  }

  const used = context.reduce((sum, message) => sum + message.tokens, 0)
  const figure = page.getByRole('region', { name: 'Short-term memory' }).locator('.panel-figure strong')
  expect(readNumber(await figure.innerText())).toBe(used)
  // The same tokens by where they come from.
  const origins = page.getByRole('list', { name: 'Context by origin' }).getByRole('listitem')
  const byOrigin = (await origins.locator('.number').allInnerTexts()).map(readNumber)
  expect(byOrigin.reduce((sum, tokens) => sum + tokens, 0)).toBe(used)
  const ofReplies = context.filter(({ kind }) => kind === 'reply').reduce((sum, { tokens }) => sum + tokens, 0)
  const replies = origins.filter({ hasText: 'own replies' })
  expect((await replies.count()) === 0 ? 0 : readNumber(await replies.locator('.number').innerText())).toBe(ofReplies)
  const calls = trajectory.steps.slice(0, step).flatMap((each) => each.calls)
  for (const [word, name] of [['Add', 'Add_memory'], ['Update', 'Update_memory'], ['Delete', 'Delete_memory'], ['Retrieve', 'Retrieve_memory'], ['Summary', 'Summary_context'], ['Filter', 'Filter_context']] as const) {
    const counter = page.getByRole('list', { name: 'Tool calls so far' }).getByRole('listitem').filter({ hasText: word })
    expect(readNumber(await counter.locator('.number').innerText()), `${name} up to step ${step}`).toBe(calls.filter((call) => call.name === name).length)
  }
}

/** Exports the newest recorded episode as a user does, and reads the file. */
async function exportNewest(page: Page): Promise<Trajectory> {
  await openLibrary(page)
  await episodeRows(page).first().getByRole('button', { name: /^More for/ }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as JSON' }).click()])
  const trajectory = recordSchema.parse(JSON.parse(await readFile(await download.path(), 'utf8')))
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  return trajectory
}

test('every step, forwards and backwards, is the replay of the exported record', async ({ page }) => {
  await openApp(page, '#source=scenario&scenario=scenario-longer-sessions')
  await run(page)
  const trajectory = await exportNewest(page)
  const { length } = trajectory.steps
  expect(length).toBeGreaterThan(15)
  // It has something of everything that the panels can show.
  const kinds = new Set(trajectory.steps.flatMap((step) => [...step.before, ...step.after].map(({ type }) => type)))
  expect([...kinds].sort()).toEqual(['ltm.add', 'ltm.retrieve', 'ltm.update', 'stm.append', 'stm.filter', 'stm.reset'])

  await playback(page, 'First step').click()
  await expect(playback(page, 'Step back')).toBeDisabled()
  for (let step = 1; step <= length; step++) {
    if (step > 1) await playback(page, 'Step forward').click()
    await expectMoment(page, trajectory, step)
  }
  await expect(playback(page, 'Last step')).toBeDisabled()
  for (let step = length - 1; step >= 1; step--) {
    await playback(page, 'Step back').click()
    if (step % 4 === 1) await expectMoment(page, trajectory, step)
  }
  expect(await stepShown(page)).toBe(1)
})

test('deletions and summaries too', async ({ page }) => {
  await openApp(page, '#source=scenario&scenario=scenario-study-plan&policy=careless&careless=add:1,update:0,delete:1,filter:0,summarise:1,retrieve:1,break_format:0,wrong_id:0')
  await run(page)
  const trajectory = await newestRecorded(page)
  const kinds = new Set(trajectory.steps.flatMap((step) => [...step.before, ...step.after].map(({ type }) => type)))
  expect(kinds).toContain('ltm.delete')
  expect(kinds).toContain('stm.summarise')
  for (let step = trajectory.steps.length; step >= 1; step--) {
    await expectMoment(page, trajectory, step)
    await page.keyboard.press('ArrowLeft')
  }
})

test('keys: arrows, stages, ends, play and pause, help', async ({ page }) => {
  await openApp(page)
  await run(page)
  const trajectory = await newestRecorded(page)
  const last = trajectory.steps.length
  const [, second, third] = stageStarts(trajectory)
  // As if nothing in particular had the focus.
  await page.getByRole('heading', { level: 1 }).click()
  const press = async (key: string, step: number) => {
    await page.keyboard.press(key)
    await expect(slider(page), key).toHaveAttribute('aria-valuenow', String(step))
  }
  await press('Home', 1)
  await press('ArrowLeft', 1)
  await press('ArrowRight', 2)
  await press(']', second)
  await press(']', third)
  await press(']', last)
  await press('[', third)
  await press('[', second)
  await press('ArrowRight', second + 1)
  await press('[', second)
  await press('[', 1)
  await press('End', last)
  await press('ArrowRight', last)
  await press('ArrowLeft', last - 1)
  await press('Home', 1)

  // At `max`, playing shows a step every 60 ms.
  await page.keyboard.press('Space')
  await expect.poll(() => stepShown(page)).toBeGreaterThan(3)
  await page.keyboard.press('Space')
  await expect(playback(page, 'Play')).toBeVisible()
  const held = await stepShown(page)
  await page.waitForTimeout(300)
  expect(await stepShown(page)).toBe(held)

  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'AgeMem Playground' })
  await expect(help).toContainText('one step back or forward')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  // The keys rest while the help is open.
  expect(await stepShown(page)).toBe(held)
})

test('slider, dots and step numbers', async ({ page }) => {
  await openApp(page)
  await run(page)
  const trajectory = await newestRecorded(page)
  const last = trajectory.steps.length
  const cell = async (step: number) => {
    const box = await slider(page).locator(`[data-cell="${step - 1}"]`).boundingBox()
    if (!box) throw new Error(`Step ${step} has no place on the slider.`)
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  // Dragging shows every moment on the way.
  const [from, over, to] = [await cell(3), await cell(5), await cell(9)]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await expectMoment(page, trajectory, 3)
  await page.mouse.move(over.x, over.y, { steps: 4 })
  await expectMoment(page, trajectory, 5)
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
  await expectMoment(page, trajectory, 9)
  await page.mouse.move(over.x, over.y)
  expect(await stepShown(page)).toBe(9)

  await slider(page).focus()
  await page.keyboard.press('ArrowUp')
  expect(await stepShown(page)).toBe(10)
  await page.keyboard.press('PageDown')
  expect(await stepShown(page)).toBe(5)
  await page.keyboard.press('ArrowLeft')
  expect(await stepShown(page)).toBe(4)
  await page.keyboard.press('End')
  expect(await stepShown(page)).toBe(last)
  expect(await stepCount(page)).toBe(last)

  await page.getByRole('list', { name: 'Stages' }).getByRole('button', { name: 'Step 2', exact: true }).click()
  await expectMoment(page, trajectory, 2)
  await page.getByRole('button', { name: 'Go to step 1', exact: true }).click()
  await expectMoment(page, trajectory, 1)
})
