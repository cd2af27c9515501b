// What an engine noted of a step becomes the step that we would have recorded: the same episodes, the same measures.
import { beforeAll, describe, expect, it } from 'vitest'
import { noDataSets } from '../../environments/family.ts'
import { questionIn } from '../../environments/question/task.ts'
import { mustFit } from '../../fit.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { scoreTrajectory } from '../../reward/score.ts'
import { trainPresets, type TrainConfig } from '../../training/config.ts'
import { rolloutMeasures } from '../../training/loop.ts'
import { stepMetricsSchema } from '../../training/metrics.ts'
import { tasksOfStep } from '../../training/tasks-of-step.ts'
import { episodesOf } from '../python/material.fixture.ts'
import { engineLineSchema, type EngineLine } from './engine-line.ts'
import { evaluationOfEngine, stepOfEngine } from './engine-steps.ts'

const config: TrainConfig = { ...trainPresets.quick, b: 2, k: 2 }
const of = { run: 'r', model: 'nano', config }
let episodes: Trajectory[]
beforeAll(async () => {
  const tasks = (await tasksOfStep(config, 3, noDataSets)).map(({ task }) => questionIn(task))
  episodes = await episodesOf('careless', tasks.flatMap((task) => [task, task]), config.episode, 0.3)
})

const said = ({ steps }: Trajectory) =>
  steps.flatMap(({ reply, asides, prompt_tokens }) => [{ ...reply, prompt_tokens }, ...asides.map(({ generation }) => ({ ...generation, prompt_tokens: 9 }))].map(({ text, prompt_tokens: tokens }) => ({ text, token_ids: [1, 2], prompt_tokens: tokens, finish: 'stop' })))
const rewards = () => episodes.map((each) => scoreTrajectory(each, config.reward.weights).reward.total)
const noted = () => ({ engine: 'TRL 1.16.0', step: 3, rollouts: episodes.map(said), rewards: rewards() })
const update = { loss: 0.5, kl: 0.1, entropy: 0.4, clip_ratio: 0, grad_norm: 1, learning_rate: 1e-3 }
const lineOf = (changes: object = {}): EngineLine =>
  mustFit(engineLineSchema, { kind: 'step', ...noted(), temperature: 1, tasks: [episodes[0]?.task, episodes[2]?.task], advantages: [], updates: [update, { ...update, loss: 0.25, kl: null }], sampled: 70, sequences: { packed: 9, without_variance: 0, too_long: 0 }, tokens: { packed: 900, loss: 70, padded: 1000 }, seconds: { rollout: 1, scoring: 1, update: 1, other: 0, total: 3 }, ...changes })
const step = (line: EngineLine) => (line.kind === 'step' ? stepOfEngine(of, line, []) : Promise.reject(new Error('It is no step.')))

describe('a step of an engine', () => {
  it('is what would have been recorded of these replies here', async () => {
    const { metrics, trajectories } = await step(lineOf())
    const { step: _, phase: __, ...ours } = rolloutMeasures(episodes, config, 3).measured
    expect(metrics).toMatchObject({ ...ours, reply_tokens: metrics.reply_tokens })
    expect(trajectories.map(({ answer }) => answer)).toEqual(episodes.map(({ answer }) => answer))
    expect(trajectories.map(({ steps }) => steps.map(({ prompt_tokens }) => prompt_tokens))).toEqual(episodes.map(({ steps }) => steps.map(({ prompt_tokens }) => prompt_tokens)))
    expect(metrics).toMatchObject({ step: 3, loss: 0.375, kl: 0.1, surrogate_loss: null, mean_ratio: null, updates: { applied: 2, skipped: 0 }, tokens: { sampled: 70, packed: 900 } })
    expect(stepMetricsSchema.parse(metrics)).toEqual(metrics)
  })
  it('is refused where the engine had another reward, or fewer replies than the episode asks for', async () => {
    const [first = 0, ...rest] = rewards()
    await expect(step(lineOf({ rewards: [first + 0.01, ...rest] }))).rejects.toThrow(/Step 3 of TRL 1.16.0, rollout 1 got the reward .* another release/)
    await expect(step(lineOf({ rollouts: episodes.map((each) => said(each).slice(0, -1)) }))).rejects.toThrow('the episode asks for more replies than the engine gave')
  })
})

it('an evaluation of an engine is counted as ours are', async () => {
  const line = mustFit(engineLineSchema, { kind: 'evaluation', ...noted(), tasks: episodes.map(({ task }) => task), seconds: 2 })
  if (line.kind !== 'evaluation') throw new Error('It is no evaluation.')
  const { step: at, tasks, summary } = await evaluationOfEngine(of, line)
  expect([at, tasks, summary.reward.total]).toEqual([3, 4, expect.closeTo(rewards().reduce((sum, each) => sum + each, 0) / 4, 9)])
})
