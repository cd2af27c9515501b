// The golden of behaviour: what is played, rewarded, packed and learnt, as one recorded run of all of it. It does not
// change through a redesign. What is not exact between processors (log-probabilities, gradients) is compared within a
// tolerance, all else by hash. After a change that is meant to change it: UPDATE_BEHAVIOUR=1 npx vitest run workers/behaviour.test.ts
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { filesInFolder } from '../cli/model-folder.ts'
import { toVersion1 } from '../src/core/episode/version-1.fixture.ts'
import type { EpisodeSpec } from '../src/core/episode/play.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { runEpisodes } from '../src/core/episode/simulator.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { trainingSetup, trainPresets } from '../src/core/training/config.ts'
import { oneStep } from '../src/core/training/loop.ts'
import { packTrajectory } from '../src/core/training/packing.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import type { Policy, TokenCounter } from '../src/core/policy/policy.ts'
import { scriptedNames, scriptedPolicy } from '../src/core/demonstrations/scripted.ts'
import { wordCounter } from '../src/core/policy/word-counter.ts'
import { derive, deriveQuality } from '../src/app/reward/derivation.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import type { Task } from '../src/core/environments/question/task.ts'
import { scenarios } from '../src/core/environments/question/sources/scenarios.ts'
import { defaultDifficulty, worldTask } from '../src/core/environments/question/sources/world.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'

const episodeSchema = z.object({
  task: z.string(),
  /** Of the trajectory in the form of version 1, without log-probabilities, which are rounded differently on other processors. */
  trajectory: z.string(),
  /** Of components, rewards under all presets, derivations and memory quality; of their words nothing. */
  reward: z.string(),
  total: z.number(),
  /** Of a language model: its sequences (ids, which of them are sampled), and Σ log π_old, nats. */
  packed: z.object({ hash: z.string(), logp: z.number() }).optional(),
})
const behaviourSchema = z.object({
  episodes: z.record(z.string(), z.array(episodeSchema)),
  step: z.object({
    rollouts: z.string(),
    reward: z.number(),
    loss: z.number(),
    grad_norm: z.number(),
    /** By tensor: Σ |w|, Σ w and Σ w·cos(i): what a hash of the bits would be if processors agreed on them. */
    adapter: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])),
  }),
})
type Behaviour = z.infer<typeof behaviourSchema>

const place = new URL('fixtures/behaviour.json', import.meta.url)
/** With the names of objects in order: in which one they were written is no behaviour. */
const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value
const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, 16)
const withoutLogprobs = (trajectory: Trajectory): unknown =>
  JSON.parse(JSON.stringify(toVersion1(trajectory), (key, value: unknown) => (key === 'logprobs' || (key === 'about' && Array.isArray(value)) ? undefined : value)))

/** What there was when the golden was recorded: a term, preset or scenario that came later may change none of these. */
const recordedPresets = ['paper', 'paper-unit', 'published-code', 'answer-only'] as const
const recordedScenarios = ['scenario-longer-sessions', 'scenario-distracting-interests', 'scenario-study-plan']
const withoutAdded = <T extends { currency?: unknown }>({ currency: _, ...rest }: T) => rest

const sources: Record<string, readonly Task[]> = {
  world: Array.from({ length: 30 }, (_, index) =>
    worldTask({ seed: 5, index, split: 'train', difficulty: { ...defaultDifficulty, facts: 1 + (index % 4), distractors: index % 5 } })),
  scenario: scenarios.filter(({ id }) => recordedScenarios.includes(id)),
}

async function play(tasks: readonly Task[], policy: Policy, counter: TokenCounter): Promise<Trajectory[]> {
  const embedder = new HashEmbedder()
  const specs = tasks.map((task, i): EpisodeSpec => ({
    key: `episode-${i}`,
    id: { run: 'behaviour', batch: 0, rollout: 0 },
    task,
    seed: 7,
    settings: settingsPresets.playground,
  }))
  return runEpisodes(specs, { policy, memory: new InMemoryStore(embedder), embedder, counter })
}

function rewardOf(trajectory: Trajectory): unknown {
  return recordedPresets.map((preset) => {
    const weights = rewardPresets[preset]
    const { components, reward, quality, memoryQuality } = scoreTrajectory(trajectory, weights)
    const derived = derive(trajectory, components, weights).filter(({ component }) => component !== 'currency').map(({ component, value, equation, contribution, items }) => ({
      ...{ component, value, equation, contribution },
      counted: items.map(({ counted }) => counted),
    }))
    const { value, items } = deriveQuality(quality)
    return { components: withoutAdded(components), reward: withoutAdded(reward), memoryQuality, derived, quality: { value, counted: items.map(({ counted }) => counted) } }
  })
}

type Episode = z.infer<typeof episodeSchema>
const episodeOf = (trajectory: Trajectory): Episode => ({
  task: trajectory.task.id,
  trajectory: hash(withoutLogprobs(trajectory)),
  reward: hash(rewardOf(trajectory)),
  total: scoreTrajectory(trajectory, rewardPresets.paper).reward.total,
})

const runtime = createNodeRuntime(1)
let nano: LocalModel
beforeAll(async () => {
  nano = await LocalModel.create(runtime, 'nano', await loadModel(await filesInFolder('public/models/nano'), 2 ** 30))
}, 120_000)
afterAll(async () => {
  await nano.dispose()
  await runtime.dispose()
})

function packedOf(trajectory: Trajectory): Episode['packed'] {
  const { sequences, tooLong } = packTrajectory(trajectory, nano.encoder, nano.window)
  const sampled = sequences.flatMap((sequence) => sequence.sampled)
  return {
    hash: hash({ tooLong, sequences: sequences.map(({ ids, sampled }) => ({ ids, sampled: sampled.map(({ oldLogp: _, ...rest }) => rest) })) }),
    logp: sampled.reduce((sum, { oldLogp }) => sum + oldLogp, 0),
  }
}

async function episodesNow(): Promise<Behaviour['episodes']> {
  const now: Behaviour['episodes'] = {}
  for (const [source, tasks] of Object.entries(sources)) {
    for (const name of scriptedNames) {
      const played = await play(tasks, scriptedPolicy(name, (key) => tasks[Number(key.replace('episode-', ''))]), wordCounter)
      now[`${source}/${name}`] = played.map(episodeOf)
    }
    const sampled = await play(tasks, nano, nano.counter)
    now[`${source}/nano`] = sampled.map((trajectory) => ({ ...episodeOf(trajectory), packed: packedOf(trajectory) }))
  }
  return now
}

async function stepNow(): Promise<Behaviour['step']> {
  const config = trainPresets.quick
  await nano.beginTraining(trainingSetup(config), null)
  try {
    const { metrics, rollouts } = await oneStep({ run: 'behaviour', config, step: 0, before: [] }, nano, { now: () => 0 })
    const { parameters } = await nano.adapterState()
    return {
      rollouts: hash(rollouts.map(({ trajectory, advantage }) => [withoutLogprobs(trajectory), advantage.toFixed(9)])),
      reward: metrics.reward,
      loss: metrics.loss ?? NaN,
      grad_norm: metrics.grad_norm ?? NaN,
      adapter: [...parameters].map(([name, values]): [string, number, number, number] => [
        name,
        values.reduce((sum, value) => sum + Math.abs(value), 0),
        values.reduce((sum, value) => sum + value, 0),
        values.reduce((sum, value, i) => sum + value * Math.cos(i), 0),
      ]),
    }
  } finally {
    await nano.endTraining()
  }
}

describe('behaviour', () => {
  let recorded: Behaviour
  let now: Behaviour
  beforeAll(async () => {
    now = { episodes: await episodesNow(), step: await stepNow() }
    if (process.env['UPDATE_BEHAVIOUR']) writeFileSync(place, `${JSON.stringify(now, null, 1)}\n`)
    recorded = behaviourSchema.parse(JSON.parse(readFileSync(place, 'utf8')))
  }, 600_000)

  it('plays, rewards and packs the same episodes', () => {
    const exact = (all: Behaviour['episodes']) =>
      Object.fromEntries(Object.entries(all).map(([of, episodes]) => [of, episodes.map(({ packed, ...rest }) => ({ ...rest, packed: packed?.hash }))]))
    expect(exact(now.episodes)).toEqual(exact(recorded.episodes))
  })

  it('gives the same log-probabilities to what it samples', () => {
    const logps = (all: Behaviour['episodes']) => Object.values(all).flat().flatMap(({ packed }) => (packed ? [packed.logp] : []))
    const [ours, theirs] = [logps(now.episodes), logps(recorded.episodes)]
    expect(ours).toHaveLength(33)
    for (const [i, logp] of ours.entries()) expect(Math.abs(logp - (theirs[i] ?? NaN)), `episode ${i}`).toBeLessThan(2e-3)
  })

  it('takes the same training step', () => {
    const { step } = recorded
    expect(now.step.rollouts).toBe(step.rollouts)
    expect(now.step.reward).toBe(step.reward)
    // The first step is on policy, so that the loss is a small difference of large sums.
    expect(Math.abs(now.step.loss - step.loss)).toBeLessThan(1e-4)
    expect(Math.abs(now.step.grad_norm / step.grad_norm - 1)).toBeLessThan(1e-3)
    expect(now.step.adapter.map(([name]) => name)).toEqual(step.adapter.map(([name]) => name))
    for (const [i, [name, ...sums]] of now.step.adapter.entries()) {
      const [, ...wanted] = step.adapter[i] ?? ['']
      // AdamW's first step moves every weight of B by the learning rate: a gradient near zero may take either sign.
      for (const [k, sum] of sums.entries()) expect(Math.abs(sum - (wanted[k] ?? NaN)), name).toBeLessThan(2e-3 * (wanted[0] ?? 0))
    }
  })
})
