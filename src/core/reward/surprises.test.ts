import { describe, expect, it } from 'vitest'
import {
  add,
  failed,
  filter,
  miraTask,
  retrieve,
  trajectoryOf,
  update,
  type Script,
  type ScriptedStep,
} from '../episode/fixture.ts'
import { rewardPresets } from './presets.ts'
import type { RewardWeights } from './reward.ts'
import { scoreTrajectory } from './score.ts'
import { surprisesOf } from './surprises.ts'

const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
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

function surprises(steps: ScriptedStep[], weights: RewardWeights = rewardPresets.paper, more: Partial<Script> = {}) {
  const trajectory = trajectoryOf({ task: miraTask(), steps, ...more })
  const { components, reward } = scoreTrajectory(trajectory, weights)
  return surprisesOf(trajectory, components, reward, weights)
}
const kinds = (...args: Parameters<typeof surprises>) => surprises(...args).map(({ kind }) => kind)
const found = retrieve('Mira', ['m1', oslem])

describe('surprisesOf', () => {
  it('has nothing to say where what is paid is what was done well', () => {
    expect(surprises([told, corrected(update('m1', tarn, oslem)), asked(found), answers('Oslem')])).toEqual([])
  })

  it('points out an update that is paid though it made the memory no truer, but not one among others that did', () => {
    const needless = surprises([
      told,
      corrected(update('m1', tarn, 'Nice weather today.')),
      asked(found),
      answers('Oslem'),
    ])
    // 1/3 of the memory term, which is 1/3 of the total.
    expect(needless).toEqual([
      { kind: 'any-update', about: 'maintenance', points: expect.closeTo(1 / 9, 12), step: 1, memory: 'm1' },
    ])
    expect(
      kinds([
        told,
        corrected(update('m1', tarn, 'Nice weather today.'), update('m1', 'Nice weather today.', oslem)),
        asked(found),
        answers('Oslem'),
      ]),
    ).toEqual([])
    expect(
      kinds(
        [told, corrected(update('m1', tarn, 'Nice weather today.')), answers('Oslem')],
        rewardPresets['answer-only'],
      ),
    ).toEqual([])
  })

  it('says that nothing could be earned where nothing was corrected', () => {
    const [first] = miraTask().facts
    if (!first) throw new Error('The task has facts.')
    const task = miraTask({ facts: [{ ...first, superseded_by: null }], answer: 'Tarn' })
    expect(
      kinds([told, asked(retrieve('Mira', ['m1', tarn])), answers('Tarn')], rewardPresets.paper, { task }),
    ).toEqual(['nothing-to-update'])
  })

  it('says that a failed update is paid by the published code, and not by the paper', () => {
    const steps = [
      told,
      corrected(failed('Update_memory', 'unknown-id')),
      asked(retrieve('Mira', ['m1', tarn])),
      answers('Oslem'),
    ]
    expect(kinds(steps, rewardPresets['published-code'])).toContain('failed-update')
    expect(kinds(steps)).toEqual([])
  })

  it('says when a wrong answer is paid, and why a short context is short', () => {
    const wrong = surprises([told, corrected(), asked(), answers('Velmora')])
    expect(wrong.map(({ kind }) => kind)).toEqual(['paid-though-wrong', 'short-since-empty'])
    expect(wrong[0]).toMatchObject({ about: 'total', total: expect.any(Number) })
    expect(kinds([told, corrected(), asked(retrieve('Mira', ['m1', tarn])), answers('Tarn')])).toEqual([
      'paid-though-wrong',
    ])
  })

  it('says when a right answer is not paid, and when the total is cut off', () => {
    const weights: RewardWeights = { ...rewardPresets.paper, penalty: { rounds: 1, context: 5 } }
    const over: ScriptedStep[] = [
      told,
      corrected(update('m1', tarn, oslem)),
      asked(found),
      { ...answers('Oslem'), tokens: 2000 },
    ]
    expect(kinds(over, weights)).toEqual(['right-but-not-paid'])
    const cut = surprises([told, corrected(update('m1', tarn, oslem)), asked(found), answers('Oslem')], {
      ...rewardPresets['paper-unit'],
      clip: [-1, 1],
    })
    expect(cut).toEqual([{ kind: 'clipped', about: 'total', sum: expect.closeTo(2.65, 1), total: 1 }])
  })

  it('says when tidying a nearly empty context is paid', () => {
    const tidied: ScriptedStep = { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon')] }
    const steps = [told, corrected(update('m1', tarn, oslem)), tidied, asked(found), answers('Oslem')]
    expect(surprises(steps)).toMatchObject([{ kind: 'any-reduction', about: 'preventive', step: 2, limit: 1024 }])
    expect(
      kinds([told, corrected(update('m1', tarn, oslem)), { ...tidied, tokens: 900 }, asked(found), answers('Oslem')]),
    ).toEqual([])
  })
})
