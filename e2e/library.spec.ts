// Recorded episodes: listed and reopened after a reload, exported, deleted, imported, identical to the byte.
import { readFile } from 'node:fs/promises'
import { recordSchema } from '../src/core/episode/read-record.ts'
import type { Page } from '@playwright/test'
import { playHeadless, worldTaskOf } from './headless.ts'
import { choose, control, episodeRows, expect, newestRecorded, notices, openApp, openLibrary, outcome, playback, readContext, readOutcome, reload, run, slider, stepCount, test } from './page.ts'

/** Presses what downloads, and gives name and text of the file. */
async function download(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

async function fromMenu(page: Page, row: number, item: 'Export as JSON' | 'Delete'): Promise<void> {
  await episodeRows(page).nth(row).getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

const importInput = (page: Page) => page.getByLabel('Import episodes')

test('recorded episodes are listed after a reload, and reopen as they were', async ({ page }) => {
  await openApp(page)
  await run(page)
  await choose(page, 'Policy', 'store-none')
  await run(page)
  const before = await newestRecorded(page)

  await page.goto('about:blank')
  await openApp(page)
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(2)
  // Its tab says how many there are, and no other tab does.
  const tabs = page.getByRole('navigation', { name: 'Views' })
  await expect(tabs.getByRole('button', { name: /^Episodes/ })).toHaveText(/2$/)
  await expect(tabs.getByText('2', { exact: true })).toHaveCount(1)
  await expect(episodeRows(page).nth(0)).toContainText('store-none')
  await expect(episodeRows(page).nth(0)).toContainText('I do not know.')
  await expect(episodeRows(page).nth(1)).toContainText('oracle')
  await expect(episodeRows(page).nth(1)).toContainText(worldTaskOf(1).answer)
  await expect(page.getByText('not saved')).toHaveCount(0)

  await episodeRows(page).nth(1).getByText(worldTaskOf(1).query, { exact: true }).click()
  const expected = await playHeadless({ task: worldTaskOf(1), policy: 'oracle' })
  expect((await readOutcome(page)).answer).toBe(expected.answer)
  expect(await stepCount(page)).toBe(expected.steps.length)
  expect(await newestRecorded(page)).toEqual(before)
})

test('the address alone reopens the episode and the step after a reload', async ({ page }) => {
  await openApp(page)
  await run(page)
  const recorded = await newestRecorded(page)
  for (let step = 0; step < 3; step++) await playback(page, 'Step back').click()
  await expect(page).toHaveURL(new RegExp(`episode=${recorded.id.run}&step=${recorded.steps.length - 3}`))
  const context = await readContext(page)
  await reload(page)
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuenow', String(recorded.steps.length - 3))
  expect(await readContext(page)).toEqual(context)
  // It was read from the disk, not played again.
  expect(await page.evaluate(async () => (await window.agemem.listEpisodes()).length)).toBe(1)
})

test('export, delete, import: the same to the byte', async ({ page }) => {
  await openApp(page, '#policy=careless&seed=12')
  await run(page)
  await openLibrary(page)
  const first = await download(page, () => fromMenu(page, 0, 'Export as JSON'))
  expect(first.name).toMatch(/^agemem-world-careless-.*\.json$/)
  const trajectory = recordSchema.parse(JSON.parse(first.text))
  expect(trajectory).toEqual(await playHeadless({ task: worldTaskOf(1, 12), policy: 'careless', seed: 12, key: trajectory.id.run }))

  await fromMenu(page, 0, 'Delete')
  await expect(episodeRows(page)).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'No episode is recorded yet' })).toBeVisible()
  // The address follows a moment later; with the episode's key in it the reload would play it again.
  await expect(page).not.toHaveURL(/episode=/)
  await reload(page)
  await openLibrary(page)
  await expect(page.getByRole('heading', { name: 'No episode is recorded yet' })).toBeVisible()

  await importInput(page).setInputFiles({ name: first.name, mimeType: 'application/json', buffer: Buffer.from(first.text) })
  await expect(notices(page)).toContainText(`Imported 1 episode from ${first.name}.`)
  await expect(page.getByRole('slider', { name: 'Step' })).toBeVisible()
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(1)
  const second = await download(page, () => fromMenu(page, 0, 'Export as JSON'))
  expect(second.text).toBe(first.text)
})

test('a deleted episode can be brought back', async ({ page }) => {
  await openApp(page)
  await run(page)
  const recorded = await newestRecorded(page)
  await openLibrary(page)
  await fromMenu(page, 0, 'Delete')
  await expect(episodeRows(page)).toHaveCount(0)
  await notices(page).getByRole('button', { name: 'Undo' }).click()
  await expect(episodeRows(page)).toHaveCount(1)
  expect(await newestRecorded(page)).toEqual(recorded)
})

test('all episodes as JSON lines, and back in a browser that has none', async ({ page, browser, guard, baseURL }) => {
  await openApp(page)
  for (const policy of ['oracle', 'store-all', 'careless']) {
    await choose(page, 'Policy', policy)
    await run(page)
  }
  await openLibrary(page)
  const all = await download(page, () => page.getByRole('button', { name: 'Export all', exact: true }).click())
  const lines = all.text.trimEnd().split('\n').map((line) => recordSchema.parse(JSON.parse(line)))
  expect(lines.map(({ policy }) => policy)).toEqual(['careless', 'store-all', 'oracle'])
  for (const line of lines) expect(line).toEqual(await page.evaluate((key) => window.agemem.exportEpisode(key), line.id.run))

  const context = await browser.newContext({ baseURL })
  guard.watch(context)
  const elsewhere = await context.newPage()
  await openApp(elsewhere)
  await openLibrary(elsewhere)
  await importInput(elsewhere).setInputFiles({ name: 'all.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(all.text) })
  await expect(episodeRows(elsewhere)).toHaveCount(3)
  const again = await download(elsewhere, () => elsewhere.getByRole('button', { name: 'Export all', exact: true }).click())
  expect(again.text).toBe(all.text)
  await context.close()
})

test('a file that holds no valid episode changes nothing', async ({ page }) => {
  await openApp(page)
  await run(page)
  const good = await newestRecorded(page)
  await openLibrary(page)
  const give = (name: string, text: string) => importInput(page).setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
  await give('notes.json', 'These are my notes.')
  await expect(notices(page)).toContainText('notes.json was not imported. The file is not valid JSON.')
  await give('future.json', JSON.stringify({ ...good, schema_version: 3 }))
  await expect(notices(page)).toContainText(/future\.json was not imported\. Record 1 is not a trajectory of schema version 1 or 2: schema_version/)
  await give('mixed.jsonl', `${JSON.stringify(good)}\n${JSON.stringify({ ...good, steps: 'none' })}\n`)
  await expect(notices(page)).toContainText(/mixed\.jsonl was not imported\. Line 2 is not a trajectory of schema version 1 or 2: steps/)
  await expect(episodeRows(page)).toHaveCount(1)
  expect(await newestRecorded(page)).toEqual(good)
})

test('a language model’s verdict is part of the record: scored with, shown as what it was, and taken out again', async ({ page }) => {
  await openApp(page, '#policy=store-all')
  await run(page)
  const ruled = await readOutcome(page)
  const plain = await newestRecorded(page)
  const verdicts = [
    { judge: 'SmolLM2-360M-Instruct-q0f16-MLC', rubric: 'answer', score: 0.25, words: 'Score: 0.25' },
    { judge: 'SmolLM2-360M-Instruct-q0f16-MLC', rubric: 'memories', score: null, words: '<b>Fine notes.</b>' },
  ]
  await openLibrary(page)
  await importInput(page).setInputFiles({ name: 'judged.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...plain, verdicts })) })
  for (const reloads of [false, true]) {
    if (reloads) await reload(page)
    // The outcome stands at the end; a key that comes before the episode has been read moves nothing.
    await expect(async () => {
      await slider(page).press('End')
      await expect(outcome(page)).toBeVisible({ timeout: 1000 })
    }).toPass()
    await expect(outcome(page)).toContainText('0.25 by SmolLM2-360M-Instruct-q0f16-MLC, which said “Score: 0.25”; 1.00 by rule')
    await expect(outcome(page)).toContainText('what it said is no verdict: “<b>Fine notes.</b>”')
    expect((await readOutcome(page)).reward).not.toBe(ruled.reward)
  }
  expect((await newestRecorded(page)).verdicts).toEqual(verdicts)
  await outcome(page).getByRole('button', { name: 'Judge by rule again' }).click()
  await expect(outcome(page)).not.toContainText('SmolLM2')
  expect((await readOutcome(page)).reward).toBe(ruled.reward)
  expect(await newestRecorded(page)).toEqual(plain)
})

test('an empty list says what to do', async ({ page }) => {
  await openApp(page)
  await openLibrary(page)
  await expect(page.getByRole('button', { name: 'Export all', exact: true })).toBeDisabled()
  await page.getByRole('button', { name: 'Go and run one' }).click()
  await expect(control(page, 'Run')).toBeVisible()
  await expect(outcome(page)).toHaveCount(0)
})
