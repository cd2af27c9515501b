import { describe, expect, it } from 'vitest'
import { scriptedPolicy, type ScriptedName } from '../demonstrations/scripted.ts'
import { defaultDifficulty, worldTask } from '../environments/question/sources/world.ts'
import {
  add,
  filter,
  miraTask,
  remove,
  retrieve,
  summarise,
  trajectoryOf,
  update,
  type ScriptedStep,
} from '../episode/fixture.ts'
import { settingsPresets } from '../episode/settings.ts'
import { runEpisodes } from '../episode/simulator.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { wordCounter } from '../policy/word-counter.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { verdictOn } from '../reward/recorded-verdict.ts'
import { whyOf } from './why.ts'

const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
const ended = (steps: ScriptedStep[], more: Partial<Parameters<typeof trajectoryOf>[0]> = {}) =>
  trajectoryOf({ task: miraTask(), steps, ...more })
const why = (trajectory: Trajectory) => whyOf(trajectory, verdictOn(trajectory)?.score ?? -1)
const said = (...args: Parameters<typeof ended>) => why(ended(...args))

/** Told where she lives, then the correction, which is dealt with as given; all steps have numbers from 0. */
const told: ScriptedStep = { phase: 'build', says: tarn, calls: [add('m1', tarn)] }
const corrected = (...calls: NonNullable<ScriptedStep['calls']>): ScriptedStep => ({
  phase: 'build',
  says: 'Correction: Mira Voss lives in Oslem now.',
  calls,
})
const asked = (...calls: NonNullable<ScriptedStep['calls']>): ScriptedStep => ({
  phase: 'answer',
  says: 'Where does Mira Voss live?',
  calls,
})
const answers = (answer: string): ScriptedStep => ({ phase: 'answer', answer })
const kept = [told, corrected(update('m1', tarn, oslem))]
const found = retrieve('Mira', ['m1', oslem])

describe('whyOf', () => {
  it('says of a right answer that it was remembered, corrections included, or that it was luck', () => {
    expect(said([...kept, asked(found), answers('Oslem')])).toEqual({
      outcome: 'right',
      reason: { kind: 'remembered', step: 3, facts: 1, updated: 1 },
      missing: 0,
    })
    expect(said([told, corrected(), { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'Oslem' }])).toEqual(
      {
        outcome: 'right',
        reason: { kind: 'guessed', step: 2, fact: oslem },
        missing: 1,
      },
    )
  })

  it('finds the write that put something else into the memory, and the deletion', () => {
    const lost = said([
      ...kept,
      {
        phase: 'resist',
        says: 'Jon Voss lives in Velmora.',
        calls: [update('m1', oslem, 'Jon Voss lives in Velmora.')],
      },
      asked(retrieve('Mira')),
      answers('Velmora'),
    ])
    expect(lost).toEqual({
      outcome: 'wrong',
      reason: { kind: 'overwritten', step: 2, memory: 'm1', fact: oslem, by: 'Jon Voss lives in Velmora.' },
      missing: 1,
    })
    const deleted = said([
      ...kept,
      { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [remove('m1', oslem)] },
      asked(retrieve('Mira')),
      answers('I do not know.'),
    ])
    expect(deleted).toMatchObject({ outcome: 'unknown', reason: { kind: 'deleted', step: 2, memory: 'm1' } })
  })

  it('does not count as lost what was written again', () => {
    const again = [update('m1', oslem, 'Nothing.'), add('m2', oslem)]
    expect(
      said([...kept, { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: again }, answers('Velmora')]).reason,
    ).toEqual({ kind: 'not-searched', step: 3, memory: 'm2', fact: oslem })
  })

  it('tells a missed correction from what was never stored and from what was stored wrong', () => {
    expect(said([told, corrected(), asked(retrieve('Mira', ['m1', tarn])), answers('Tarn')]).reason).toEqual({
      kind: 'stale',
      step: 1,
      memory: 'm1',
      fact: oslem,
      old: tarn,
    })
    expect(said([{ phase: 'build', says: tarn, answer: 'I see.' }, corrected(), answers('Tarn')]).reason).toEqual({
      kind: 'never-stored',
      step: 1,
      fact: oslem,
    })
    const wrong = [
      { phase: 'build' as const, says: tarn, answer: 'I see.' },
      corrected(add('m1', 'Mira Voss lives in Osl.')),
      answers('Osl'),
    ]
    expect(said(wrong).reason).toEqual({
      kind: 'garbled',
      step: 1,
      memory: 'm1',
      fact: oslem,
      stored: 'Mira Voss lives in Osl.',
    })
  })

  it('follows what was stored: not searched, not found, filtered out, summed away', () => {
    expect(said([...kept, asked(), answers('Velmora')]).reason).toEqual({
      kind: 'not-searched',
      step: 3,
      memory: 'm1',
      fact: oslem,
    })
    expect(said([...kept, asked(retrieve('weather', ['m2', 'Nice weather.'])), answers('Velmora')]).reason).toEqual({
      kind: 'not-found',
      step: 2,
      memory: 'm1',
      fact: oslem,
      query: 'weather',
    })
    const filteredOut = ended([...kept, asked(found), { phase: 'answer', calls: [filter('m1')] }, answers('Velmora')])
    // The fixture's filter takes messages of the user alone: here it took the result.
    for (const { after } of filteredOut.steps)
      for (const event of after) if (event.type === 'stm.filter') event.removed = ['c9']
    expect(why(filteredOut).reason).toEqual({ kind: 'filtered', step: 3, fact: oslem })
    expect(
      said([...kept, asked(found), { phase: 'answer', calls: [summarise('She lives somewhere.')] }, answers('Velmora')])
        .reason,
    ).toEqual({ kind: 'summarised', step: 3, fact: oslem })
  })

  it('says when all was there: another answer, the outdated value beside it, a part of it', () => {
    expect(said([...kept, asked(found), answers('Velmora')])).toMatchObject({
      outcome: 'wrong',
      reason: { kind: 'misread', step: 3 },
      missing: 0,
    })
    expect(said([...kept, asked(found), answers('I do not know.')])).toMatchObject({
      outcome: 'unknown',
      reason: { kind: 'misread' },
    })
    const both = retrieve('Mira', ['m1', tarn], ['m2', oslem])
    expect(said([told, corrected(add('m2', oslem)), asked(both), answers('Tarn')])).toEqual({
      outcome: 'wrong',
      reason: { kind: 'took-the-old', step: 3, memory: 'm1', fact: oslem, old: tarn },
      missing: 0,
    })
    expect(said([...kept, asked(found), answers('Oslem or Velmora')]).outcome).toBe('partly')
  })

  it('names what kept it from answering', () => {
    expect(said([...kept, asked(found), asked(found)], { stop: 'rounds' })).toEqual({
      outcome: 'none',
      reason: { kind: 'rounds', step: 3, searches: 2 },
      missing: 0,
    })
    expect(said([...kept, asked(found)], { stop: 'overflow' }).reason).toEqual({ kind: 'overflow', step: 2 })
    const violations = [{ rule: 'unclosed-think' as const, position: 0, message: '', recovered: false }]
    expect(said([...kept, { ...asked(), violations }], { stop: 'rounds' }).reason).toEqual({
      kind: 'format',
      step: 2,
      rule: 'unclosed-think',
    })
    expect(said([...kept], { stop: 'aborted' })).toEqual({
      outcome: 'stopped',
      reason: { kind: 'stopped', step: 1 },
      missing: 0,
    })
    expect(said([...kept], { stop: 'failed' }).reason).toEqual({ kind: 'failed', step: 1 })
  })

  it('says no more than the verdict where there are no facts to follow', () => {
    const judged = ended([{ phase: 'answer', says: 'Open the door.', answer: 'Done' }], {
      task: miraTask({ facts: [], build: [] }),
    })
    expect(whyOf(judged, 1)).toEqual({ outcome: 'right', reason: { kind: 'judged', step: 0 }, missing: 0 })
    const other = { ...judged, task: { id: 'd', family: 'door', source: 'door', kind: 'open', split: 'none' as const } }
    expect(whyOf(other, 0)).toEqual({ outcome: 'wrong', reason: { kind: 'judged', step: 0 }, missing: 0 })
  })
})

describe('whyOf on what scripted policies do', async () => {
  const tasks = Array.from({ length: 60 }, (_, index) =>
    worldTask({
      seed: 5,
      index,
      split: 'train',
      difficulty: { ...defaultDifficulty, facts: 1 + (index % 4), distractors: index % 5, update_share: 0.5 },
    }),
  )
  const kindsOf = async (name: ScriptedName) => {
    const embedder = new HashEmbedder()
    const specs = tasks.map((task, i) => ({
      key: String(i),
      id: { run: 'why', batch: 0, rollout: 0 },
      task,
      seed: 7,
      settings: settingsPresets.playground,
    }))
    const policy = scriptedPolicy(name, (key) => tasks[Number(key)])
    const trajectories = await runEpisodes(specs, {
      policy,
      memory: new InMemoryStore(embedder),
      embedder,
      counter: wordCounter,
    })
    return trajectories.map((trajectory) => ({ trajectory, ...why(trajectory) }))
  }

  it('the oracle remembers, and who stores nothing never stored it', async () => {
    expect(new Set((await kindsOf('oracle')).map(({ reason }) => reason.kind))).toEqual(new Set(['remembered']))
    expect(new Set((await kindsOf('store-none')).map(({ reason }) => reason.kind))).toEqual(new Set(['never-stored']))
  })

  it('who stores everything does not find it again, and who is careless fails in several ways', async () => {
    const all = await kindsOf('store-all')
    expect(new Set(all.map(({ reason }) => reason.kind))).toEqual(new Set(['remembered', 'not-found']))
    // It did search, and what it found does not state the fact.
    for (const { reason, trajectory } of all) {
      if (reason.kind === 'not-found')
        expect(trajectory.steps[reason.step]?.after.some(({ type }) => type === 'ltm.retrieve')).toBe(true)
    }
    const kinds = new Set((await kindsOf('careless')).map(({ reason }) => reason.kind))
    expect([...kinds]).toEqual(expect.arrayContaining(['remembered', 'never-stored', 'stale', 'not-searched']))
  })
})
