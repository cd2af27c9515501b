// The episode on show, when what plays it fails.
import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import type { LabApi, LabEvent } from '../../rpc/contracts.ts'
import { createEpisodeStore } from './episode.ts'

const whole = trajectoryOf({
  task: miraTask(),
  steps: [{ phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', 'Mira')] }],
})
const begun = { ...whole, status: 'running' as const, stop: null, steps: [] }

/** A lab that sends these events, and then fails with these words. */
function failing(events: readonly LabEvent[], words: string) {
  const runEpisode: LabApi['runEpisode'] = async (_request, _pace, take) => {
    take([...events])
    return Promise.reject(new Error(words))
  }
  const done = () => Promise.resolve()
  return { runEpisode, reply: done, setPace: done, stepOnce: done, stop: done, suggest: () => Promise.reject(new Error(words)) }
}

describe('an episode that could not go on', () => {
  it('is not said to be played still, and keeps what was played', async () => {
    const lab = failing([{ type: 'started', key: 'e', trajectory: begun }], 'The lab worker is gone.')
    const store = createEpisodeStore({ lab: () => lab }, () => undefined)
    const { task, settings, seed } = whole
    const policy = { name: 'oracle' } as const
    await store.getState().run({ key: 'e', task, policy, seed, settings })
    expect(store.getState().shown).toMatchObject({ phase: 'ended', saved: false })
    expect(store.getState().shown?.trajectory).toMatchObject({
      status: 'partial',
      stop: 'failed',
      failure: 'The lab worker is gone.',
    })
  })
})
