// The sentence of a plan, written out.
import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import { planSentence, planWords, rewardPlanWords, shortTaskWords, small, temperatureWords } from './plan-words.ts'
import { quickTasks } from '../../core/training/tasks.fixture.ts'

const base = { ...trainPresets.quick, steps: 60, b: 4, k: 8, learning_rate: 1e-3, beta: 0.01, clip: { low: 0.2, high: 0.28 }, lora: { ...trainPresets.paper.lora, rank: 16 }, evaluation: { every: 10, tasks: 32, seed: 1, temperature: 0.5 }, exploration: null, episode: { ...trainPresets.quick.episode, temperature: 1.25, min_p: 0.001 }, reward: trainPresets.paper.reward, advantage: trainPresets.paper.advantage, tasks: quickTasks({ facts: 3, distractors: 2 }) }

describe('planSentence', () => {
  it('says everything that matters', () => {
    expect(planSentence(base, 'nano')).toBe(
      'nano trains for 60 steps of 4 tasks × 8 rollouts on made-up worlds (3 facts, 2 distractors), within a window of 1,024 tokens at temperature 1.25 and min-p 1e−3. Reward: as in the paper. ' +
        'Update: LoRA of rank 16 at a learning rate of 1e−3, falling, with β 0.01 (k3) and a clip of −0.2 / +0.28; (r − μ) / (σ + ε), credited to every step. It is tested on 32 held-out tasks every 10 steps, at temperature 0.5.',
    )
  })
  it('says what is left out', () => {
    expect(planWords({ ...base, evaluation: { ...base.evaluation, temperature: 1.25 } }).evaluation).toBe('tested on 32 held-out tasks every 10 steps')
    const words = planWords({ ...base, beta: 0, clip: null, evaluation: { ...base.evaluation, every: 0 }, lora: { ...base.lora, targets: ['q_proj', 'v_proj'] } })
    expect(words.objective).toBe('no KL term and no clip')
    expect(words.evaluation).toBe('never tested on held-out tasks')
    expect(words.update).toBe('LoRA of rank 16 on q, v at a learning rate of 1e−3, falling')
  })
})

describe('temperatureWords', () => {
  it('says where the temperature begins', () => {
    expect(temperatureWords({ ...base, exploration: { temperature: 1.6, steps: 25 } })).toBe('a temperature that falls from 1.6 to 1.25 in 25 steps')
    expect(temperatureWords({ ...base, exploration: { temperature: 0.5, steps: 1 } })).toBe('a temperature that rises from 0.5 to 1.25 in 1 step')
    expect(temperatureWords({ ...base, exploration: { temperature: 1.25, steps: 9 } })).toBe('temperature 1.25')
  })
})

describe('shortTaskWords', () => {
  it('says what a task is made of, in the line of configuration', () => {
    expect(shortTaskWords(base.tasks)).toBe('tasks with 3 facts and 2 distractors')
  })
})

describe('rewardPlanWords', () => {
  it('does not call changed weights by the name of a preset', () => {
    const { weights } = trainPresets.paper.reward
    expect(rewardPlanWords({ preset: 'paper', weights: { ...weights, memory: 0.5 } })).toBe('answer 0.33, context 0.33, memory 0.50')
  })
})

describe('small', () => {
  it('writes small numbers by powers of ten', () => {
    expect([0, 0.05, 0.001, 2.5e-5, 1].map(small)).toEqual(['0', '0.05', '1e−3', '2.5e−5', '1'])
  })
})
