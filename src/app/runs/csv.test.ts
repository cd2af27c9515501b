// The tables of a run, cell by cell.
import { describe, expect, it } from 'vitest'
import { evaluationsCsv, metricsCsv } from './csv.ts'
import { evaluationFixture, stepFixture } from '../state/run-fixture.ts'

const table = (text: string) => {
  const [head = '', ...rows] = text.trimEnd().split('\n')
  const columns = head.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((value, i) => [columns[i], value])))
}

describe('metricsCsv', () => {
  it('has a column for every quantity, also the nested ones', () => {
    const [row] = table(metricsCsv([stepFixture(3, { reward: 0.25, kl: null, components: { ...stepFixture(1).components, task: -1 }, groups: [{ task: 't', rollouts: [0], rewards: [1], advantages: [0], mean: 1, std: 0, zero_variance: true }] })]))
    expect(row).toMatchObject({ step: '3', reward: '0.25', kl: '', 'components/task': '-1', 'tool_calls/stage2/Filter_context': '0', groups: '1' })
  })
  it('puts text with commas and quotes into quotes', () => {
    const text = metricsCsv([stepFixture(1, { warnings: [{ kind: 'kl', message: 'far, "too far"' }] })])
    expect(text.trimEnd().endsWith('"far, ""too far"""')).toBe(true)
    const [row] = table(metricsCsv([stepFixture(1, { warnings: [{ kind: 'format', format_violations: 0.24 }, { kind: 'no-variance' }] })]))
    expect(row?.['warnings']).toBe('24 % of the replies broke the protocol. The rollouts of each task all got the same reward: there was nothing to learn from.')
  })
})

describe('evaluationsCsv', () => {
  it('writes intervals as two columns', () => {
    const [row] = table(evaluationsCsv([evaluationFixture(10, 0.5)]))
    expect(row).toMatchObject({ step: '10', 'summary/reward/total': '0.5', 'summary/intervals/reward/total/low': '0.5', 'summary/intervals/reward/total/high': '0.5', 'habits/add_fact': '' })
  })
})
