import { describe, expect, it } from 'vitest'
import { cellOf, resultOf } from './cell.fixture.ts'
import { experimentNames, experimentNamed, experiments } from './experiments.ts'
import { agreementLines, exported, exportForms, settingsLine, written } from './export.ts'
import { readResult, sameTasks } from './result.ts'
import { trainPresets } from '../training/config.ts'
import { tableOf } from './table.ts'

const { main, 'memory-quality': quality, tools } = experiments

/** Twenty tasks, all of one value. */
const all = (value: number) => Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`t${i}`, value]))
const judged = (before: number, after: number) => resultOf('memory-quality', ['agemem', 'agemem-grpo'], [cellOf({ measure: 'memory_quality', tasks: all(before) }), cellOf({ arm: 'agemem-grpo', measure: 'memory_quality', tasks: all(after) })])

describe('the experiments', () => {
  it.each(experimentNames)('%s holds its arms against one of them, and has no number of the paper without a column', (name) => {
    const { arms, against, paper, measures, data } = experimentNamed(name)
    expect(new Set(arms.map((arm) => arm.name)).size).toBe(arms.length)
    expect(arms.map((arm) => arm.name)).toContain(against)
    expect(measures.length).toBeGreaterThan(0)
    const columns = [...measures, ...data, 'average']
    for (const { column } of paper) expect(columns).toContain(column)
  })

  it('has the totals of Table 3 as the paper has them: the sum of its rows', () => {
    for (const model of ['Qwen2.5-7B', 'Qwen3-4B']) {
      for (const arm of ['agemem', 'agemem-grpo']) {
        const of = tools.paper.filter((each) => each.model === model && each.arm === arm)
        const sum = of.filter(({ column }) => column !== 'calls').reduce((total, { value }) => total + value, 0)
        // The paper rounds each row.
        expect(Math.abs(sum - (of.find(({ column }) => column === 'calls')?.value ?? 0))).toBeLessThan(0.02)
      }
    }
  })

  it('knows the averages of Table 2: AgeMem is 4.82 points above Mem0 with Qwen2.5-7B', () => {
    const average = (arm: string) => main.paper.find((each) => each.arm === arm && each.column === 'average' && each.model === 'Qwen2.5-7B')?.value ?? 0
    expect(100 * (average('agemem-grpo') - average('mem0'))).toBeCloseTo(4.82, 2)
  })
})

describe('a table', () => {
  it('puts the paper beside ours before anything was played', () => {
    const { columns, rows } = tableOf(main, null)
    expect(columns.map(({ name }) => name)).toEqual(['lesson', 'world', 'hotpotqa', 'musique', 'locomo', 'average', 'currency'])
    const grpo = rows.find(({ arm }) => arm.name === 'agemem-grpo')
    expect(grpo?.cells[2]).toMatchObject({ ours: null, difference: null, paper: [{ model: 'Qwen2.5-7B', value: expect.closeTo(0.5444, 9) }, { model: 'Qwen3-4B' }] })
  })

  it('leaves out data that were not played and that the paper has not, and takes no mean over a part of them', () => {
    const result = resultOf('main', ['agemem'], [cellOf({ tasks: all(1) })])
    const { columns, rows } = tableOf(main, result)
    expect(columns.map(({ name }) => name)).toEqual(['lesson', 'hotpotqa', 'average'])
    expect(rows.find(({ arm }) => arm.name === 'agemem')?.cells.map(({ ours }) => ours?.mean ?? null)).toEqual([1, null, 1])
  })

  it('has a column for the present value where it was asked for, and none of a result that did not measure it', () => {
    const asked = { ...all(1), t0: null, t1: 0 }
    const result = resultOf('main', ['agemem', 'agemem-grpo'], [cellOf({ tasks: all(1) }), { ...cellOf({ measure: 'currency', tasks: asked }), seed: 2 }])
    const { columns, rows } = tableOf(main, result)
    expect(columns.map(({ name }) => name)).toEqual(['lesson', 'hotpotqa', 'average', 'currency'])
    // The null is left out.
    expect(rows.find(({ arm }) => arm.name === 'agemem')?.cells[3]?.ours).toMatchObject({ mean: expect.closeTo(18 / 19, 5), n: 19 })
    const nowhere = resultOf('main', ['agemem'], [cellOf({ measure: 'currency', tasks: { a: null, b: null } })])
    expect(tableOf(main, nowhere).columns.map(({ name }) => name)).not.toContain('currency')
  })

  // The paper's own move from AgeMem without RL is not known for Fig. 2; of Table 3 it is: Update 0.00 → 0.13.
  const updates = (before: number, after: number) => resultOf('tools', ['agemem', 'agemem-grpo'], [cellOf({ measure: 'update', tasks: all(before) }), cellOf({ arm: 'agemem-grpo', measure: 'update', tasks: all(after) })])
  it.each([
    [0, 0.5, 'agrees'],
    [0.5, 0, 'disagrees'],
    [0.5, 0.5, 'open'],
  ])('says of %f → %f that it %s', (before, after, agreement) => {
    const { columns, rows } = tableOf(tools, updates(before, after))
    const at = columns.findIndex(({ name }) => name === 'update')
    expect(rows.find(({ arm }) => arm.name === 'agemem-grpo')?.cells[at]?.paper[0]).toMatchObject({ difference: expect.closeTo(0.13, 9), agreement })
  })
})

describe('files', () => {
  it('reads its JSON again, and refuses what is none, naming where', () => {
    const result = judged(0.2, 0.4)
    expect(readResult(exported('json', quality, result))).toEqual(result)
    expect(() => readResult('{')).toThrow('This is no result of an experiment: it is no JSON')
    expect(() => readResult(JSON.stringify({ ...result, kind: 'other' }))).toThrow(/kind/)
    const [first] = result.cells
    const short = { ...result, cells: [{ ...first, tasks: ['t0'] }] }
    expect(() => readResult(JSON.stringify(short))).toThrow('cells.0: has not one value of each measure for every task')
    expect(() => readResult(JSON.stringify({ ...result, key: '../x' }))).toThrow('key: is not a name of a result')
  })

  it('writes a table with intervals, the paper and differences in each form', () => {
    const result = judged(0.2, 0.4)
    const files = Object.fromEntries(exportForms.map((form) => [form, exported(form, quality, result)]))
    expect(files['md']).toContain('| AgeMem | 0.400 [0.400, 0.400] | 0.533 / 0.605 |')
    expect(files['md']).toContain('- AgeMem-noRL − AgeMem: MQ −0.200 [−0.200, −0.200]')
    expect(files['csv']).toContain('memory-quality,Figure 2,AgeMem,MQ,memory_quality,0.4,0.4,0.4,20,0.4,,,,0.533,0.605,oracle,rules,1 2')
    expect(files['tex']).toContain('AgeMem & $0.400_{[0.400, 0.400]}$ & 0.533 / 0.605')
    expect(files['tex']).not.toContain('−')
  })

  it('turns a table that is wider than it is high', () => {
    const text = exported('md', tools, resultOf('tools', ['agemem'], [cellOf({ measure: 'update', tasks: all(0.5) })]))
    expect(text).toContain('| Update_memory | 0.50 [0.50, 0.50] | 0.00 / 0.13 |  | 0.13 / 0.34 |')
  })

  it('says what agrees in sentences', () => {
    const result = resultOf('tools', ['agemem', 'agemem-grpo'], [cellOf({ measure: 'update', tasks: all(0) }), cellOf({ arm: 'agemem-grpo', measure: 'update', tasks: all(0.5) })])
    expect(agreementLines(tools, result)[0]).toBe('GRPO against noRL, Update_memory: +0.50 [+0.50, +0.50] here, +0.13 with Qwen2.5-7B: agrees.')
  })

  it('writes shares in per cent', () => {
    expect(written(0.5444, { form: 'share' })).toBe('54.4')
  })
})

describe('tasks of a file', () => {
  const of = (seed: number, ...ids: string[]) => cellOf({ data: 'hotpotqa', seed, tasks: Object.fromEntries(ids.map((id) => [id, 1])) })
  it('are told to be the same for each seed, in whatever order, where the file has no more', () => {
    const data = [{ name: 'lesson', choice: trainPresets.quick.tasks }, { name: 'hotpotqa', choice: trainPresets.quick.tasks }]
    const made = (...cells: Parameters<typeof resultOf>[2]) => sameTasks(resultOf('main', ['agemem'], cells, { data }))
    expect(made(of(1, 'a', 'b'), of(2, 'b', 'a'))).toEqual([{ data: 'hotpotqa', tasks: 2 }])
    expect(made(of(1, 'a', 'b'), of(2, 'a', 'c'))).toEqual([])
    expect(made(of(1, 'a', 'b'), { ...of(1, 'a', 'b'), arm: 'none' })).toEqual([])
    expect(settingsLine(resultOf('main', ['agemem'], [of(1, 'a', 'b'), of(2, 'a', 'b')], { data }))).toContain('of HotpotQA the same 2 for each seed, all of its file')
  })
})
