// The introduction: a short task played twice, by nano as it comes and after training. It goes through both by itself,
// step by step, and stops for whoever takes over. Owns when what is shown; its words and where they point are the view's.
import { createStore, type StoreApi } from 'zustand'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { Pace } from '../../rpc/contracts.ts'
import { defaultConfig, type ConfigStore } from './config.ts'
import { isLive, position, type EpisodeStore } from './episode.ts'
import { tourConfig, type TourPlay } from './tour-task.ts'
import type { UiStore } from './ui.ts'

/** How long things stay, ms: a step, the first step of a phase with its caption, the end of a play. None holds longer. */
export const tourPace = { step: 1100, caption: 4000, end: 6000, waiting: 150 } as const

export interface TourState {
  /** The play on show, or the last. */
  play: TourPlay
  /** It does not go on by itself. */
  paused: boolean
  /** @param still for people who asked for less motion: at their own pace from the beginning */
  start(still: boolean): Promise<void>
  /** To the next phase, the end of the play, the second play, or out. */
  next(): void
  /** Stops, or goes on. */
  toggle(): void
  end(): void
}

export type TourStore = StoreApi<TourState>

interface TourParts {
  config: ConfigStore
  episode: EpisodeStore
  ui: UiStore
  run: (options: { key: string; tour: true; pace: Pace; at: number }) => Promise<void>
  newKey: () => string
  /** Calls back after so many ms. @returns takes it back */
  later: (ms: number, act: () => void) => () => void
}

/** Index of the next step that begins a phase; null: none. */
function nextPhase({ steps }: Trajectory, at: number): number | null {
  const found = steps.findIndex(({ phase }, index) => index > at && phase !== steps[index - 1]?.phase)
  return found < 0 ? null : found
}

export function createTourStore({ config, episode, ui, run, newKey, later }: TourParts): TourStore {
  /** Of the play under way. */
  let key = ''
  /** Where the tour has put the scrubber: elsewhere, somebody else has. */
  let put = 0
  /** Nothing of the play has been seen yet. */
  let fresh = true
  let cancel = () => {}
  return createStore<TourState>((set, get) => {
    const on = () => ui.getState().tour === 'playing'
    const moveTo = (at: number) => {
      put = at
      episode.setState({ at, playing: false })
    }
    const after = (ms: number) => {
      cancel()
      if (!get().paused) cancel = later(ms, beat)
    }
    const handOver = () => {
      cancel()
      ui.getState().setTour('handover')
      config.getState().set({ ...defaultConfig, index: 1 })
    }
    async function begin(play: TourPlay) {
      key = newKey()
      put = 0
      fresh = true
      const mine = key
      set({ play })
      config.getState().set(tourConfig(play))
      after(tourPace.waiting)
      // As fast as it goes: what is shown of it is the tour's affair.
      await run({ key, tour: true, pace: { kind: 'run', msPerStep: 0 }, at: 0 })
      if (!on() || mine !== key) return
      const { shown } = episode.getState()
      // What went wrong is told where it always is.
      if (shown?.key === key && shown.trajectory.status !== 'complete') handOver()
      else if (!shown) get().end()
    }

    /** One beat: on by a step, on to the next play, or nothing yet. */
    function beat() {
      if (!on() || get().paused) return
      const state = episode.getState()
      const { shown } = state
      if (state.waiting || !shown || shown.trajectory.steps.length === 0) {
        after(tourPace.waiting)
        return
      }
      if (fresh) {
        fresh = false
        after(tourPace.caption)
        return
      }
      // Whoever moves the scrubber, or looks elsewhere, takes over.
      if (shown.key !== key || position(state) !== put || ui.getState().view !== 'watch') {
        set({ paused: true })
        return
      }
      const { steps } = shown.trajectory
      const last = steps.length - 1
      if (put < last) {
        moveTo(put + 1)
        const begins = steps[put]?.phase !== steps[put - 1]?.phase
        const ends = put === last && !isLive(shown)
        after(ends ? tourPace.end : begins ? tourPace.caption : tourPace.step)
      } else if (isLive(shown)) after(tourPace.waiting)
      else get().next()
    }

    return {
      play: 'before',
      paused: false,
      async start(still) {
        cancel()
        ui.getState().setTour('playing')
        set({ paused: still })
        await begin('before')
      },
      next() {
        const state = episode.getState()
        const { shown } = state
        if (!on() || !shown || shown.trajectory.steps.length === 0) return
        const at = position(state)
        const last = shown.trajectory.steps.length - 1
        const phase = nextPhase(shown.trajectory, at)
        if (shown.key === key && (phase !== null || at < last)) {
          moveTo(phase ?? last)
          after(phase === null && !isLive(shown) ? tourPace.end : tourPace.caption)
        } else if (isLive(shown)) after(tourPace.waiting)
        else if (get().play === 'before') void begin('after')
        else handOver()
      },
      toggle() {
        cancel()
        set((state) => ({ paused: !state.paused }))
        if (get().paused) return
        put = Math.max(0, position(episode.getState()))
        after(tourPace.step)
      },
      end() {
        cancel()
        ui.getState().setTour('off')
      },
    }
  })
}
