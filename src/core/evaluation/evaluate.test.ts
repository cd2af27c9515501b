import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../episode/fixture.ts'
import { scriptedPolicy } from '../demonstrations/scripted.ts'
import { wordCounter } from '../policy/word-counter.ts'
import { rewardPresets } from '../reward/presets.ts'
import { scoreTrajectory } from '../reward/score.ts'
import { worldTask } from '../environments/question/sources/world.ts'
import { trainPresets, type TrainConfig } from '../training/config.ts'
import { TableModel } from '../training/fixture.ts'
import { heldOutCondition } from '../training/held-out.ts'
import { evaluate, evaluationOf } from './evaluate.ts'
import { evaluationMetricsSchema } from './evaluation-metrics.ts'
import type { PolicyFor, RolloutProgress } from './rollouts.ts'
import { questionIn } from '../environments/question/task.ts'
import { noDataSets } from '../environments/family.ts'
import { quickWorld } from '../training/tasks.fixture.ts'

const config: TrainConfig = { ...trainPresets.quick, evaluation: { every: 1, tasks: 40, seed: 5 } }
const conditionOf = (of: TrainConfig) => heldOutCondition({ config: of, id: { run: 'r', batch: 3 }, model: 'table', adapter: null }, noDataSets)
const condition = await conditionOf(config)
const scripted = (name: 'oracle' | 'store-none'): PolicyFor => (taskOf) => {
  const asked = (thread: string) => {
    const task = taskOf(thread)
    return task && questionIn(task)
  }
  return { ...scriptedPolicy(name, asked), counter: wordCounter }
}
const table: PolicyFor = () => new TableModel()
const evaluated = (policyFor: PolicyFor, onProgress?: (progress: RolloutProgress) => void) => {
  let time = 0
  return evaluate(condition, policyFor, { now: () => (time += 500), onProgress })
}

describe('evaluate', () => {
  it('finds that the oracle stores, corrects and answers, and that nothing comes of storing nothing', async () => {
    const [oracle, none] = [(await evaluated(scripted('oracle'))).evaluation, (await evaluated(scripted('store-none'))).evaluation]
    expect(oracle).toMatchObject({ step: 3, tasks: 40, seed: 5, seconds: 0.5, format_violations: { mean: 0 }, habits: { add_fact: { mean: 1 } } })
    expect(oracle.summary.success_rate).toBe(1)
    expect(oracle.habits.update_correction?.mean).toBe(1)
    expect(none.summary.success_rate).toBeLessThan(0.2)
    expect([none.ltm_size, none.summary.memory_quality, none.habits.add_fact?.mean]).toEqual([0, 0, 0])
    expect(oracle.ltm_size).toBeGreaterThanOrEqual(quickWorld().difficulty.facts)
    // Intervals of 40 episodes lie apart.
    expect(oracle.summary.intervals.reward.total[0]).toBeGreaterThan(none.summary.intervals.reward.total[1])
  })

  it('is the same every time, and what is recorded of it reads back', async () => {
    const [one, two] = [await evaluated(table), await evaluated(table)]
    expect(one).toEqual(two)
    expect(evaluationMetricsSchema.parse(JSON.parse(JSON.stringify(one.evaluation)))).toEqual(one.evaluation)
    expect(one.rollouts.map(({ trajectory: { id } }) => [id.batch, id.rollout, id.task])).toEqual(condition.tasks.map(({ task }) => [3, 0, task.id]))
  })

  it('plays one after another where the policy holds one conversation, and finds the same', async () => {
    const few = await conditionOf({ ...config, evaluation: { ...config.evaluation, tasks: 6 } })
    const asked: string[][] = []
    const noted = (oneConversation: boolean): PolicyFor => () => {
      const model = new TableModel()
      const open: TableModel['open'] = (options) => {
        const stream = model.open(options)
        return { serve: (some) => (asked.push(some.map(({ request }) => request.thread)), stream.serve(some)), close: () => stream.close() }
      }
      return { name: model.name, window: model.window, counter: model.counter, open, oneConversation }
    }
    const now = () => 0
    const together = await evaluate(few, noted(false), { now })
    expect(Math.max(...asked.map(({ length }) => length))).toBeGreaterThan(1)
    asked.length = 0
    expect(await evaluate(few, noted(true), { now })).toEqual(together)
    expect(asked.every(({ length }) => length <= 1)).toBe(true)
    // Whoever has begun is played to the end before the next one begins.
    const order = asked.flat()
    expect(order.filter((thread, i) => thread !== order[i - 1])).toHaveLength(6)
  })

  it('plays at its own temperature, or at that of the rollouts', async () => {
    const temperatures = async (temperature?: number) => {
      const evaluation = { ...config.evaluation, tasks: 8, ...(temperature === undefined ? {} : { temperature }) }
      const { rollouts } = await evaluate(await conditionOf({ ...config, evaluation }), table, { now: () => 0 })
      return { at: rollouts.map(({ trajectory }) => trajectory.settings.temperature), replies: rollouts.map(({ trajectory }) => trajectory.steps.map(({ reply }) => reply.text)) }
    }
    const [own, rollouts] = [await temperatures(0.25), await temperatures()]
    expect(new Set(own.at)).toEqual(new Set([0.25]))
    expect(new Set(rollouts.at)).toEqual(new Set([config.episode.temperature]))
    expect(own.replies).not.toEqual(rollouts.replies)
  })

  it('says how sure the sizes of context and memory are', () => {
    const rollouts = [36, 50].map((tokens) => {
      const trajectory = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', 'Mira Voss lives in Oslem.')] }, { phase: 'answer', says: 'Where?', answer: 'Oslem', tokens }] })
      return { trajectory, scored: scoreTrajectory(trajectory, rewardPresets.paper) }
    })
    const { context_tokens, ltm_size, intervals } = evaluationOf(rollouts, condition, 1)
    expect([context_tokens, ltm_size]).toEqual([43, 1])
    // s/√2 is 7: ±13.72. Both end with one entry.
    expect(intervals).toEqual({ context_tokens: [expect.closeTo(29.28, 2), expect.closeTo(56.72, 2)], ltm_size: [1, 1] })
  })

  it('plays tasks that no training step has, and tells how far it is', async () => {
    const shares: number[] = []
    const { rollouts } = await evaluated(table, ({ share }) => shares.push(share))
    expect(rollouts[0]?.trajectory.task).toEqual(worldTask({ seed: 5, index: 0, split: 'held-out', difficulty: quickWorld().difficulty }))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBeGreaterThan(0.95)
  })
})
