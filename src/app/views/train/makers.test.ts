// Who made which steps, as a chart marks it and says it.
import { expect, it } from 'vitest'
import { evaluationMetrics, stepMetrics } from '../../../core/training/runs.fixture.ts'
import { placesOf } from './chart-rows.ts'
import { summaryWords } from './chart-words.ts'
import { reward } from './charts/reward.ts'
import { chartCsv } from './chart-csv.ts'
import { line } from './charts/spec.ts'
import { marksOf, spansOf } from './makers.ts'

const trl = 'TRL 1.16.0'
const steps = [stepMetrics(1), stepMetrics(2), { ...stepMetrics(3), engine: trl }, { ...stepMetrics(4), engine: trl }, stepMetrics(5)].map((step) => ({ ...step, seconds: { ...step.seconds, total: 10 } }))
const places = (mode: 'step' | 'time') => placesOf({ steps, evaluations: [] }, mode)

it('finds whoever made the steps', () => {
  expect(spansOf(steps)).toEqual([{ engine: null, first: 1, last: 2 }, { engine: trl, first: 3, last: 4 }, { engine: null, first: 5, last: 5 }])
  expect(spansOf([])).toEqual([])
})
it('marks where another goes on, between the steps, on either axis', () => {
  expect(marksOf(steps, places('step'))).toEqual([{ x: 2.5, label: 'TRL' }, { x: 4.5, label: 'here' }])
  expect(marksOf(steps, places('time')).map(({ x }) => x)).toEqual([25, 45])
  expect(marksOf(steps.slice(2, 4), places('step'))).toEqual([{ x: 3, label: 'TRL' }])
})
it('says in the table of a chart who made each step, where another program made one', () => {
  const table = (of: typeof steps) => chartCsv([line('reward', ({ reward }) => reward)], [{ key: 'a', name: 'run', color: '', steps: of, evaluations: [] }]).trimEnd().split('\n').map((row) => row.split(',').slice(0, 4).join())
  expect(table(steps).slice(0, 4)).toEqual(['run,step,seconds,engine', 'run,1,10,', 'run,2,20,', 'run,3,30,TRL 1.16.0'])
  expect(table(steps.slice(0, 2))[0]).toBe('run,step,seconds,reward')
})
it('marks nothing in a run that was made here', () => {
  expect(marksOf(steps.slice(0, 2), places('step'))).toEqual([])
})
it('says it to whoever cannot see the line', () => {
  const words = (of: typeof steps) => summaryWords('Reward', reward, reward.lines(''), { steps: of, evaluations: [evaluationMetrics(1)] })
  expect(words(steps)).toMatch(/ Steps 3 to 4 were made by TRL 1\.16\.0\.$/)
  expect(words(steps.slice(0, 3))).toMatch(/ Step 3 was made by TRL 1\.16\.0\.$/)
  expect(words(steps.slice(0, 2))).not.toContain('made by')
})
