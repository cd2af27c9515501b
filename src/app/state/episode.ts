// The episode on show: live or recorded, and the moment of it that every panel shows. One store, one truth.
import { createStore, type StoreApi } from 'zustand'
import type { Generation, Trajectory } from '../../core/record/trajectory.ts'
import type { ModelProgress } from '../../core/policy/model.ts'
import type { EpisodeRequest, LabEvent, Pace, PersonAsked, PolicyChoice, LabApi } from '../../rpc/contracts.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { messageOf } from '../../core/error-message.ts'

/** Names of speeds and what they mean, in milliseconds a step; `max` is as fast as it goes. */
export const speeds = { '½×': 1600, '1×': 800, '2×': 400, '4×': 200, max: 0 } as const
type Speed = keyof typeof speeds
export const speedNames: readonly Speed[] = ['½×', '1×', '2×', '4×', 'max']

type Phase = 'starting' | 'running' | 'paused' | 'ended'

export interface Shown {
  key: string
  trajectory: Trajectory
  /** played: in this tab, now. recorded: reopened from the list. */
  origin: 'played' | 'recorded'
  phase: Phase
  /** null until it has ended. */
  saved: boolean | null
}

export interface EpisodeState {
  shown: Shown | null
  /** A request was sent, and nothing has come back yet. */
  waiting: boolean
  /** What the model's loading is at; null when nothing is being loaded. */
  loading: ModelProgress | null
  /** The reply under way, as far as it has come. */
  text: string
  /** The episode that the one of this key was branched off from stands beside it; null: none does. */
  beside: { key: string; original: Trajectory } | null
  /** What the person who plays is asked; null: nothing. */
  asked: PersonAsked | null
  /** Why the last run could not go on, in words. */
  failure: string | null
  /** Index of the step under the scrubber; null: the newest. */
  at: number | null
  /** The scrubber moves by itself through what is recorded. */
  playing: boolean
  speed: Speed
  run(request: EpisodeRequest, options?: { pace?: Pace; at?: number }): Promise<void>
  pause(): void
  resume(): void
  /** Lets a live episode make one step and shows it. */
  stepOnce(): void
  stop(): void
  /** What the person says. */
  reply(text: string): void
  /** What a model would say to what the person is asked now. @throws what the lab has to say against it */
  suggest(model: PolicyChoice): Promise<Generation>
  /** Ends what runs, without a trace of a failure: its worker is gone. */
  lost(): void
  /** Other workers stand in for lost ones: that nothing could be played is no longer so. */
  restarted(): void
  show(key: string, trajectory: Trajectory, at?: number): void
  /** The record of what is on show has changed, not what happened in it; nothing when something else is on show. */
  amend(shown: string, next: Pick<Shown, 'key' | 'trajectory' | 'saved'>): void
  clear(): void
  /** Puts the scrubber on a step; playing by itself ends. */
  seek(index: number): void
  /** The next step of playing by itself. */
  advance(): void
  play(): void
  hold(): void
  setSpeed(speed: Speed): void
}

/** Index of the step that is shown; −1 before the first. */
export function position(state: Pick<EpisodeState, 'shown' | 'at'>): number {
  const last = (state.shown?.trajectory.steps.length ?? 0) - 1
  return state.at === null ? last : Math.min(Math.max(0, state.at), last)
}

export function isLive(shown: Shown | null): boolean {
  return shown !== null && shown.phase !== 'ended'
}

/** Index of the first step of a phase, or −1. */
export function firstOfPhase(trajectory: Trajectory, phase: string): number {
  return trajectory.steps.findIndex((step) => step.phase === phase)
}

function withEvents(shown: Shown | null, events: readonly LabEvent[]): Shown | null {
  let next = shown
  for (const event of events) {
    if (event.type === 'started') next = { key: event.key, trajectory: event.trajectory, origin: 'played', phase: next?.phase === 'paused' ? 'paused' : 'running', saved: null }
    else if (next === null || next.key !== event.key) continue
    else if (event.type === 'step') next = { ...next, trajectory: { ...next.trajectory, steps: [...next.trajectory.steps, event.step] } }
    else if (event.type === 'paused') next = { ...next, phase: 'paused' }
    else if (event.type === 'finished') next = { ...next, trajectory: event.trajectory, phase: 'ended', saved: event.saved }
  }
  return next
}

/** What was played of an episode that could not go on. */
const brokenOff = (shown: Shown, failure: string): Shown => ({
  ...shown,
  phase: 'ended',
  saved: false,
  trajectory:
    shown.trajectory.status === 'running'
      ? { ...shown.trajectory, status: 'partial', stop: 'failed', failure }
      : shown.trajectory,
})

/** The reply under way after these events: a step ends it. */
function textAfter(text: string, events: readonly LabEvent[]): string {
  return events.reduce((so, event) => (event.type === 'text' ? so + event.text : event.type === 'step' || event.type === 'finished' ? '' : so), text)
}

/** What is asked after these events. */
function askedAfter(asked: PersonAsked | null, events: readonly LabEvent[]): PersonAsked | null {
  return events.reduce<PersonAsked | null>((so, event) => (event.type === 'asked' ? event.asked : event.type === 'step' || event.type === 'finished' ? null : so), asked)
}

/** What loading is at after these events. */
function loadingAfter(loading: ModelProgress | null, events: readonly LabEvent[]): ModelProgress | null {
  return events.reduce<ModelProgress | null>((so, event) => (event.type === 'loading' ? event.progress : event.type === 'started' ? null : so), loading)
}

export type EpisodeStore = StoreApi<EpisodeState>

/** @param onEnd called when a live episode has been written to the list */
/** What playing needs of the lab. */
interface PlayingBackend {
  lab(): Pick<LabApi, 'reply' | 'runEpisode' | 'setPace' | 'stepOnce' | 'stop' | 'suggest'>
}

export function createEpisodeStore(backend: PlayingBackend, onEnd: () => void): EpisodeStore {
  /** Key of the episode whose events are taken; older ones may still be on their way. */
  let current: string | null = null
  const ignore = () => undefined
  return createStore<EpisodeState>((set, get) => {
    const liveKey = () => {
      const { shown } = get()
      return shown && isLive(shown) ? shown.key : null
    }
    const quietly = (call: Promise<void>) => void call.catch(ignore)
    return {
      shown: null,
      waiting: false,
      loading: null,
      text: '',
      asked: null,
      beside: null,
      failure: null,
      at: null,
      playing: false,
      speed: '1×',

      async run(request, options) {
        get().stop()
        const { key } = request
        // Who plays by hand has waited long enough.
        const msPerStep = request.policy.name === 'person' ? 0 : speeds[get().speed]
        const pace = options?.pace ?? { kind: 'run', msPerStep }
        current = key
        set({ shown: null, waiting: true, loading: null, text: '', asked: null, failure: null, at: options?.at ?? null, playing: false })
        const take = (events: LabEvent[]) => {
          if (current !== key) return
          set((state) => {
            const shown = withEvents(state.shown, events)
            return { shown, waiting: shown === null, loading: loadingAfter(state.loading, events), text: textAfter(state.text, events), asked: askedAfter(state.asked, events) }
          })
        }
        try {
          await backend.lab().runEpisode(request, pace, take)
          onEnd()
          if (current === key) set((state) => ({ waiting: false, loading: null, text: '', asked: null, failure: state.shown?.trajectory.failure ?? null }))
        } catch (error) {
          if (current !== key) return
          const message = messageOf(error)
          set((state) => ({ waiting: false, loading: null, text: '', asked: null, failure: message, shown: state.shown && brokenOff(state.shown, message) }))
        }
      },

      pause() {
        const key = liveKey()
        if (key === null) return
        quietly(backend.lab().setPace(key, { kind: 'pause' }))
        set((state) => ({ shown: state.shown && { ...state.shown, phase: 'paused' } }))
      },
      resume() {
        const key = liveKey()
        if (key === null) return
        quietly(backend.lab().setPace(key, { kind: 'run', msPerStep: speeds[get().speed] }))
        set((state) => ({ at: null, shown: state.shown && { ...state.shown, phase: 'running' } }))
      },
      stepOnce() {
        const key = liveKey()
        if (key === null) return
        set({ at: null })
        quietly(backend.lab().stepOnce(key))
      },
      stop() {
        const key = liveKey() ?? (get().waiting ? current : null)
        if (key !== null) quietly(backend.lab().stop(key))
      },
      reply(text) {
        const key = liveKey()
        if (key === null || get().asked === null) return
        set({ asked: null })
        quietly(backend.lab().reply(key, text))
      },
      async suggest(model) {
        const key = liveKey()
        if (key === null) throw new Error('Nothing is asked at present.')
        return backend.lab().suggest(key, model)
      },
      lost() {
        current = null
        set((state) => ({
          waiting: false,
          loading: null,
          text: '',
          asked: null,
          playing: false,
          shown: state.shown && isLive(state.shown) ? brokenOff(state.shown, 'A background worker stopped while it ran.') : state.shown,
        }))
      },

      restarted: () => { set(({ failure }) => ({ failure: failure !== null && isOfLostWorker(failure) ? null : failure })) },

      show(key, trajectory, at) {
        get().stop()
        current = key
        set({ shown: { key, trajectory, origin: 'recorded', phase: 'ended', saved: true }, waiting: false, loading: null, text: '', asked: null, failure: trajectory.failure, at: at ?? null, playing: false })
      },
      amend(key, next) {
        const { shown } = get()
        if (shown?.key !== key || shown.phase !== 'ended') return
        current = next.key
        set({ shown: { ...shown, ...next } })
      },
      clear() {
        get().stop()
        current = null
        set({ shown: null, waiting: false, loading: null, text: '', asked: null, failure: null, at: null, playing: false })
      },

      seek(index) {
        const { shown } = get()
        if (!shown) return
        const last = shown.trajectory.steps.length - 1
        const at = Math.min(Math.max(0, index), last)
        set({ at: at === last && isLive(shown) ? null : at, playing: false })
      },
      advance() {
        const state = get()
        const last = (state.shown?.trajectory.steps.length ?? 0) - 1
        const at = Math.min(last, position(state) + 1)
        set({ at, playing: state.playing && at < last })
      },
      play() {
        const state = get()
        if (!state.shown || isLive(state.shown)) return
        const last = state.shown.trajectory.steps.length - 1
        set({ playing: true, at: position(state) >= last ? 0 : position(state) })
      },
      hold() {
        set({ playing: false })
      },
      setSpeed(speed) {
        set({ speed })
        const { shown } = get()
        if (shown && shown.phase === 'running') quietly(backend.lab().setPace(shown.key, { kind: 'run', msPerStep: speeds[speed] }))
      },
    }
  })
}
