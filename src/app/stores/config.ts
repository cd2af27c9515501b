// What Run will play: the whole configuration, and the task that follows from it.
import { createStore, type StoreApi } from 'zustand'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { EpisodeSettings } from '../../core/episode/trajectory.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import { defaultCareless, scriptedNames, type Careless } from '../../core/policy/scripted.ts'
import type { RewardPreset } from '../../core/reward/presets.ts'
import type { Task } from '../../core/task.ts'
import { scenarios } from '../../core/tasks/scenarios.ts'
import { defaultDifficulty, worldDifficultySchema, worldTask, type WorldDifficulty } from '../../core/tasks/world.ts'
import type { PolicyChoice } from '../../rpc/contracts.ts'
import type { LoadedFile } from './files.ts'

/** again: the task of the episode on show, once more. */
export const sources = ['world', 'scenario', 'file', 'again'] as const
export type SourceKind = (typeof sources)[number]

/** nano: the embedded model. own: a model that somebody loaded. The others play by rule. */
export const policyNames = ['nano', 'own', ...scriptedNames] as const
export type PolicyName = (typeof policyNames)[number]

export interface Config {
  source: SourceKind
  difficulty: WorldDifficulty
  /** Id of the scenario. */
  scenario: string
  /** Which task of the world or of the file, from 0. */
  index: number
  policy: PolicyName
  /** Key of the checkpoint that nano or the own model plays with; null: the base model. */
  adapter: string | null
  careless: Careless
  seed: number
  settings: EpisodeSettings
  reward: RewardPreset
}

export const defaultConfig: Config = {
  source: 'world',
  difficulty: defaultDifficulty,
  scenario: scenarios[0]?.id ?? '',
  index: 0,
  policy: 'nano',
  adapter: null,
  careless: defaultCareless,
  seed: 7,
  settings: settingsPresets.playground,
  reward: 'paper',
}

/** Seeds that fit a label: small enough to read out. */
export const maxSeed = 9999

export interface ConfigState extends Config {
  /** The task to play again, when the source is `again`. */
  againTask: Task | null
  set(patch: Partial<Config>): void
  setSettings(patch: Partial<EpisodeSettings>): void
  setDifficulty(patch: Partial<WorldDifficulty>): void
  /** Takes a whole configuration, with the task of `again`. */
  restore(config: Config & { againTask: Task | null }): void
}

export type ConfigStore = StoreApi<ConfigState>

export function createConfigStore(): ConfigStore {
  return createStore<ConfigState>((set) => ({
    ...defaultConfig,
    againTask: null,
    set: (patch) => { set(patch) },
    setSettings: (patch) => { set((state) => ({ settings: { ...state.settings, ...patch } })) },
    // A slider may ask for what cannot be, such as no kind of question at all: then nothing changes.
    setDifficulty: (patch) => { set((state) => ({ difficulty: worldDifficultySchema.catch(state.difficulty).parse({ ...state.difficulty, ...patch }) })) },
    restore: (config) => { set(config) },
  }))
}

/** The task that the configuration names; null when its file is not loaded or the index is beyond its end. */
export function currentTask(config: Config & { againTask: Task | null }, file: LoadedFile | null): Task | null {
  switch (config.source) {
    case 'world':
      return worldTask({ seed: config.seed, index: config.index, split: 'train', difficulty: config.difficulty })
    case 'scenario':
      return scenarios.find((scenario) => scenario.id === config.scenario) ?? null
    case 'file':
      return file?.tasks[config.index] ?? null
    case 'again':
      return config.againTask
  }
}

/** Where models come from: the embedded one, and the one that somebody loaded, if any. */
export interface ModelSources {
  nano: ModelSource
  own: ModelSource | null
}

/** The policy as the lab is asked for it; null when there is no such model. */
export function policyChoice({ policy, adapter, careless }: Pick<Config, 'policy' | 'adapter' | 'careless'>, models: ModelSources): PolicyChoice | null {
  switch (policy) {
    case 'nano':
      return { name: 'model', source: models.nano, adapter }
    case 'own':
      return models.own && { name: 'model', source: models.own, adapter }
    case 'careless':
      return { name: policy, careless }
    case 'oracle':
    case 'store-all':
    case 'store-none':
      return { name: policy }
  }
}
