// What the page is doing when it is killed: recording episodes, training, deleting, importing. Each goes on by itself and
// reports what the page has acknowledged; that it ends in an error is expected.
import type { Page } from '@playwright/test'
import type { TrainOptions } from '../../src/app/console-training.ts'
import { settingsPresets } from '../../src/core/episode/settings.ts'
import type { Ledger } from './ledger.ts'

export const activities = ['episodes', 'training', 'deletion', 'import'] as const
export type Activity = (typeof activities)[number]

/** A step takes about a second: one task, two rollouts, short replies, every second adapter kept. */
export const smallest = {
  b: 1,
  k: 2,
  steps: 1000,
  checkpoint_every: 2,
  episode: { ...settingsPresets.playground, n_max: { build: 2, resist: 1, answer: 2 }, exchanges: 1, response_limit: 48 },
  evaluation: { every: 0, tasks: 8, seed: 1 },
} satisfies TrainOptions

/** Name under which the page reports to this program. */
export const reporting = 'killsReport'

declare global {
  interface Window {
    /** What the page reports, as JSON; made by this program. */
    killsReport: (report: string) => Promise<void>
  }
}

/** Episodes one after another, by policies that take turns. Each is reported once it is listed as saved. */
const recordEpisodes = (page: Page, seed: number) =>
  page.evaluate(async (first) => {
    const digestOf = (value: unknown) => {
      let sum = 7
      for (const char of JSON.stringify(value)) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) | 0
      return String(sum)
    }
    const policies = ['oracle', 'careless', 'nano', 'store-all'] as const
    for (let i = 0; i < 12; i++) {
      const { key } = await window.agemem.runEpisode({ policy: policies[(first + i) % 4], seed: (first + i) % 1000, task: 1 + (i % 5) })
      const listed = (await window.agemem.listEpisodes()).find((each) => each.key === key)
      if (listed?.saved) await window.killsReport(JSON.stringify({ episodes: [{ key, digest: digestOf(await window.agemem.exportEpisode(key)) }], runs: [] }))
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
  }, seed)

/** Goes on with the newest run that is not finished, or begins one; what the page says to have of it is reported as it comes. */
const trainOn = (page: Page, seed: number) =>
  page.evaluate(
    async ({ plan, fresh }) => {
      const { agemem } = window
      const known = (await agemem.listRuns()).find(({ status }) => status === 'running' || status === 'paused')
      const training = agemem.train(known && !fresh ? { ...plan, run: known.key } : plan)
      let over = false
      const ended = training.then(() => undefined, () => undefined).finally(() => { over = true })
      while (!over) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        // The page says so when it cannot save.
        if (document.body.textContent?.includes('Nothing is being saved.')) continue
        const runs = []
        for (const { key, status, gone } of await agemem.listRuns()) {
          if (status === 'imported') continue
          // Of the others it says itself that they are not there any more.
          const there = (step: number) => !gone?.rollouts.some(([first, last]) => first <= step && step <= last)
          const steps = ((await agemem.exportRun(key))?.steps ?? []).map(({ step }) => step).filter(there)
          const adapters = (await agemem.listCheckpoints(key)).filter(({ resumable }) => resumable).map(({ step }) => step)
          runs.push({ key, steps, adapter: Math.max(0, ...adapters) })
        }
        await window.killsReport(JSON.stringify({ episodes: [], runs }))
      }
      await ended
    },
    { plan: { ...smallest, seed: seed % 1000 }, fresh: seed % 5 === 0 },
  )

const view = (page: Page, name: string) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: new RegExp(`^${name}`) }).click()

/** Deletes what is listed first, as people do, and goes on until nothing is there. */
async function deleteThings(page: Page, ledger: Ledger, seed: number): Promise<void> {
  const keys = () => page.evaluate(async () => ({ episodes: (await window.agemem.listEpisodes()).map(({ key }) => key), runs: (await window.agemem.listRuns()).map(({ key }) => key) }))
  const notices = page.getByRole('list', { name: 'Notices' })
  for (let i = 0; i < 6; i++) {
    const before = await keys()
    const ofRuns = (seed + i) % 3 === 0 && before.runs.length > 1
    const key = ofRuns ? before.runs[0] : before.episodes[0]
    if (key === undefined) return
    await view(page, ofRuns ? 'Train' : 'Episodes')
    const place = ofRuns ? page.getByRole('complementary', { name: 'Runs' }) : page.getByRole('main', { name: 'Recorded episodes' })
    await place.getByRole('button', { name: /^More for/ }).first().click()
    ledger.deleting(key)
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await notices.getByText(ofRuns ? /deleted, with its rollouts/ : 'Episode deleted.').first().waitFor()
    ledger.deleted(key)
    await notices.getByRole('button', { name: 'Dismiss' }).first().click()
  }
}

/** Reads an exported run again and again. @param zip path of one */
async function importRuns(page: Page, zip: string): Promise<void> {
  await view(page, 'Train')
  for (let i = 0; i < 2; i++) {
    await page.getByLabel('Import a run', { exact: true }).last().setInputFiles(zip)
    await page.getByRole('list', { name: 'Notices' }).getByText(/ is here, with/).first().waitFor()
  }
}

/** Begins; ends when it is done or cannot go on. Never rejects. */
export async function work(activity: Activity, page: Page, { ledger, seed, zip }: { ledger: Ledger; seed: number; zip: string | null }): Promise<void> {
  const begin = () => {
    switch (activity) {
      case 'episodes':
        return recordEpisodes(page, seed)
      case 'training':
        return trainOn(page, seed)
      case 'deletion':
        return deleteThings(page, ledger, seed)
      case 'import':
        return zip === null ? recordEpisodes(page, seed) : importRuns(page, zip)
    }
  }
  await begin().catch(() => undefined)
}

/** Makes a run of four steps and exports it, so that there is something to import. @returns its path */
export async function exportedRun(page: Page, path: string): Promise<string> {
  await page.evaluate((plan) => window.agemem.train({ ...plan, steps: 4 }), smallest)
  await view(page, 'Train')
  await page.getByRole('complementary', { name: 'Runs' }).getByRole('button', { name: /^More for/ }).first().click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export the whole run (zip)' }).click()
  await (await download).saveAs(path)
  return path
}

