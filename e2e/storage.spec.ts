// When the disk fails: the database is deleted under the page, or there is none. Everything goes on, the page says that
// nothing is saved, and what was made meanwhile is saved once there is a database again.
import type { Page, Route } from '@playwright/test'
import { memoryAt } from '../src/core/record/replay.ts'
import { scenarioOf, playHeadless, worldTaskOf } from './headless.ts'
import { choose, control, databaseName, episodeRows, expect, newestRecorded, notices, notSavedBanner, openApp, openLibrary, outcome, reload, run, slider, speed, startSlowly, stepCount, test } from './page.ts'

const deleteDatabase = (page: Page) =>
  page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.onsuccess = () => { resolve() }
        request.onerror = () => { reject(new Error('The database could not be deleted.')) }
        request.onblocked = () => { reject(new Error('Somebody holds the database.')) }
      }),
    databaseName,
  )

/** Names of the databases that the origin has. */
const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))

/** What stands on the disk in the long-term memory of an episode, oldest entry first; read past the page. */
const storedMemories = (page: Page, episode: string) =>
  page.evaluate(
    ([name, store]) =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => { reject(new Error('The database could not be opened.')) }
        opening.onsuccess = () => {
          const range = IDBKeyRange.bound([store, 0], [store, Infinity])
          const reading = opening.result.transaction('memories').objectStore('memories').getAll(range)
          reading.onerror = () => { reject(new Error('The memories could not be read.')) }
          reading.onsuccess = () => {
            opening.result.close()
            resolve(reading.result.map(({ content }) => String(content)))
          }
        }
      }),
    [databaseName, episode] as const,
  )

const tryAgain = (page: Page) => page.getByRole('button', { name: 'Try again' })

/** Runs some code in the memory worker before its own: the page's init scripts do not reach workers. */
async function beforeMemoryWorker(page: Page, code: string): Promise<void> {
  await page.route(/memory\.worker/, async (route: Route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${code};\n${await response.text()}` })
  })
}

test('what a tool wrote is on the disk when the step is shown', async ({ page }) => {
  await openApp(page, '#source=scenario&scenario=scenario-longer-sessions')
  const whole = await playHeadless({ task: scenarioOf('scenario-longer-sessions'), policy: 'oracle' })
  const updated = whole.steps.findIndex((each) => each.calls.some(({ name }) => name === 'Update_memory'))
  expect(updated).toBeGreaterThan(5)
  for (let index = 0; index <= updated; index++) {
    await control(page, 'Step').click()
    await expect(slider(page)).toHaveAttribute('aria-valuemax', String(index + 1))
    await expect(page).toHaveURL(/episode=/)
    const episode = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('episode') ?? ''
    expect(await storedMemories(page, episode)).toEqual(memoryAt(whole, index, 'after').map(({ content }) => content))
  }
})

test('a deleted database: episodes go on unsaved, and reconnecting saves all of them', async ({ page }) => {
  await openApp(page)
  await run(page)
  await choose(page, 'Policy', 'store-all')
  await run(page)
  const saved = await newestRecorded(page)

  await deleteDatabase(page)
  await expect(notSavedBanner(page)).toBeVisible()
  await expect(page.getByText('The database was deleted while the page was open.')).toBeVisible()

  await choose(page, 'Policy', 'careless')
  await run(page)
  const unsaved = await newestRecorded(page)
  expect(unsaved).toEqual(await playHeadless({ task: worldTaskOf(1), policy: 'careless', key: unsaved.id.run }))
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(3)
  await expect(episodeRows(page).nth(0)).toContainText('not saved')
  expect(await databases(page)).not.toContain(databaseName)

  await tryAgain(page).click()
  await expect(notices(page)).toContainText('Connected again.')
  await expect(notSavedBanner(page)).toHaveCount(0)
  await expect(episodeRows(page)).toHaveCount(3)
  await expect(page.getByText('not saved')).toHaveCount(0)

  await reload(page)
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(3)
  await expect(episodeRows(page)).toContainText(['careless', 'store-all', 'oracle'])
  expect(await newestRecorded(page)).toEqual(unsaved)
  expect(await page.evaluate((key) => window.agemem.exportEpisode(key), saved.id.run)).toEqual(saved)
  await expect(notSavedBanner(page)).toHaveCount(0)
})

test('deleted in the middle of an episode: it is played to its end, with all its memories', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '4×', 5)
  await deleteDatabase(page)
  await expect(notSavedBanner(page)).toBeVisible()
  await speed(page).selectOption('max')
  await expect(outcome(page)).toContainText('The answer is right')
  const unsaved = await newestRecorded(page)
  expect(unsaved).toEqual(await playHeadless({ task: worldTaskOf(1), policy: 'oracle', key: unsaved.id.run }))

  await tryAgain(page).click()
  await expect(notSavedBanner(page)).toHaveCount(0)
  expect(await storedMemories(page, unsaved.id.run)).toEqual(memoryAt(unsaved, Infinity, 'after').map(({ content }) => content))
  await reload(page)
  await openLibrary(page)
  await expect(episodeRows(page)).toHaveCount(1)
  expect(await newestRecorded(page)).toEqual(unsaved)
})

test('deleted and connected again in the middle of an episode: the rest is saved as it comes', async ({ page }) => {
  await openApp(page)
  await startSlowly(page, '4×', 4)
  await deleteDatabase(page)
  await expect(notSavedBanner(page)).toBeVisible()
  const before = await stepCount(page)
  await expect.poll(() => stepCount(page)).toBeGreaterThan(before)
  await tryAgain(page).click()
  await expect(notSavedBanner(page)).toHaveCount(0)
  await speed(page).selectOption('max')
  await expect(outcome(page)).toContainText('The answer is right')
  const recorded = await newestRecorded(page)
  expect(recorded).toEqual(await playHeadless({ task: worldTaskOf(1), policy: 'oracle', key: recorded.id.run }))
  expect(await storedMemories(page, recorded.id.run)).toEqual(memoryAt(recorded, Infinity, 'after').map(({ content }) => content))
  await openLibrary(page)
  await expect(page.getByText('not saved')).toHaveCount(0)
})

for (const [what, code, words] of [
  ['a browser without IndexedDB', "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })", 'This browser keeps no data for the page'],
  ['a private window that refuses to open a database', "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError') }", 'This browser keeps no data for the page'],
  ['a disk that is full', "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }", 'The disk space for this page is used up.'],
] as const) {
  test(`${what}: all works, and nothing is said to be saved`, async ({ page }) => {
    await beforeMemoryWorker(page, code)
    await openApp(page)
    await run(page)
    await expect(notSavedBanner(page)).toBeVisible()
    await expect(page.getByText(words)).toBeVisible()
    const recorded = await newestRecorded(page)
    expect(recorded).toEqual(await playHeadless({ task: worldTaskOf(1), policy: 'oracle', key: recorded.id.run }))
    await openLibrary(page)
    await expect(episodeRows(page)).toHaveCount(1)
    await expect(episodeRows(page).nth(0)).toContainText('not saved')
    // Trying again does not pretend.
    await tryAgain(page).click()
    await expect(notSavedBanner(page)).toBeVisible()
    await expect(notices(page)).not.toContainText('Connected again')
    await page.goto('about:blank')
    await openApp(page)
    await openLibrary(page)
    await expect(page.getByRole('heading', { name: 'No episode is recorded yet' })).toBeVisible()
  })
}

test('a browser that forbids all storage, the page’s own included', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'indexedDB']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      })
    }
  })
  await beforeMemoryWorker(page, "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError') } })")
  await page.goto('./')
  await page.getByRole('button', { name: 'Skip' }).click()
  // The introduction moved along the episode; whoever skips it moves alone.
  await expect(control(page, 'Run')).toBeEnabled()
  await page.keyboard.press('End')
  await expect(outcome(page)).toBeVisible()
  await expect(notSavedBanner(page)).toBeVisible()
})
