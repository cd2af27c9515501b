import { describe, expect, it } from 'vitest'
import { add, miraTask, retrieve, trajectoryOf } from '../../core/episode/fixture.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import type { LabApi } from '../../rpc/contracts.ts'
import { createConfigStore } from './config.ts'
import { createEpisodeStore, position, type Shown } from './episode.ts'
import { createTourStore, tourPace } from './tour.ts'
import { createUiStore } from './ui.ts'

const oslem = 'Mira Voss lives in Oslem.'
/** Two steps in stage 1, one each in stages 2 and 3. */
const played = trajectoryOf({
  task: miraTask(),
  steps: [
    { phase: 'build', says: oslem, calls: [add('m1', oslem)] },
    { phase: 'build', answer: 'Noted.' },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', oslem])] },
    { phase: 'answer', answer: 'Oslem' },
  ],
})

/** A tour whose clock stands until it is moved. */
function touring() {
  const remembered = new Map<string, string>()
  const ui = createUiStore(
    { get: (key) => remembered.get(key) ?? null, set: (key, value) => void remembered.set(key, value) },
    ['en'],
  )
  const config = createConfigStore()
  const lab = (): LabApi => {
    throw new Error('Nothing is asked of the lab here.')
  }
  const episode = createEpisodeStore({ lab }, () => undefined)
  const due: { ms: number; act: () => void }[] = []
  const runs: { key: string; adapter: string | null; end: (of: Trajectory) => void }[] = []
  let keys = 0
  const tour = createTourStore({
    config,
    episode,
    ui,
    newKey: () => `k${keys++}`,
    run: ({ key, at }) =>
      new Promise<void>((resolve) => {
        episode.setState({ shown: null, waiting: true, at })
        runs.push({
          key,
          adapter: config.getState().adapter,
          end(trajectory) {
            const shown: Shown = { key, trajectory, origin: 'played', phase: 'ended', saved: true }
            episode.setState({ shown, waiting: false })
            resolve()
          },
        })
      }),
    later(ms, act) {
      const entry = { ms, act }
      due.push(entry)
      return () => {
        if (due.includes(entry)) due.splice(due.indexOf(entry), 1)
      }
    },
  })
  /** Lets the next thing happen, and says how long it was waited for. */
  const beat = () => {
    const next = due.shift()
    next?.act()
    return next?.ms ?? null
  }
  const at = () => position(episode.getState())
  return { tour, ui, config, episode, due, runs, beat, at }
}

describe('the introduction', () => {
  it('plays before and after training by itself, and never holds longer than six seconds', async () => {
    const { tour, ui, config, runs, beat, at, due } = touring()
    void tour.getState().start(false)
    expect(ui.getState().tour).toBe('playing')
    expect(runs[0]?.adapter).toBeNull()
    const waits = [beat(), beat()]
    expect(at()).toBe(-1)
    runs[0]?.end(played)
    const places: number[] = []
    while (tour.getState().play === 'before') {
      waits.push(beat())
      places.push(at())
    }
    // Stage 1 is looked at, then every step, one after the other.
    expect(places.filter((place, i) => place !== places[i - 1])).toEqual([0, 1, 2, 3, 4, -1])
    expect(runs[1]?.adapter).toBe(trainedAdapterKey)
    runs[1]?.end(played)
    while (ui.getState().tour === 'playing') waits.push(beat())
    expect(ui.getState().tour).toBe('handover')
    expect(Math.max(...waits.map((ms) => ms ?? Infinity))).toBeLessThanOrEqual(6000)
    expect(waits.filter((ms) => ms === tourPace.end)).toHaveLength(2)
    // Run plays something else than the introduction did, with the base model.
    expect([config.getState().adapter, config.getState().index]).toEqual([null, 1])
    expect(due).toEqual([])
  })

  it('goes at the reader’s own pace when it is to be still, phase by phase', async () => {
    const { tour, ui, runs, at, due } = touring()
    void tour.getState().start(true)
    runs[0]?.end(played)
    const { next } = tour.getState()
    expect([at(), due.length]).toEqual([0, 0])
    const places = [next, next, next].map((go) => {
      go()
      return at()
    })
    expect([places, due.length]).toEqual([[2, 3, 4], 0])
    next()
    expect(tour.getState().play).toBe('after')
    runs[1]?.end(played)
    for (let i = 0; i < 4; i++) next()
    expect(ui.getState().tour).toBe('handover')
  })

  it('stops for whoever pauses it or moves the scrubber, and goes on from there', async () => {
    const { tour, episode, runs, beat, at, due } = touring()
    void tour.getState().start(false)
    runs[0]?.end(played)
    beat()
    tour.getState().toggle()
    expect([tour.getState().paused, due.length]).toEqual([true, 0])
    tour.getState().toggle()
    beat()
    expect(at()).toBe(1)
    episode.getState().seek(3)
    beat()
    expect([tour.getState().paused, at(), due.length]).toEqual([true, 3, 0])
    tour.getState().toggle()
    beat()
    expect(at()).toBe(4)
  })

  it('ends when it is skipped, and hands over when a play fails', async () => {
    const skipped = touring()
    void skipped.tour.getState().start(false)
    skipped.tour.getState().end()
    expect([skipped.ui.getState().tour, skipped.due.length]).toEqual(['off', 0])
    const { tour, ui, runs } = touring()
    const over = tour.getState().start(false)
    runs[0]?.end({ ...played, status: 'partial', stop: 'failed' })
    await over
    expect(ui.getState().tour).toBe('handover')
  })
})
