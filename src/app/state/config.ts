// What Run will play: the whole configuration, and the task that follows from it.
import { createStore, type StoreApi } from 'zustand'
import type { AgentName } from '../../core/agents/names.ts'
import { settingsPresets, usualPresetOf } from '../../core/episode/settings.ts'
import type { TaskOrigin } from '../../core/record/setup.ts'
import type { EpisodeSettings } from '../../core/record/trajectory.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import { defaultCareless, scriptedNames, type Careless } from '../../core/demonstrations/habits.ts'
import { rewardPresets, type RewardPreset } from '../../core/reward/presets.ts'
import type { RewardWeights } from '../../core/reward/reward.ts'
import type { AnyTask } from '../../core/record/task.ts'
import { usuallyConstrained } from '../../core/policy/constrained.ts'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { exampleOwn, ownProblems, ownTask, type Own } from '../../core/environments/question/sources/own.ts'
import { defaultDifficulty, worldDifficultySchema, worldTask, type WorldDifficulty } from '../../core/environments/question/sources/world.ts'
import type { PolicyChoice } from '../../rpc/contracts.ts'
import type { LoadedFile } from './files.ts'
import { asksBesides, hasTools } from './agent-names.ts'
import { namesOf } from '../../core/table.ts'
import { sameData } from '../../core/same-data.ts'

/** again: the task of the episode on show, once more. */
export const sources = ['world', 'scenario', 'own', 'file', 'again'] as const
export type SourceKind = (typeof sources)[number]

/** person: whoever sits here. nano: the embedded model. own: a model that somebody loaded. webllm: one on the graphics card. The others play by rule. */
export const policyNames = ['nano', 'own', 'webllm', 'person', ...scriptedNames] as const
export type PolicyName = (typeof policyNames)[number]

export interface Config {
  /** Who tends the memory, and asks the policy. */
  agent: AgentName
  source: SourceKind
  difficulty: WorldDifficulty
  /** Id of the scenario. */
  scenario: string
  /** Which task of the world or of the file, from 0. */
  index: number
  policy: PolicyName
  /** Key of the checkpoint that nano or the own model plays with; null: the base model. */
  adapter: string | null
  /** Id of WebLLM's model; null: none was chosen. */
  model: string | null
  /** The model can reply only in the protocol; null: as is usual for it (isConstrained). */
  constrained: boolean | null
  /** Id of WebLLM's embedding model that compares texts; null: by words. */
  embedder: string | null
  careless: Careless
  seed: number
  settings: EpisodeSettings
  reward: RewardPreset
  /** Somebody's own weights, in place of the preset's; null: the preset's. */
  weights: RewardWeights | null
}

export const defaultConfig: Config = {
  agent: 'agemem',
  source: 'world',
  difficulty: defaultDifficulty,
  scenario: scenarios[0]?.id ?? '',
  index: 0,
  policy: 'nano',
  adapter: null,
  model: null,
  constrained: null,
  embedder: null,
  careless: defaultCareless,
  seed: 7,
  settings: settingsPresets.playground,
  reward: 'paper',
  weights: null,
}

/** Tasks of a world are endless; a link needs an end. */
export const maxIndex = 9_999_999

/** The weights in force. */
export const weightsOf = ({ reward, weights }: Pick<Config, 'reward' | 'weights'>): RewardWeights =>
  weights ?? rewardPresets[reward]

/** The preset that has these weights; null: they are somebody's own. */
export const presetOf = (weights: RewardWeights | undefined): RewardPreset | null =>
  namesOf(rewardPresets).find((name) => sameData(rewardPresets[name], weights)) ?? null

/** The change that makes these weights count: a preset where they are one's. */
export function withWeights(weights: RewardWeights): Partial<Config> {
  const preset = presetOf(weights)
  return preset ? { reward: preset, weights: null } : { weights }
}

/** Seeds that fit a label: small enough to read out. */
export const maxSeed = 9999

export interface ConfigState extends Config {
  /** The task to play again, when the source is `again`. */
  againTask: AnyTask | null
  /** The task of one's own, finished or not: no preset and no link without one takes it away. */
  own: Own
  setOwn(own: Own): void
  set(patch: Partial<Config>): void
  setSettings(patch: Partial<EpisodeSettings>): void
  setDifficulty(patch: Partial<WorldDifficulty>): void
  /** Takes a whole configuration, with the task of `again`. */
  restore(config: Planned): void
}

export type ConfigStore = StoreApi<ConfigState>

/** @param own what was written last */
export function createConfigStore(own: Own = exampleOwn): ConfigStore {
  return createStore<ConfigState>((set) => ({
    ...defaultConfig,
    own,
    againTask: null,
    set: (patch) => { set(patch) },
    setOwn: (written) => { set({ own: written }) },
    setSettings: (patch) => { set((state) => ({ settings: { ...state.settings, ...patch } })) },
    // A slider may ask for what cannot be, such as no kind of question at all: then nothing changes.
    setDifficulty: (patch) => { set((state) => ({ difficulty: worldDifficultySchema.catch(state.difficulty).parse({ ...state.difficulty, ...patch }) })) },
    restore: (config) => { set(config) },
  }))
}

/** A whole configuration with the tasks that it may name. */
export type Planned = Config & Pick<ConfigState, 'againTask'> & Partial<Pick<ConfigState, 'own'>>

/** What of a configuration decides which task it is. */
export type TaskChoice = Pick<ConfigState, 'source' | 'scenario' | 'index' | 'seed' | 'difficulty' | 'againTask'> & Partial<Pick<ConfigState, 'own'>>

/** The task that the configuration names; null when its file is not loaded or the index is beyond its end. */
export function currentTask(config: TaskChoice, file: LoadedFile | null): AnyTask | null {
  switch (config.source) {
    case 'world':
      return worldTask({ seed: config.seed, index: config.index, split: 'train', difficulty: config.difficulty })
    case 'scenario':
      return scenarios.find((scenario) => scenario.id === config.scenario) ?? null
    case 'own':
      return config.own && ownProblems(config.own).length === 0 ? ownTask(config.own) : null
    case 'file':
      return file?.tasks[config.index] ?? null
    case 'again':
      return config.againTask
  }
}

/** Where that task comes from. */
export function taskOrigin({ source, seed, index, difficulty }: TaskChoice, file: LoadedFile | null): TaskOrigin {
  switch (source) {
    case 'world':
      return { kind: 'generated', generator: source, seed, index, split: 'train', options: difficulty }
    case 'scenario':
      return { kind: 'built-in' }
    case 'file':
      return { kind: 'file', name: file?.name ?? null }
    case 'own':
    case 'again':
      return { kind: 'given' }
  }
}

/** Where models come from: the embedded one, and the one that somebody loaded, if any. */
interface ModelSources {
  nano: ModelSource
  own: ModelSource | null
}

/** Do the replies keep to the grammar of the protocol? */
export function isConstrained({ agent, policy, adapter, constrained }: Pick<Config, 'agent' | 'policy' | 'adapter' | 'constrained'>): boolean {
  switch (policy) {
    case 'webllm':
      return constrained ?? true
    case 'nano':
    case 'own':
      // Where there are no tools a model that was made for others keeps to the form of an answer.
      return (policy === 'own' && !hasTools(agent)) || (constrained ?? usuallyConstrained(policy, adapter !== null))
    default:
      return false
  }
}

/** The same of who takes part in a comparison. */
export function ruledBy(choice: PolicyChoice, agent: AgentName): boolean {
  return asksBesides(agent) && choice.name !== 'webllm' && !(choice.name === 'model' && choice.source.name !== 'nano')
}

/** Is what the agent asks besides its replies answered by rules? nano and scripts know AgeMem's prompts alone. */
export function answersByRule({ agent, policy }: Pick<Config, 'agent' | 'policy'>): boolean {
  return asksBesides(agent) && policy !== 'own' && policy !== 'webllm'
}

/** The policy as the lab is asked for it; null when there is no such model. */
export function policyChoice(config: Pick<Config, 'agent' | 'policy' | 'adapter' | 'model' | 'constrained' | 'careless'>, models: ModelSources): PolicyChoice | null {
  const { policy, adapter, model, careless } = config
  const constrained = isConstrained(config)
  const local = (source: ModelSource): PolicyChoice => ({ name: 'model', source, adapter, ...(constrained && { constrained }) })
  switch (policy) {
    case 'nano':
      return local(models.nano)
    case 'own':
      return models.own && local(models.own)
    case 'webllm':
      return model === null ? null : { name: 'webllm', source: { kind: 'listed', id: model }, options: { constrained } }
    case 'person':
      return { name: policy }
    case 'careless':
      return { name: policy, careless }
    case 'oracle':
    case 'store-all':
    case 'store-none':
      return { name: policy }
  }
}


/** The paper's limits, within the window of a model. @param window tokens that it takes at once; null: not known */
export function webLlmSettings(window: number | null): EpisodeSettings {
  const { paper } = settingsPresets
  return { ...paper, t_max: Math.min(paper.t_max, window ?? paper.t_max), response_limit: Math.min(paper.response_limit, Math.floor((window ?? paper.t_max) / 4)) }
}

/** The limits, within the window that the loaded model turned out to have. @param listed what was known of it before */
export function withinWindow(settings: EpisodeSettings, listed: number | null, window: number): EpisodeSettings {
  return sameData(settings, webLlmSettings(listed)) ? webLlmSettings(window) : settings
}

/**
 * The change that makes a model of WebLLM the policy. Limits that nobody has touched follow it: a WebLLM model has the
 * paper's, within its window.
 */
export function withWebLlmModel({ settings, policy }: Pick<Config, 'settings' | 'policy'>, model: string, window: number | null): Partial<Config> {
  const untouched = policy === 'webllm' || sameData(settings, settingsPresets.playground)
  return { policy: 'webllm', model, adapter: null, ...(untouched && { settings: webLlmSettings(window) }) }
}

/**
 * The change that makes another policy play. The limits of a WebLLM model, and of a pretrained one, go with it, unless
 * somebody set others; so does what its replies may be.
 * @param window of the WebLLM model, tokens. @param own of the model of one's own; null: not known
 */
export function withPolicy(config: Pick<Config, 'settings' | 'policy' | 'model'> & Partial<Pick<Config, 'constrained'>>, policy: PolicyName, window: number | null, own: number | null = null): Partial<Config> {
  const usual: Partial<Config> = (config.constrained ?? null) !== null && policy !== config.policy ? { constrained: null } : {}
  if (policy === 'webllm') return { ...usual, ...(config.model === null ? { policy } : withWebLlmModel(config, config.model, window)) }
  const { playground } = settingsPresets
  const pretrained = settingsPresets[usualPresetOf(null)]
  const followed = (config.policy === 'webllm' && sameData(config.settings, webLlmSettings(window))) || (config.policy === 'own' && sameData(config.settings, pretrained))
  const untouched = followed || sameData(config.settings, playground)
  // A model whose window has no room for the full prompt plays within the small one.
  const settings = policy === 'own' && own !== null && own >= pretrained.t_max ? pretrained : playground
  return { policy, ...usual, ...(untouched && !sameData(config.settings, settings) && { settings }) }
}

/** The change that makes texts be compared by another embedder, with the θ that was measured for it. */
export function withEmbedder({ settings }: Pick<Config, 'settings'>, embedder: string | null, theta: number): Partial<Config> {
  return { embedder, settings: { ...settings, theta } }
}
