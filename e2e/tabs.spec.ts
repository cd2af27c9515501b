// Two tabs on one database at the same time.
import type { Page } from '@playwright/test'
import { defaultCareless } from '../src/core/demonstrations/scripted.ts'
import { worldTaskOf, playHeadless } from './headless.ts'
import { databaseName, episodeRows, expect, newestRecorded, notices, notSavedBanner, openApp, openLibrary, reload, run, test } from './page.ts'

/** Every recorded episode, newest first. */
const allRecorded = (page: Page) =>
  page.evaluate(async () => {
    const listed = await window.agemem.listEpisodes()
    return Promise.all(listed.map(async ({ key, saved }) => ({ saved, trajectory: await window.agemem.exportEpisode(key) })))
  })

test('episodes that two tabs play at once do not mix, and both tabs list all of them', async ({ page, context }) => {
  const other = await context.newPage()
  await Promise.all([openApp(page), openApp(other)])
  const play = (tab: Page, seeds: number[]) =>
    tab.evaluate(async (each) => {
      // All at once: each has a memory of its own in the same tables.
      await Promise.all(each.map((seed) => window.agemem.runEpisode({ seed, policy: 'careless', careless: { add: 1, update: 1, add_small_talk: 1 } })))
    }, seeds)
  await Promise.all([play(page, [1, 2, 3, 4]), play(other, [5, 6, 7, 8])])
  for (const tab of [page, other]) {
    await reload(tab)
    await openLibrary(tab)
    await expect(episodeRows(tab)).toHaveCount(8)
    await expect(tab.getByText('not saved')).toHaveCount(0)
  }
  const [mine, theirs] = await Promise.all([allRecorded(page), allRecorded(other)])
  expect(mine).toEqual(theirs)
  expect(mine.map(({ trajectory }) => trajectory?.seed).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  for (const { trajectory } of mine) {
    if (!trajectory) throw new Error('An episode is listed and not there.')
    const careless = { ...defaultCareless, add: 1, update: 1, add_small_talk: 1 }
    expect(trajectory).toEqual(await playHeadless({ task: worldTaskOf(1, trajectory.seed), policy: 'careless', seed: trajectory.seed, careless, key: trajectory.id.run }))
  }
})

test('what one tab records and deletes, the other sees', async ({ page, context }) => {
  await openApp(page)
  const other = await context.newPage()
  await openApp(other)
  await run(page)
  const recorded = await newestRecorded(page)
  expect(await newestRecorded(other)).toEqual(recorded)
  await openLibrary(page)
  await reload(other)
  await openLibrary(other)
  await episodeRows(other).nth(0).getByRole('button', { name: /^More for/ }).click()
  await other.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(episodeRows(other)).toHaveCount(0)
  // The first tab still shows the line that it read.
  await episodeRows(page).nth(0).getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: 'Export as JSON' }).click()
  await expect(notices(page)).toContainText('This episode is gone')
})

test('a database that is deleted under both tabs is filled again by both', async ({ page, context }) => {
  const other = await context.newPage()
  await Promise.all([openApp(page), openApp(other)])
  await run(page)
  await run(other)
  await page.evaluate((name) => { indexedDB.deleteDatabase(name) }, databaseName)
  for (const tab of [page, other]) {
    await expect(notSavedBanner(tab)).toBeVisible()
    await run(tab)
  }
  for (const tab of [page, other]) {
    await tab.getByRole('button', { name: 'Try again' }).click()
    await expect(notSavedBanner(tab)).toHaveCount(0)
  }
  for (const tab of [page, other]) {
    await reload(tab)
    await openLibrary(tab)
    await expect(episodeRows(tab)).toHaveCount(4)
  }
})

test('an episode that another tab records is listed when the list is opened', async ({ page, context }) => {
  await openApp(page)
  const other = await context.newPage()
  await openApp(other)
  await run(page)
  await openLibrary(other)
  await expect(episodeRows(other)).toHaveCount(1)
})
