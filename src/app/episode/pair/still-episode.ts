// A recorded episode for the panels of Watch outside of it: what they read of the episode store, and a seek that the
// owner hears of. Nothing here plays.
import { createStore } from 'zustand'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import type { EpisodeState, EpisodeStore } from '../../state/episode.ts'

const nothing = () => undefined

/** @param onSeek told the index of a step that a panel wants to be shown */
export function stillEpisode(key: string, trajectory: Trajectory, onSeek: (index: number) => void): EpisodeStore {
  return createStore<EpisodeState>(() => ({
    shown: { key, trajectory, origin: 'recorded', phase: 'ended', saved: true },
    waiting: false,
    loading: null,
    text: '',
    asked: null,
    beside: null,
    failure: null,
    at: null,
    playing: false,
    speed: '1×',
    run: () => Promise.resolve(),
    pause: nothing,
    resume: nothing,
    stepOnce: nothing,
    stop: nothing,
    reply: nothing,
    suggest: () => Promise.reject(new Error('Nothing is asked here.')),
    lost: nothing,
    restarted: nothing,
    show: nothing,
    amend: nothing,
    clear: nothing,
    seek: onSeek,
    advance: nothing,
    play: nothing,
    hold: nothing,
    setSpeed: nothing,
  }))
}
