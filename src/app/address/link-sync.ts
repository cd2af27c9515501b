// Keeps the address, the browser's history and the page the same: the hash follows what is on show, each place in the page is
// an entry of the history, and a link that is opened is shown.
import { z } from 'zod'
import { followLink, placeOfLink, returnTo } from './follow-link.ts'
import { hashOf, isNextDoor, placeOf, placeSchema, samePlace, saysWhatIsShown } from './place.ts'
import type { Moment, Place } from '../view.ts'
import { namesOf } from '../../core/table.ts'
import { views } from '../views/index.ts'
import type { Stores } from '../state/context.tsx'
import { readLink } from './link.ts'

/** What changes without another place being reached is written this often, ms. */
const writeInterval = 250
/** Somebody who holds a key down goes on faster than this, ms: the steps between are no entries. */
const dwell = 1000
/** Browsers limit how often the address may change, of what is known Safari most: 100 times in 30 s, then it throws. */
const limit = { writes: 80, within: 30_000 }

/** With the step that was under the scrubber: once the sentence was changed, the link does not say. */
const entrySchema = z.object({ agemem: placeSchema, step: z.number().nullable() })

/** Of the history, as the page is in it. */
interface Entry {
  place: Place
  /** When it was reached. */
  at: number
  /** What is to be on show there is still on its way. */
  arriving: boolean
}

/** How many times the address may still be changed, and when again. @param now monotonic, ms */
function createAllowance(now: () => number): { wait: () => number; take: () => void } {
  const taken: number[] = []
  return {
    wait() {
      while ((taken[0] ?? Infinity) <= now() - limit.within) taken.shift()
      return taken.length < limit.writes ? 0 : (taken[0] ?? 0) + limit.within - now()
    },
    take: () => { taken.push(now()) },
  }
}

/** Starts both directions. @returns what follows the link in the address, and what stops */
export function syncLink(stores: Stores): { follow: () => void; stop: () => void } {
  const now = () => performance.now()
  const allowance = createAllowance(now)
  let timer: ReturnType<typeof setTimeout> | null = null
  let queued = false
  let arrivals = 0
  let following = false
  let written = location.hash
  let writtenStep: number | null = null

  const momentNow = (before: Moment | null): Moment => {
    const { config, episode, files, library, ui, webllm, workspace } = stores
    const present = episode.getState()
    // An episode that was asked for takes the place of the one before when it comes.
    const held = present.waiting && before ? before.episode : present
    return { compare: workspace.compare.getState(), experiments: workspace.experiments.getState(), config: config.getState(), episode: held, files: files.getState(), library: library.getState(), group: workspace.group.getState(), rollouts: workspace.rollouts.getState(), runs: workspace.runs.getState(), ui: ui.getState(), webllm: webllm.getState() }
  }
  let last = momentNow(null)
  /** The newest at this place in which the sentence said what is on show. */
  let described: Moment | null = null
  let entry: Entry = { place: placeOf(last, null), at: -Infinity, arriving: false }

  /** Writes the present entry, or one behind it. Not when somebody has put a link into the address that is still to be followed. */
  const write = (how: 'push' | 'replace', moment: Moment, place: Place): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (location.hash !== written) return
    const hash = hashOf(moment)
    const state: z.infer<typeof entrySchema> = { agemem: place, step: moment.episode.at }
    allowance.take()
    if (how === 'push') history.pushState(state, '', hash)
    else history.replaceState(state, '', hash)
    written = location.hash
    writtenStep = state.step
  }
  const soon = (delay: number) => { timer ??= setTimeout(() => { timer = null; settle(true) }, Math.max(delay, allowance.wait())) }

  /** Brings the history up to what is on show. @param due what changed in the same place is written now, and not soon */
  function settle(due: boolean): void {
    // Only somebody who is not waiting for it goes elsewhere meanwhile.
    if (following && stores.ui.getState().view === entry.place.view) return
    following = false
    const moment = momentNow(last)
    const place = placeOf(moment, entry.place)
    const before = last
    if (samePlace(place, entry.place)) {
      last = moment
      if (saysWhatIsShown(moment)) described = moment
      if (!due) soon(writeInterval)
      else if (hashOf(moment) !== written || moment.episode.at !== writtenStep) write('replace', moment, place)
      return
    }
    if (allowance.wait() > 0) {
      soon(0)
      return
    }
    const inTour = moment.ui.tour === 'playing' && place.view === 'watch' && entry.place.view === 'watch'
    const passing = inTour || (entry.arriving && place.view === entry.place.view) || (isNextDoor(entry.place, place) && now() - entry.at < dwell)
    // The entry that is left keeps what was on show last. When another episode takes the place of one, what the sentence was
    // changed to meanwhile belongs to the new one.
    const left = place.view === 'watch' && entry.place.view === 'watch' && described ? { ...described, episode: before.episode } : before
    if (!passing && (timer !== null || left !== before)) write('replace', left, entry.place)
    last = moment
    described = saysWhatIsShown(moment) ? moment : null
    entry = { place, at: now(), arriving: place.view === 'watch' && place.episode === null && stores.episode.getState().waiting }
    write(passing ? 'replace' : 'push', moment, place)
  }

  const changed = () => {
    if (queued) return
    queued = true
    // Whoever opens something changes several stores at once.
    queueMicrotask(() => {
      queued = false
      settle(false)
    })
  }

  /** Shows what an entry has, which is the present one already. */
  const arrive = (place: Place, show: () => Promise<void>) => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const mine = ++arrivals
    written = location.hash
    following = true
    entry = { place, at: -Infinity, arriving: false }
    const arrived = () => {
      if (mine !== arrivals || !following) return
      following = false
      last = momentNow(last)
      described = saysWhatIsShown(last) ? last : null
      const reached = placeOf(last, entry.place)
      entry = { place: reached, at: -Infinity, arriving: place.episode !== null && reached.episode === null }
      write('replace', last, reached)
    }
    void show().finally(arrived)
  }
  const follow = () => {
    const { link, problems } = readLink(location.hash, namesOf(views))
    arrive(placeOfLink(link), () => followLink(stores, link, problems))
  }
  const popped = ({ state }: PopStateEvent) => {
    const read = entrySchema.safeParse(state)
    // A link that was put into the address has no place yet: hashchange comes next.
    if (read.success) arrive(read.data.agemem, () => returnTo(stores, read.data.agemem, read.data.step, readLink(location.hash, namesOf(views)).link))
  }
  const hashChanged = () => {
    if (location.hash !== written) follow()
  }
  const leave = () => {
    if (timer !== null) settle(true)
  }

  const { config, episode, files, library, ui, webllm, workspace } = stores
  const ends = [config, episode, files, library, ui, webllm, workspace.runs, workspace.group, workspace.rollouts, workspace.compare, workspace.experiments].map((store) => store.subscribe(changed))
  addEventListener('popstate', popped)
  addEventListener('hashchange', hashChanged)
  addEventListener('pagehide', leave)
  history.replaceState({ agemem: entry.place, step: null } satisfies z.infer<typeof entrySchema>, '')
  return {
    follow,
    stop() {
      if (timer !== null) clearTimeout(timer)
      for (const end of ends) end()
      removeEventListener('popstate', popped)
      removeEventListener('hashchange', hashChanged)
      removeEventListener('pagehide', leave)
    },
  }
}
