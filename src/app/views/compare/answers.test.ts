// How answers to a data set's questions were scored by their words, by hand: all of them, by category, and as CSV.
import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../../core/episode/fixture.ts'
import { evaluationFixture } from '../../state/run-fixture.ts'
import { answerGroups } from './answers.ts'
import { comparisonCsv } from './comparison-csv.ts'

const answered = (kind: string, answer: string, source: 'locomo' | 'world' | 'own' = 'locomo') =>
  trajectoryOf({ task: miraTask({ source, kind, answer: 'Oslem harbour', aliases: [] }), steps: [{ phase: 'answer', says: 'Where?', answer }] })

const right = [answered('single-hop', 'Oslem harbour'), answered('temporal', 'the Oslem harbour')]
const half = [answered('single-hop', 'Oslem'), answered('temporal', 'Tarn')]

describe('answerGroups', () => {
  it('are all questions, then each category, with what each participant had', () => {
    const groups = answerGroups([right, half])
    expect(groups.map(({ category }) => category)).toEqual([null, 'single-hop', 'temporal'])
    const means = (at: number, name: 'f1' | 'bleu_1' | 'exact_match') => groups[at]?.estimates[name].map((each) => each?.mean)
    // Of "Oslem": precision 1, recall 1/2; of "Tarn" nothing.
    expect(means(0, 'f1')).toEqual([1, expect.closeTo(1 / 3, 12)])
    expect(means(1, 'f1')).toEqual([1, expect.closeTo(2 / 3, 12)])
    expect(means(1, 'bleu_1')).toEqual([1, expect.closeTo(Math.exp(-1), 12)])
    expect(means(2, 'exact_match')).toEqual([1, 0])
  })
  it('have no interval for the mean of one answer', () => {
    expect(answerGroups([right, half])[1]?.estimates.f1.map((each) => each?.alone)).toEqual([true, true])
    expect(answerGroups([right, half])[0]?.estimates.f1.map((each) => each?.alone)).toEqual([false, false])
  })
  it('are one where there is one category, and none for tasks that are made here or of one’s own', () => {
    expect(answerGroups([[answered('temporal', 'Tarn')]]).map(({ category }) => category)).toEqual([null])
    expect(answerGroups([[answered('one-hop', 'Tarn', 'world')], [answered('own', 'Tarn', 'own')]])).toEqual([])
  })
  it('leave out who has none of them', () => {
    expect(answerGroups([right, []])[0]?.estimates.f1.map((each) => each?.mean ?? null)).toEqual([1, null])
  })
})

it('they go out as lines of the comparison’s CSV', () => {
  const policy = { kind: 'scripted', name: 'oracle' } as const
  const participants = ['oracle', 'half'].map((name) => ({ name, policy, evaluation: evaluationFixture(0, 0.5) }))
  const lines = comparisonCsv({ key: 'c', created: 1, tasks: 2, seed: 7, run: null, participants }, [right, half]).split('\n')
  expect(lines.filter((line) => line.startsWith('exact_match'))).toEqual([
    expect.stringMatching(/^exact_match,oracle,agemem,1,[\d.]+,1,2,7$/),
    expect.stringMatching(/^exact_match,half,agemem,0,0,[\d.]+,2,7$/),
    expect.stringMatching(/^exact_match\/single-hop,oracle,agemem,1,/),
    expect.stringMatching(/^exact_match\/single-hop,half,agemem,0,/),
    expect.stringMatching(/^exact_match\/temporal,oracle,agemem,1,/),
    expect.stringMatching(/^exact_match\/temporal,half,agemem,0,/),
  ])
})
