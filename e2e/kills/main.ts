// Kills the page, its workers and its database at random moments while it records, trains, deletes and imports,
// opens it again each time, and holds what it claims against what is kept. Anything lost is a failure.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { preview } from 'vite'
import { z } from 'zod'
import { given, numberFrom } from '../../cli/given.ts'
import { wholeNumber } from '../../cli/options.ts'
import { createRandom } from '../../src/core/random.ts'
import { activities, exportedRun, reporting, smallest, work, type Activity } from './activities.ts'
import { audit, judge, type Audit } from './audit.ts'
import { Chrome } from './browser.ts'
import { deletes, isDurable, kill, killers, mend, survives, type Killer } from './killers.ts'
import { Ledger } from './ledger.ts'
import { messageOf } from '../../src/core/error-message.ts'

const port = 4180
/** A kill comes within this time after the activity began, ms. */
const longest = { episodes: 2500, training: 9000, deletion: 2500, import: 3000 } satisfies Record<Activity, number>
/** How often each activity is killed, in parts. */
const parts = { episodes: 4, training: 4, deletion: 3, import: 1 } satisfies Record<Activity, number>

const reportSchema = z.object({ episodes: z.array(z.object({ key: z.string(), digest: z.string() })), runs: z.array(z.object({ key: z.string(), steps: z.array(z.number()), adapter: z.number() })) })
const whole = wholeNumber(1, 2 ** 31)

interface Count {
  kills: number
  claimed: number
  acknowledged: number
  missing: string[]
  half: string[]
  lost: string[]
  /** Of those that were trained: went on. */
  resumed: number
  stuck: string[]
}

const say = (line: string) => { process.stdout.write(`${line}\n`) }
const none = (): Count => ({ kills: 0, claimed: 0, acknowledged: 0, missing: [], half: [], lost: [], resumed: 0, stuck: [] })

/** Makes the newest interrupted run go on by a step. Null: there is none; else what went wrong, or an empty text. */
const goOn = (page: Page) =>
  page.evaluate(async (plan) => {
    const { agemem } = window
    const run = (await agemem.listRuns()).find(({ status }) => status === 'running' || status === 'paused')
    if (!run) return null
    try {
      const before = Math.max(0, ...(await agemem.listCheckpoints(run.key)).filter(({ resumable }) => resumable).map(({ step }) => step))
      const after = await agemem.train({ ...plan, run: run.key, until: 'step' })
      return after.steps === before + 1 ? '' : `after step ${before} came ${after.steps}`
    } catch (error) {
      return messageOf(error)
    }
  }, smallest)

class Session {
  readonly ledger = new Ledger()
  readonly counts = new Map<Killer, Count>()
  readonly #chrome: Chrome
  readonly #zip: string
  #zipMade = false

  constructor(chrome: Chrome, folder: string) {
    this.#chrome = chrome
    this.#zip = join(folder, 'run.zip')
  }

  async open(): Promise<Page> {
    const page = await this.#chrome.open()
    await page.exposeFunction(reporting, (json: string) => { this.ledger.take(reportSchema.parse(JSON.parse(json))) }).catch(() => undefined)
    return page
  }

  async prepare(): Promise<void> {
    const page = await this.open()
    await exportedRun(page, this.#zip)
    this.#zipMade = true
    this.ledger.begin(await audit(page))
    await page.close()
  }

  /** @returns one line of what happened */
  async kill(number: number, seed: number): Promise<string> {
    const chance = createRandom(`kills ${seed} ${number}`)
    const random = () => chance.next()
    const killer = killers[Math.floor(random() * killers.length)] ?? 'tab closed'
    const urn = activities.flatMap((activity) => Array.from({ length: parts[activity] }, () => activity))
    // Only a training has replicas to lose.
    const activity = killer === 'replica worker' ? 'training' : (urn[Math.floor(random() * urn.length)] ?? 'episodes')
    const delay = random() * longest[activity]
    const count = this.counts.get(killer) ?? none()
    this.counts.set(killer, count)

    let page = await this.open()
    await page.waitForTimeout(300)
    const working = work(activity, page, { ledger: this.ledger, seed: Math.floor(random() * 1e6), zip: this.#zipMade ? this.#zip : null })
    await page.waitForTimeout(delay)
    let hit = await kill(killer, this.#chrome, page)
    // Replicas are started with the first step.
    for (let i = 0; i < 20 && !hit; i++) {
      await page.waitForTimeout(500)
      hit = await kill(killer, this.#chrome, page)
    }
    const acknowledged = this.ledger.size
    const held: Audit[] = []
    if (survives(killer)) {
      // What it was doing may end by itself, or not before it is mended.
      await Promise.race([working, page.waitForTimeout(1500)])
      await mend(page)
      await Promise.race([working, page.waitForTimeout(1500)])
      const here = await this.#look(page, count)
      if (deletes(killer)) this.ledger.begin(here)
      else count.lost.push(...this.ledger.losses(here).map((each) => `kill ${number}: ${each}`))
      held.push(here)
    }
    await this.#chrome.closeOthers()
    await working
    page = await this.open()
    const found = await this.#look(page, count)
    count.lost.push(...this.ledger.losses(found).map((each) => `kill ${number}: ${each}`))
    if (activity === 'training') {
      const went = await goOn(page)
      if (went === '') count.resumed++
      else if (went !== null) count.stuck.push(`kill ${number}: ${went}`)
    }
    if (hit) count.kills++
    count.claimed += judge(found, true).claimed
    count.acknowledged += acknowledged
    await this.#chrome.closeOthers()
    return `${String(number).padStart(4)}  ${killer.padEnd(19)} ${activity.padEnd(9)} ${Math.round(delay).toString().padStart(5)} ms  ${found.episodes.length} episodes, ${found.runs.map(({ steps }) => steps).join('+') || '0'} steps${hit ? '' : ', nothing to kill'}`
  }

  async #look(page: Page, count: Count): Promise<Audit> {
    const durable = await isDurable(page)
    const found = await audit(page)
    const { missing, half } = judge(found, durable)
    count.missing.push(...missing)
    count.half.push(...half)
    if (!durable) count.missing.push('the database: the page says that nothing is being saved')
    return found
  }
}

function table(counts: ReadonlyMap<Killer, Count>): { lines: string[]; failures: string[] } {
  const rows = killers.flatMap((killer) => {
    const count = counts.get(killer)
    return count ? [{ killer, ...count }] : []
  })
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0)
  const line = (name: string, numbers: readonly number[]) => name.padEnd(20) + numbers.map((each) => String(each).padStart(14)).join('')
  const columns = [(row) => row.kills, (row) => row.acknowledged, (row) => row.claimed, (row) => row.claimed - row.missing.length, (row) => row.half.length, (row) => row.lost.length, (row) => row.resumed] satisfies ((row: (typeof rows)[number]) => number)[]
  const lines = [
    ''.padEnd(20) + ['kills', 'acknowledged', 'claimed', 'kept', 'half', 'lost', 'gone on'].map((each) => each.padStart(14)).join(''),
    ...rows.map((row) => line(row.killer, columns.map((of) => of(row)))),
    line('all', columns.map(sum)),
  ]
  return { lines, failures: rows.flatMap(({ killer, missing, half, lost, stuck }) => [...missing.map((each) => `${killer}: claimed and not kept: ${each}`), ...half.map((each) => `${killer}: half a thing: ${each}`), ...lost.map((each) => `${killer}: lost: ${each}`), ...stuck.map((each) => `${killer}: did not go on: ${each}`)]) }
}

async function main(): Promise<number> {
  const { kills, seed, from, minutes: limit } = given({
    command: 'npm run kills',
    does: 'Kills the built page, its workers and its database at random moments while it records, trains, deletes and imports, opens it again\neach time, and holds what it claims against what is kept.',
    schema: z.object({ kills: whole.default(100), seed: whole.default(1), from: whole.default(1), minutes: numberFrom(0).default(0) }),
    takes: {
      kills: 'how many; 100 when left out',
      seed: 'of all chance: each kill\'s follows from it and its number; 1 when left out',
      from: 'the number of the first, to go through them in slices; 1 when left out',
      minutes: 'begin no further one after so long; until all are done when left out',
    },
  })
  const minutes = limit || Infinity
  const began = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'agemem-kills-'))
  const server = await preview({ preview: { port, strictPort: true, open: false } })
  const chrome = new Chrome(join(folder, 'profile'), `http://127.0.0.1:${port}/`)
  const session = new Session(chrome, folder)
  try {
    await session.prepare()
    for (let number = from; number < from + kills; number++) {
      if (performance.now() - began > minutes * 60_000) {
        say(`The time is over: go on with --from ${number} --kills ${from + kills - number}.`)
        break
      }
      say(await session.kill(number, seed))
    }
  } finally {
    await chrome.kill()
    await server.close()
    // The browser's other processes may outlive it by a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 }).catch((error: unknown) => { say(String(error)) })
  }
  const { lines, failures } = table(session.counts)
  say(['', ...lines, '', ...failures, failures.length === 0 ? 'Nothing was lost.' : `${failures.length} failures.`].join('\n'))
  return failures.length === 0 ? 0 : 1
}

process.exitCode = await main()
