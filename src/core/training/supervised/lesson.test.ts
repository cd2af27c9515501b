// What is learnt of a teacher's episodes, by hand on an encoder that goes by character.
import { describe, expect, it } from 'vitest'
import { noDataSets } from '../../environments/family.ts'
import { parseReply } from '../../agents/agemem/protocol/parser.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { tableEncoder } from '../fixture.ts'
import { tasksOfStep } from '../tasks-of-step.ts'
import { warmStart, type SupervisedConfig } from './config.ts'
import { demonstrate } from './demonstrations.ts'
import { lessonOf } from './lesson.ts'

const model = { encoder: tableEncoder, counter: { name: 'characters', count: (text: string) => Math.ceil(text.length / 4) }, window: 100_000 }
const [end] = [...tableEncoder.ends.keys()]
/** Ids of characters, by what the encoder makes of the first. */
const base = (tableEncoder.encode('a')[0] ?? 0) - 'a'.charCodeAt(0)
const textOf = (ids: readonly number[]) => ids.map((id) => (id === end ? '«end»' : String.fromCharCode(id - base))).join('')

async function shown(change: Partial<SupervisedConfig>): Promise<Trajectory[]> {
  const config = { ...warmStart, b: 6, ...change }
  return demonstrate({ id: { run: 'test', batch: 1 }, tasks: await tasksOfStep(config, 1, noDataSets), seed: 1 }, config, model)
}
const habits = (change: Partial<SupervisedConfig['teacher']['habits']>): Partial<SupervisedConfig> => ({ teacher: { name: 'demonstrator', habits: { ...warmStart.teacher.habits, ...change } } })

/** Every stretch of targets that stand in a row, as text. */
function learnt(trajectories: readonly Trajectory[], weights = {}): string[] {
  return lessonOf(trajectories, tableEncoder, 100_000, weights).sequences.flatMap(({ ids, targets }) => {
    const stretches: number[][] = []
    for (const [i, { index }] of targets.entries()) {
      if (index !== (targets[i - 1]?.index ?? NaN) + 1) stretches.push([])
      stretches.at(-1)?.push(ids[index] ?? 0)
    }
    return stretches.map(textOf)
  })
}

describe('what is learnt from demonstrations', () => {
  it('is every reply as the model would say it, and nothing of the environment', async () => {
    const trajectories = await shown(habits({ mistake: 0, summarise: 0 }))
    const replies = trajectories.flatMap(({ steps }) => steps.map(({ reply }) => reply.text))
    // A reply ends with its action: a stop string, behind which nothing is sampled.
    expect(learnt(trajectories).sort()).toEqual(replies.sort())
  })

  it('takes a summary with the mark that ends it, for nothing else does', async () => {
    const trajectories = await shown(habits({ mistake: 0, summarise: 1, add: 1 }))
    const summaries = trajectories.flatMap(({ steps }) => steps.flatMap(({ asides }) => asides.map(({ generation }) => `${generation.text}«end»`)))
    expect(summaries.length).toBeGreaterThan(0)
    expect(learnt(trajectories)).toEqual(expect.arrayContaining(summaries))
  })

  it('leaves out what failed, and takes how it was mended', async () => {
    const trajectories = await shown(habits({ mistake: 0.5 }))
    const steps = trajectories.flatMap((each) => each.steps)
    const failed = steps.filter(({ violations, calls }) => violations.length > 0 || calls.some(({ ok }) => !ok))
    expect(failed.length).toBeGreaterThan(0)
    const said = learnt(trajectories)
    // The same words may be right elsewhere.
    const right = new Set(steps.filter((step) => !failed.includes(step)).map(({ reply }) => reply.text))
    expect(failed.map(({ reply }) => reply.text).filter((text) => !right.has(text) && said.includes(text))).toEqual([])
    expect(said.every((text) => parseReply(text).violations.length === 0)).toBe(true)
  })

  it('weighs tokens by their phase; all weights add up to 1', async () => {
    const trajectories = await shown(habits({ mistake: 0, summarise: 0 }))
    const weights = (of: Record<string, number>) => lessonOf(trajectories, tableEncoder, 100_000, of).sequences.flatMap(({ targets }) => targets.map(({ weight }) => weight))
    const plain = weights({})
    expect(plain.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
    expect(new Set(plain).size).toBe(1)
    const tripled = weights({ answer: 3 })
    expect(tripled.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
    const [low = 0, high = 0] = [...new Set(tripled)].sort((a, b) => a - b)
    expect(high / low).toBeCloseTo(3, 9)
    expect(weights({ build: 0, resist: 0 })).toHaveLength(tripled.filter((weight) => weight === high).length)
  })

  it('counts what does not fit', async () => {
    const trajectories = await shown({})
    const { sequences, tooLong } = lessonOf(trajectories, tableEncoder, 700, {})
    expect(tooLong).toBeGreaterThan(0)
    expect(Math.max(...sequences.map(({ ids }) => ids.length))).toBeLessThanOrEqual(700)
  })

  it('follows from the seed', async () => {
    expect(await shown({})).toEqual(await shown({}))
  })

  it('says which teacher knows tasks of elsewhere', async () => {
    const elsewhere: Partial<SupervisedConfig> = { b: 1, tasks: { family: 'question', options: { source: 'scenario', held_out: { share: 0.2, seed: 1 } } } }
    await expect(shown(elsewhere)).rejects.toThrow('choose the teacher oracle')
    const [episode] = await shown({ ...elsewhere, teacher: { ...warmStart.teacher, name: 'oracle' } })
    expect(episode?.status).toBe('complete')
  })
})
