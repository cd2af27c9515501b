// The ways in which the page, a worker of it or its database is killed, and what somebody does after each to go on.
import type { Page, Worker } from '@playwright/test'
import { databaseName } from '../page.ts'
import type { Chrome } from './browser.ts'

export const killers = ['tab closed', 'tab crashed', 'browser killed', 'lab worker', 'memory worker', 'model worker', 'replica worker', 'database deleted', 'connections closed', 'site data cleared'] as const
export type Killer = (typeof killers)[number]

/** The page is there afterwards, and something has to be pressed. */
export const survives = (killer: Killer): boolean => !['tab closed', 'tab crashed', 'browser killed'].includes(killer)

/** What was kept is gone by what was done. */
export const deletes = (killer: Killer): boolean => killer === 'database deleted' || killer === 'site data cleared'

/** What is at work gives no answer to a question; then it is not asked again. */
const within = <T>(promise: Promise<T>, ms: number): Promise<T | null> => Promise.race([promise.catch(() => null), new Promise<null>((resolve) => setTimeout(resolve, ms, null))])

async function workersOf(page: Page, file: string, name: string): Promise<Worker[]> {
  const found = page.workers().filter((worker) => worker.url().includes(`${file}.worker`))
  const names = await Promise.all(found.map((worker) => within(worker.evaluate(() => self.name), 400)))
  const certain = found.filter((_, i) => names[i] === name)
  // All that is known of those that are at work is their file.
  return certain.length > 0 ? certain : found.filter((_, i) => names[i] === null)
}

/** Ends the thread of a worker from within, as a crash does: nobody in the page is told. False when there is none. */
async function killWorker(page: Page, file: string, name: string): Promise<boolean> {
  const [worker] = await workersOf(page, file, name)
  if (!worker) return false
  const gone = worker.waitForEvent('close', { timeout: 10_000 }).catch(() => undefined)
  void worker.evaluate(() => { close() }).catch(() => undefined)
  await gone
  return true
}

/** In another tab, past the page. */
async function beside<T>(chrome: Chrome, act: (tab: Page) => Promise<T>): Promise<T> {
  const tab = await chrome.openBeside()
  const result = await act(tab)
  await tab.close()
  return result
}

const deleteDatabase = (tab: Page) =>
  tab.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.deleteDatabase(name)
        request.onsuccess = () => { resolve() }
        request.onerror = () => { resolve() }
      }),
    databaseName,
  )

/** Makes every tab let go of the database, as a newer version of the page would, and leaves it as it is. */
const closeConnections = (tab: Page) =>
  tab.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(name, 1_000_000)
        request.onupgradeneeded = () => { request.transaction?.abort() }
        request.onsuccess = () => { resolve() }
        request.onerror = () => { resolve() }
      }),
    databaseName,
  )

/** Kills. False when there was nothing to be killed: replicas that have not been started. */
export async function kill(killer: Killer, chrome: Chrome, page: Page): Promise<boolean> {
  switch (killer) {
    case 'tab closed':
      await page.close()
      return true
    case 'tab crashed': {
      const session = await page.context().newCDPSession(page)
      const crashed = page.waitForEvent('crash', { timeout: 5000 }).catch(() => undefined)
      void session.send('Page.crash').catch(() => undefined)
      await crashed
      return true
    }
    case 'browser killed':
      await chrome.kill()
      return true
    case 'lab worker':
      return killWorker(page, 'lab', 'lab')
    case 'memory worker':
      return killWorker(page, 'memory', 'memory')
    case 'model worker':
      return killWorker(page, 'model', 'model')
    case 'replica worker':
      return killWorker(page, 'model', 'replica')
    case 'database deleted':
      await beside(chrome, deleteDatabase)
      return true
    case 'connections closed':
      await beside(chrome, closeConnections)
      return true
    case 'site data cleared': {
      const session = await page.context().newCDPSession(page)
      await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' })
      return true
    }
  }
}

/** Presses what the page offers: Restart, Try again. Resolves when it says that all is well, or has nothing to say. */
export async function mend(page: Page): Promise<void> {
  const stopped = page.getByRole('alert').filter({ hasText: 'A background worker stopped.' })
  const unsaved = page.getByText('Nothing is being saved.')
  for (let round = 0; round < 3; round++) {
    await page.waitForTimeout(400)
    if (await stopped.isVisible()) {
      await stopped.getByRole('button', { name: 'Restart' }).click()
      await stopped.waitFor({ state: 'detached', timeout: 20_000 })
    }
    if (await unsaved.isVisible()) {
      await page.getByRole('button', { name: 'Try again' }).first().click()
      await unsaved.waitFor({ state: 'detached', timeout: 20_000 })
    }
  }
}

export const isDurable = async (page: Page): Promise<boolean> => !(await page.getByText('Nothing is being saved.').isVisible())
