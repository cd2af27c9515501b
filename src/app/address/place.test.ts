// Places of the page, from the stores as they are made: what counts as another place, and what its link says.
import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { hashOf, isNextDoor, placeOf, samePlace, saysWhatIsShown } from './place.ts'
import { noFilters } from '../table/filters.ts'
import type { Moment, Place } from '../view.ts'
import { rolloutKey } from '../state/training-workspace.ts'
import { createConfigStore } from '../state/config.ts'
import { createEpisodeStore } from '../state/episode.ts'
import { restoreConfig } from '../state/restore.ts'
import type { View } from '../state/ui.ts'

const trajectory = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', 'Mira')] }, { phase: 'answer', says: 'Where?', answer: 'Oslem' }] })
const untouched = { filters: noFilters, sort: null }
const backend = { lab: () => { throw new Error('not in this test') } }

function moment(view: View, patch: Partial<Moment> = {}): Moment {
  const config = createConfigStore()
  config.getState().restore(restoreConfig(trajectory, config.getState(), null))
  const episode = createEpisodeStore(backend, () => undefined).getState()
  return { compare: { result: null }, experiments: { at: null }, config: config.getState(), episode, files: { loaded: null }, group: { at: null, group: 0, rollout: 0 }, library: untouched, rollouts: { run: null, shown: false, ...untouched }, runs: { shown: null }, ui: { view, tour: 'off' }, webllm: { models: null, linked: null }, ...patch }
}

function showing(key: string, at: number | null = null): Pick<Moment, 'episode'> {
  const store = createEpisodeStore(backend, () => undefined)
  store.getState().show(key, trajectory, at ?? undefined)
  return { episode: store.getState() }
}

const place = (patch: Partial<Place>): Place => ({ view: 'watch', run: null, runStep: null, group: null, episode: null, comparison: null, experiment: null, ...patch })

describe('a place', () => {
  it('is what is on show in the view, and not what another view has', () => {
    const busy = { ...showing('e'), runs: { shown: 'r' }, group: { at: { run: 'g', step: 4 }, group: 2, rollout: 0 } }
    expect(placeOf(moment('watch', busy), null)).toEqual(place({ episode: 'e' }))
    expect(placeOf(moment('train', busy), null)).toEqual(place({ view: 'train', run: 'r' }))
    expect(placeOf(moment('group', busy), null)).toEqual(place({ view: 'group', run: 'g', runStep: 4, group: 2 }))
    expect(placeOf(moment('group'), null)).toEqual(place({ view: 'group' }))
    for (const view of ['compare', 'experiments', 'models', 'checkpoints', 'episodes'] as const) expect(placeOf(moment(view, busy), null)).toEqual(place({ view }))
  })

  it('is not another one because the scrubber moves', () => {
    expect(samePlace(placeOf(moment('watch', showing('e', 0)), null), placeOf(moment('watch', showing('e', 1)), null))).toBe(true)
    expect(hashOf(moment('watch', showing('e', 0)))).toMatch(/&episode=e&step=1$/)
    expect(hashOf(moment('watch', showing('e', 1)))).toMatch(/&episode=e$/)
    expect(samePlace(place({ episode: 'e' }), place({ episode: 'f' }))).toBe(false)
  })

  it('stays the one before while an episode that was asked for is on its way', () => {
    const waiting = moment('watch')
    waiting.episode = { ...waiting.episode, waiting: true }
    expect(placeOf(waiting, place({ episode: 'before' }))).toEqual(place({ episode: 'before' }))
    expect(placeOf(waiting, place({ view: 'models' }))).toEqual(place({}))
  })

  it('of a rollout names the step of the run that keeps it', () => {
    const { run, batch } = trajectory.id
    const shown = moment('watch', showing(rolloutKey(trajectory)))
    expect(placeOf(shown, null)).toEqual(place({ run, runStep: batch, episode: rolloutKey(trajectory) }))
  })

  it('of a step is next door to the other steps and tasks of its run', () => {
    const here = place({ view: 'group', run: 'r', runStep: 1, group: 0 })
    expect(isNextDoor(here, { ...here, runStep: 2 })).toBe(true)
    expect(isNextDoor(here, { ...here, group: 1 })).toBe(true)
    expect(isNextDoor(here, { ...here, run: 's' })).toBe(false)
    expect(isNextDoor(here, { ...here, view: 'train' })).toBe(false)
  })
})

describe('the link to a moment', () => {
  it('names an episode only while the sentence says what it is', () => {
    const shown = moment('watch', showing('e'))
    expect(saysWhatIsShown(shown)).toBe(true)
    const changed = { ...shown, config: { ...shown.config, seed: shown.config.seed + 1 } }
    expect(saysWhatIsShown(changed)).toBe(false)
    expect(hashOf(changed)).not.toContain('episode')
  })
})
