// The address as a table: one entry a field, in the order in which they are written and read.
import { z } from 'zod'
import { carelessSchema, defaultCareless } from '../../core/demonstrations/habits.ts'
import { ownLimits, ownSchema, readOwn, writeOwn } from '../../core/environments/question/sources/own.ts'
import { defaultDifficulty, worldDifficultySchema } from '../../core/environments/question/sources/world.ts'
import { offeredSettingsSchema, settingsPresets } from '../../core/episode/settings.ts'
import { fit, misfitWords } from '../../core/fit.ts'
import type { CustomModel } from '../../core/policy/webllm.ts'
import type { EpisodeSettings } from '../../core/record/trajectory.ts'
import type { RewardPreset } from '../../core/reward/presets.ts'
import { sameData } from '../../core/same-data.ts'
import { namesOf } from '../../core/table.ts'
import { agentNames } from '../../core/agents/names.ts'
import { defaultConfig, isConstrained, maxIndex, maxSeed, policyNames, sources, type Config } from '../state/config.ts'
import { customModelSchema } from '../state/custom-model.ts'
import type { View } from '../state/ui.ts'
import {
  between, field, keyName, list, modelName, number, oneOf, wholeNumber, type Field, type Link, type RunPlace,
} from './field.ts'
import { tableFields } from './table-fields.ts'
import { weightsField } from './weights-field.ts'

const rewardNames = ['paper', 'paper-unit', 'published-code', 'answer-only'] as const satisfies readonly RewardPreset[]

const withConfig = (link: Link, patch: Partial<Config>): Link => ({ ...link, config: { ...link.config, ...patch } })
const unusual = <T>(value: T, usual: T): T | null => (value === usual ? null : value)

/** What the link calls each field of the difficulty. */
const difficultyNames = {
  facts: 'facts',
  distractors: 'distractors',
  distractor_closeness: 'closeness',
  small_talk: 'small_talk',
  update_share: 'updates',
  one_hop: 'one_hop',
  two_hop: 'two_hop',
  comparison: 'comparison',
  update: 'corrected',
} as const satisfies Record<keyof typeof defaultDifficulty, string>

const difficultyFields = worldDifficultySchema.keyof().options.map((key) =>
  field(
    difficultyNames[key],
    number,
    ({ config: { source, difficulty } }) =>
      source === 'world' && difficulty[key] !== defaultDifficulty[key] ? difficulty[key] : null,
    (link, value) => {
      const difficulty = fit(worldDifficultySchema, { ...link.config.difficulty, [key]: value })
      return difficulty.success ? withConfig(link, { difficulty: { ...link.config.difficulty, [key]: value } }) : difficulty
    },
  ),
)

const isPaper = ({ settings }: Config) => sameData(settings, settingsPresets.paper)

/** A field of the settings, written where it differs from the playground's. */
function setting(
  key: keyof EpisodeSettings,
  schema: z.ZodType,
  write: (settings: EpisodeSettings) => string,
): Field {
  return {
    name: key,
    read(text, link) {
      const value = fit(schema, text)
      if (!value.success) return value
      const settings = fit(offeredSettingsSchema, { ...link.config.settings, [key]: value.data })
      return settings.success ? { success: true, data: withConfig(link, { settings: settings.data }) } : settings
    },
    write: ({ config }) =>
      isPaper(config) || sameData(config.settings[key], settingsPresets.playground[key]) ? null : write(config.settings),
  }
}

const settingFields = [
  ...(['t_max', 'top_k', 'exchanges', 'response_limit'] as const).map((key) =>
    setting(key, wholeNumber, (settings) => String(settings[key])),
  ),
  ...(['theta', 'temperature', 'min_p'] as const).map((key) => setting(key, number, (settings) => String(settings[key]))),
  setting('prompt', z.enum(['full', 'compact']), ({ prompt }) => prompt),
  setting(
    'n_max',
    list(3).transform(([build = 0, resist = 0, answer = 0]) => ({ build, resist, answer })),
    ({ n_max: { build, resist, answer } }) => [build, resist, answer].join(','),
  ),
]

/** "add:0.5,filter:1": the habits that are not as usual. */
const careless: Field = {
  name: 'careless',
  read(text, link) {
    const habits = text.split(',').map((pair) => {
      const [habit = '', p = ''] = pair.split(':')
      const value = fit(number, p)
      return [habit, value.success ? value.data : null] as const
    })
    const read = fit(carelessSchema.strict(), { ...defaultCareless, ...Object.fromEntries(habits) })
    if (read.success) return { success: true, data: withConfig(link, { careless: read.data }) }
    return { success: false, misfit: { ...read.misfit, message: misfitWords({ ...read.misfit, got: null }, '') } }
  },
  write({ config }) {
    const changed = namesOf(config.careless).filter((habit) => config.careless[habit] !== defaultCareless[habit])
    if (config.policy !== 'careless' || changed.length === 0) return null
    return changed.map((habit) => `${habit}:${config.careless[habit]}`).join(',')
  },
}

/** Of a model of somebody's own. Its name is the configuration's model. */
const customField = (name: string, key: 'url' | 'library') =>
  field(
    name,
    customModelSchema.shape[key],
    ({ config, custom }) =>
      config.policy === 'webllm' && custom !== null && custom.name === config.model ? custom[key] : null,
    (link, value) => {
      const custom: CustomModel = link.custom ?? { name: link.config.model ?? '', url: '', library: '' }
      return { ...link, custom: { ...custom, [key]: value } }
    },
  )

/** Of a place in a run: it says nothing without one. */
const inRun = (name: string, most: number, get: (place: RunPlace) => number | null, key: 'step' | 'group', from: 0 | 1) =>
  field(
    name,
    between(1, most),
    ({ training }) => training && get(training),
    (link, value) => (link.training ? { ...link, training: { ...link.training, [key]: value - 1 + from } } : link),
  )

/** A task of one's own, as lines. */
const ownReader = z.string().max(ownLimits.encoded).transform(readOwn).pipe(ownSchema)
const own: Field = {
  name: 'own',
  read(text, link) {
    const read = fit(ownReader, text)
    return read.success ? { success: true, data: { ...link, own: read.data } } : read
  },
  write: (link) => (link.config.source === 'own' && link.own !== null ? writeOwn(link.own) : null),
}

const playedReader = z.string().regex(/^[\w-]{1,60},[2-8]$/, 'needs the key of a group and how many rollouts it has')
/** "f00d,4": a group that was played for itself, and its rollouts. */
const played: Field = {
  name: 'played',
  read(text, link) {
    const read = fit(playedReader, text)
    if (!read.success) return read
    const [group = '', rollouts = ''] = read.data.split(',')
    return { success: true, data: { ...link, played: { group, rollouts: Number(rollouts) } } }
  },
  write: (link) => (link.played ? `${link.played.group},${link.played.rollouts}` : null),
}

/** "tools", or "tools,f00d": an experiment, and a result of it that was made here. */
const experimentReader = z.string().regex(/^[a-z-]{1,40}(,[\w-]{1,60})?$/, 'needs the name of an experiment')

const adapterName = z.string().regex(/^[\w/. -]{1,120}$/, 'is not a name that this page gives')
const withTasks = ({ source }: Config) => source === 'world' || source === 'file'
const isLocal = ({ policy }: Config) => policy === 'nano' || policy === 'own'
const isWebLlm = ({ policy }: Config) => policy === 'webllm'

/** A field of the configuration. @param get what is written; null: it goes without saying */
const inConfig = <T extends string | number>(
  name: string,
  schema: z.ZodType<T>,
  get: (config: Config) => T | null,
  patch: (value: T) => Partial<Config>,
) => field(name, schema, ({ config }) => get(config), (link, value) => withConfig(link, patch(value)))

/** @param views the views that there are */
export const addressFields = (views: readonly View[]): readonly Field[] => [
  field('view', oneOf(views), ({ view }) => (view === 'watch' ? null : view), (link, view) => ({ ...link, view })),
  inConfig('source', oneOf(sources), ({ source }) => unusual(source, defaultConfig.source), (source) => ({ source })),
  inConfig(
    'scenario',
    keyName,
    ({ source, scenario }) => (source === 'scenario' ? scenario : null),
    (scenario) => ({ scenario }),
  ),
  own,
  field(
    'file',
    z.string().min(1).max(200, 'is too long'),
    ({ config, file }) => (config.source === 'file' ? file : null),
    (link, file) => ({ ...link, file }),
  ),
  inConfig(
    'task',
    between(1, maxIndex + 1),
    (config) => (withTasks(config) ? config.index + 1 : null),
    (task) => ({ index: task - 1 }),
  ),
  inConfig('agent', oneOf(agentNames), ({ agent }) => unusual(agent, defaultConfig.agent), (agent) => ({ agent })),
  inConfig('policy', oneOf(policyNames), ({ policy }) => policy, (policy) => ({ policy })),
  inConfig('adapter', adapterName, (config) => (isLocal(config) ? config.adapter : null), (adapter) => ({ adapter })),
  inConfig('model', modelName, (config) => (isWebLlm(config) ? config.model : null), (model) => ({ model })),
  customField('model_url', 'url'),
  customField('model_library', 'library'),
  inConfig(
    'grammar',
    oneOf(['on', 'off']),
    (config) => (config.constrained === null || isConstrained(config) === isConstrained({ ...config, constrained: null }) ? null : config.constrained ? 'on' : 'off'),
    (grammar) => ({ constrained: grammar === 'on' }),
  ),
  inConfig('seed', between(0, maxSeed), ({ seed }) => seed, (seed) => ({ seed })),
  ...difficultyFields,
  inConfig(
    'limits',
    oneOf(['paper']),
    (config) => (isPaper(config) ? 'paper' : null),
    () => ({ settings: settingsPresets.paper }),
  ),
  ...settingFields,
  careless,
  inConfig('embedder', modelName, ({ embedder }) => embedder, (embedder) => ({ embedder })),
  inConfig('reward', oneOf(rewardNames), ({ reward }) => unusual(reward, defaultConfig.reward), (reward) => ({ reward })),
  weightsField,
  played,
  field('episode', keyName, ({ episode }) => episode, (link, episode) => ({ ...link, episode })),
  field('branch', keyName, ({ branch }) => branch, (link, branch) => ({ ...link, branch })),
  field(
    'step',
    between(1, 100_000),
    ({ episode, step }) => (episode === null || step === null ? null : step + 1),
    (link, step) => ({ ...link, step: step - 1 }),
  ),
  field(
    'beside',
    oneOf(['original']),
    ({ branch, beside }) => (branch !== null && beside ? 'original' : null),
    (link) => ({ ...link, beside: true }),
  ),
  ...tableFields,
  // `comparison` is a share of the difficulty.
  field('compared', keyName, ({ comparison }) => comparison, (link, comparison) => ({ ...link, comparison })),
  field('experiment', experimentReader, ({ experiment }) => experiment, (link, experiment) => ({ ...link, experiment })),
  field(
    'run',
    keyName,
    ({ training }) => training?.run ?? null,
    (link, run) => ({ ...link, training: { run, step: null, group: null } }),
  ),
  inRun('run_step', 1_000_000, ({ step }) => step, 'step', 1),
  inRun('group', 1000, ({ group }) => (group === null ? null : group + 1), 'group', 0),
  field(
    'rollout',
    between(1, 64),
    ({ view, rollout }) => (view === 'group' && rollout !== null ? rollout + 1 : null),
    (link, rollout) => ({ ...link, rollout: rollout - 1 }),
  ),
]
