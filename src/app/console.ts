// window.agemem: the page for people who script from the DevTools. Plain data in, plain data out.
//
//   await agemem.runEpisode({ policy: 'store-all', seed: 7, task: 3 })
//     plays one episode as fast as it goes and records it. Options, all optional: source ('world' | 'scenario'),
//     scenario (id), task (number from 1) or a whole Task object, policy ('nano' when left out), agent ('agemem' when
//     left out: who tends the memory), adapter (key of a checkpoint), for a language model also constrained (replies only in the protocol; as is usual for it when left out),
//     for 'webllm' also model (id of a model that is downloaded), embedder (id of an embedding model of WebLLM's; by words when left out), careless (probabilities), seed,
//     difficulty, settings (T_max and so on), reward ('paper' | 'paper-unit' | 'published-code' | 'answer-only').
//     Gives { key, trajectory, reward, components, memory_quality }.
//   await agemem.runGroup({ rollouts: 8, seed: 7, task: 3 })
//     the same options: so many rollouts of one task side by side, none of them recorded. Gives a list of
//     { trajectory, reward, components, memory_quality }.
//   await agemem.listEpisodes()         the recorded episodes, newest first
//   await agemem.exportEpisode(key)     one trajectory (schema version 2), or null
//   agemem.show(key, step)              opens a recorded episode at a step (from 1)
// Training: console-training.ts.
import { z } from 'zod'
import { settingsPresets } from '../core/episode/settings.ts'
import { episodeSettingsSchema, type Trajectory } from '../core/record/trajectory.ts'
import { mustFit } from '../core/fit.ts'
import { carelessSchema, defaultCareless } from '../core/demonstrations/habits.ts'
import { rewardPresets } from '../core/reward/presets.ts'
import type { Reward, RewardComponents } from '../core/reward/reward.ts'
import { scoreTrajectory } from '../core/reward/score.ts'
import { taskSchema } from '../core/environments/question/task.ts'
import { defaultDifficulty, worldDifficultySchema } from '../core/environments/question/sources/world.ts'
import type { EpisodeRequest, EpisodeSummary, LabEvent } from '../rpc/contracts.ts'
import type { Backend } from './backend.ts'
import { createTrainingConsole, type TrainingConsole } from './console-training.ts'
import { agentNames } from '../core/agents/names.ts'
import { currentTask, defaultConfig, policyChoice, policyNames, taskOrigin, type Config } from './state/config.ts'
import type { Stores } from './state/context.tsx'

const optionsSchema = z
  .object({
    source: z.enum(['world', 'scenario']),
    scenario: z.string(),
    task: z.union([z.number().int().positive(), taskSchema]),
    policy: z.enum(policyNames),
    agent: z.enum(agentNames),
    adapter: z.string(),
    model: z.string(),
    constrained: z.boolean(),
    embedder: z.string(),
    careless: z.record(z.string(), z.number()),
    seed: z.number().int(),
    difficulty: z.record(z.string(), z.number()),
    settings: z.record(z.string(), z.unknown()),
    reward: z.enum(['paper', 'paper-unit', 'published-code', 'answer-only']),
  })
  .partial()
  .strict()

const groupOptionsSchema = optionsSchema.extend({ rollouts: z.number().int().min(1).max(64).optional() })

interface PlayedRollout {
  trajectory: Trajectory
  reward: Reward
  components: RewardComponents
  memory_quality: number
}

interface PlayedEpisode extends PlayedRollout {
  key: string
}

interface ConsoleApi extends TrainingConsole {
  runEpisode(options?: z.input<typeof optionsSchema>): Promise<PlayedEpisode>
  runGroup(options?: z.input<typeof groupOptionsSchema>): Promise<PlayedRollout[]>
  listEpisodes(): Promise<EpisodeSummary[]>
  exportEpisode(key: string): Promise<Trajectory | null>
  show(key: string, step?: number): Promise<boolean>
}

declare global {
  interface Window {
    agemem: ConsoleApi
  }
}

export function createConsole(backend: Backend, stores: Stores, newKey: () => string): ConsoleApi {
  /** What the options ask for. @throws Error when they do not fit */
  const requestOf = (given: z.output<typeof optionsSchema>): { request: EpisodeRequest; scored: (trajectory: Trajectory) => PlayedRollout } => {
    const config: Config = {
      ...defaultConfig,
      source: given.source ?? (given.scenario === undefined ? 'world' : 'scenario'),
      scenario: given.scenario ?? defaultConfig.scenario,
      index: typeof given.task === 'number' ? given.task - 1 : 0,
      policy: given.policy ?? defaultConfig.policy,
      agent: given.agent ?? defaultConfig.agent,
      adapter: given.adapter ?? null,
      model: given.model ?? null,
      constrained: given.constrained ?? null,
      embedder: given.embedder ?? null,
      seed: given.seed ?? defaultConfig.seed,
      careless: mustFit(carelessSchema.strict(), { ...defaultCareless, ...given.careless }, 'careless: '),
      difficulty: mustFit(worldDifficultySchema, { ...defaultDifficulty, ...given.difficulty }, 'difficulty: '),
      settings: mustFit(episodeSettingsSchema.strict(), { ...settingsPresets.playground, ...given.settings }, 'settings: '),
      reward: given.reward ?? defaultConfig.reward,
    }
    const task = typeof given.task === 'object' ? given.task : currentTask({ ...config, againTask: null }, null)
    if (!task) throw new Error(`There is no scenario "${config.scenario}".`)
    const { nanoSource, ownSource } = stores.model.getState()
    const policy = policyChoice(config, { nano: nanoSource, own: ownSource })
    if (!policy && config.policy === 'webllm') throw new Error('Say which: model, the id of one of WebLLM’s.')
    if (!policy) throw new Error('No model of your own is loaded: choose one in the sentence first.')
    // The lab waits for its worker.
    if (policy.name === 'webllm' || config.embedder !== null) backend.webllm()
    return {
      request: {
        key: newKey(),
        task,
        source: typeof given.task === 'object' ? { kind: 'given' } : taskOrigin({ ...config, againTask: null }, null),
        policy,
        agent: config.agent,
        seed: config.seed,
        settings: config.settings,
        embedder: config.embedder,
        reward: rewardPresets[config.reward],
      },
      scored(trajectory) {
        const { reward, components, memoryQuality } = scoreTrajectory(trajectory, rewardPresets[config.reward])
        return { trajectory, reward, components, memory_quality: memoryQuality }
      },
    }
  }
  return {
    async runEpisode(options = {}) {
      const { request, scored } = requestOf(mustFit(optionsSchema, options, 'runEpisode: '))
      const { key } = request
      const played: Trajectory[] = []
      const take = (events: LabEvent[]) => {
        for (const event of events) if (event.type === 'finished') played.push(event.trajectory)
      }
      await backend.lab().runEpisode(request, { kind: 'run', msPerStep: 0 }, take)
      await stores.library.getState().refresh()
      const trajectory = played[0] ?? (await backend.memory().archive.get(key))
      if (!trajectory) throw new Error('The episode ended without a record.')
      return { key, ...scored(trajectory) }
    },
    async runGroup(options = {}) {
      const { rollouts = 8, ...given } = mustFit(groupOptionsSchema, options, 'runGroup: ')
      const { request, scored } = requestOf(given)
      return (await backend.lab().runGroup(request, rollouts)).map(scored)
    },
    ...createTrainingConsole(stores),
    listEpisodes: () => backend.memory().archive.list(),
    exportEpisode: (key) => backend.memory().archive.get(key),
    show: (key, step) => stores.actions.open(key, step === undefined ? undefined : step - 1),
  }
}
