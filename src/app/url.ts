// A view as a link: configuration, recorded episode and step in the page's hash, and back. Pure; what does not fit is
// reported and left out, never trusted.
import { z } from 'zod'
import { settingsPresets } from '../core/episode/settings.ts'
import { episodeSettingsSchema, type EpisodeSettings } from '../core/episode/trajectory.ts'
import { carelessSchema, defaultCareless, type Careless } from '../core/policy/scripted.ts'
import type { RewardPreset } from '../core/reward/presets.ts'
import { defaultDifficulty, worldDifficultySchema, type WorldDifficulty } from '../core/tasks/world.ts'
import { defaultConfig, maxSeed, policyNames, sources, type Config } from './stores/config.ts'
import type { CustomModel } from '../core/policy/webllm.ts'
import { customModelSchema } from './models-view/custom-model.ts'
import { views, type View } from './stores/ui.ts'

export interface Link {
  /** Watch goes without saying. */
  view: View
  config: Config
  /** Key of the episode on show; null: none was. */
  episode: string | null
  /** Index of its step; null: the last. */
  step: number | null
  /** Where the configuration's model comes from when it is somebody's own; untrusted, nothing is fetched from there by itself. */
  custom: CustomModel | null
  /** Name of the file that the task came from; a link cannot carry the file. */
  file: string | null
}

/** Tasks of a world are endless; a link needs an end. */
export const maxIndex = 9_999_999

const wholeNumber = z.string().regex(/^-?\d{1,16}$/, 'needs a whole number').transform(Number)
const number = z.string().regex(/^-?\d{1,9}(\.\d{1,9})?$/, 'needs a number').transform(Number)
const numbers = (length: number) =>
  z
    .string()
    .transform((text) => text.split(',').map(Number))
    .refine((all) => all.length === length && all.every(Number.isFinite), `needs ${length} numbers with commas between`)

const rewardNames = ['paper', 'paper-unit', 'published-code', 'answer-only'] as const satisfies readonly RewardPreset[]

const between = (low: number, high: number) => {
  const words = `needs a whole number from ${low} to ${high}`
  return wholeNumber.pipe(z.number().min(low, words).max(high, words))
}
const oneOf = <const T extends readonly string[]>(names: T) => z.enum(names, `needs one of ${names.join(', ')}`)
const name = z.string().regex(/^[\w-]{1,60}$/, 'is not a name that this page gives')

const readers = {
  view: oneOf(views),
  source: oneOf(sources),
  scenario: name,
  task: between(1, maxIndex + 1),
  seed: between(0, maxSeed),
  policy: oneOf(policyNames),
  model: z.string().regex(/^[\w.-]{1,100}$/, 'is not the name of a model'),
  grammar: oneOf(['off']),
  model_url: customModelSchema.shape.url,
  model_library: customModelSchema.shape.library,
  embedder: z.string().regex(/^[\w.-]{1,100}$/, 'is not the name of a model'),
  adapter: z.string().regex(/^[\w/-]{1,100}$/, 'is not a name that this page gives'),
  reward: oneOf(rewardNames),
  step: between(1, 100_000),
  episode: name,
  file: z.string().min(1).max(200, 'is too long'),
}

type Names = keyof typeof readers

function isName(name: string): name is Names {
  return Object.hasOwn(readers, name)
}

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
} as const satisfies Record<keyof WorldDifficulty, string>
const difficultyKeys = worldDifficultySchema.keyof().options

function readDifficulty(given: URLSearchParams, report: (name: string, problem: string) => void): WorldDifficulty {
  let difficulty = defaultDifficulty
  for (const key of difficultyKeys) {
    const text = given.get(difficultyNames[key])
    if (text === null) continue
    const value = number.safeParse(text)
    const whole = worldDifficultySchema.safeParse({ ...difficulty, [key]: value.data })
    if (whole.success) difficulty = whole.data
    else report(difficultyNames[key], (value.error ?? whole.error).issues[0]?.message ?? 'is out of range')
  }
  return difficulty
}

const settingReaders = {
  t_max: wholeNumber,
  theta: number,
  top_k: wholeNumber,
  exchanges: wholeNumber,
  response_limit: wholeNumber,
  temperature: number,
  min_p: number,
  prompt: z.enum(['full', 'compact']),
} satisfies Partial<Record<keyof EpisodeSettings, z.ZodType>>
const settingNames = ['t_max', 'theta', 'top_k', 'exchanges', 'response_limit', 'temperature', 'min_p', 'prompt'] as const

function readSettings(given: URLSearchParams, report: (name: string, problem: string) => void): EpisodeSettings {
  let settings: EpisodeSettings = given.get('limits') === 'paper' ? settingsPresets.paper : settingsPresets.playground
  const take = (name: string, read: z.ZodSafeParseResult<unknown>, key: keyof EpisodeSettings) => {
    const whole = read.success ? episodeSettingsSchema.safeParse({ ...settings, [key]: read.data }) : read
    if (whole.success && read.success) settings = episodeSettingsSchema.parse({ ...settings, [key]: read.data })
    else if (!whole.success) report(name, whole.error.issues[0]?.message ?? 'is out of range')
  }
  for (const name of settingNames) {
    const text = given.get(name)
    if (text !== null) take(name, settingReaders[name].safeParse(text), name)
  }
  const rounds = given.get('n_max')
  if (rounds !== null) {
    take('n_max', numbers(3).transform(([build = 0, resist = 0, answer = 0]) => ({ build, resist, answer })).safeParse(rounds), 'n_max')
  }
  return settings
}

function readCareless(given: URLSearchParams, report: (name: string, problem: string) => void): Careless {
  const text = given.get('careless')
  if (text === null) return defaultCareless
  const pairs = text.split(',').map((pair) => pair.split(':'))
  const read = carelessSchema.strict().safeParse({ ...defaultCareless, ...Object.fromEntries(pairs.map(([habit = '', p]) => [habit, Number(p)])) })
  if (read.success) return read.data
  report('careless', read.error.issues[0]?.message ?? 'is out of range')
  return defaultCareless
}

const others = new Set<string>([...Object.values(difficultyNames), 'limits', 'n_max', 'careless', ...settingNames])

/** A model of somebody's own: its name, and both of its addresses. */
function readCustom(name: string | null, url: string | null, library: string | null, report: (name: string, problem: string) => void): CustomModel | null {
  if (url === null && library === null) return null
  const read = customModelSchema.safeParse({ name, url, library })
  if (read.success) return read.data
  report('model', 'a model of one’s own needs its name, model_url and model_library together')
  return null
}

/** Reads a hash, with or without its #. Problems name the value that was left out, in words. */
export function readLink(hash: string): { link: Link; problems: string[] } {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const problems: string[] = []
  const report = (name: string, problem: string) => problems.push(`${name}=${given.get(name) ?? ''}: ${problem}`)
  const take = <T,>(name: Names, schema: z.ZodType<T>, otherwise: T): T => {
    const text = given.get(name)
    if (text === null) return otherwise
    const read = schema.safeParse(text)
    if (read.success) return read.data
    report(name, read.error.issues[0]?.message ?? 'does not fit')
    return otherwise
  }
  for (const name of new Set(given.keys())) if (!isName(name) && !others.has(name)) report(name, 'is not known here')
  const config: Config = {
    source: take('source', readers.source, defaultConfig.source),
    scenario: take('scenario', readers.scenario, defaultConfig.scenario),
    index: take('task', readers.task, defaultConfig.index + 1) - 1,
    seed: take('seed', readers.seed, defaultConfig.seed),
    policy: take('policy', readers.policy, defaultConfig.policy),
    adapter: take<string | null>('adapter', readers.adapter, null),
    model: take<string | null>('model', readers.model, null),
    constrained: take<string | null>('grammar', readers.grammar, null) === null,
    embedder: take<string | null>('embedder', readers.embedder, null),
    reward: take('reward', readers.reward, defaultConfig.reward),
    difficulty: readDifficulty(given, report),
    settings: readSettings(given, report),
    careless: readCareless(given, report),
  }
  const step = take<number | null>('step', readers.step, null)
  return {
    link: { view: take('view', readers.view, 'watch'), config, custom: readCustom(config.model, take<string | null>('model_url', readers.model_url, null), take<string | null>('model_library', readers.model_library, null), report), episode: take<string | null>('episode', readers.episode, null), step: step === null ? null : step - 1, file: take<string | null>('file', readers.file, null) },
    problems,
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

function writeDifficulty(difficulty: WorldDifficulty, put: (name: string, value: string | number) => void) {
  for (const key of difficultyKeys) if (difficulty[key] !== defaultDifficulty[key]) put(difficultyNames[key], difficulty[key])
}

function writeSettings(settings: EpisodeSettings, put: (name: string, value: string | number) => void) {
  const paper = same(settings, settingsPresets.paper)
  if (paper) put('limits', 'paper')
  if (paper) return
  const base = settingsPresets.playground
  for (const name of settingNames) if (settings[name] !== base[name]) put(name, settings[name])
  if (!same(settings.n_max, base.n_max)) put('n_max', [settings.n_max.build, settings.n_max.resist, settings.n_max.answer].join(','))
}

/** Writes a link as a hash, # included; what is as usual is left out. */
export function writeLink({ view, config, custom, episode, step, file }: Link): string {
  const given = new URLSearchParams()
  const put = (name: string, value: string | number) => { given.set(name, String(value)) }
  if (view !== 'watch') put('view', view)
  if (config.source !== defaultConfig.source) put('source', config.source)
  if (config.source === 'scenario') put('scenario', config.scenario)
  if (config.source === 'file' && file !== null) put('file', file)
  if (config.source === 'world' || config.source === 'file') put('task', config.index + 1)
  put('policy', config.policy)
  if (config.adapter !== null && (config.policy === 'nano' || config.policy === 'own')) put('adapter', config.adapter)
  if (config.policy === 'webllm' && config.model !== null) put('model', config.model)
  if (config.policy === 'webllm' && custom !== null && custom.name === config.model) {
    put('model_url', custom.url)
    put('model_library', custom.library)
  }
  if (config.policy === 'webllm' && !config.constrained) put('grammar', 'off')
  put('seed', config.seed)
  if (config.source === 'world') writeDifficulty(config.difficulty, put)
  writeSettings(config.settings, put)
  if (config.policy === 'careless' && !same(config.careless, defaultCareless)) {
    const changed = Object.entries(config.careless).filter(([habit, p]) => Object.entries(defaultCareless).some(([name, usual]) => name === habit && usual !== p))
    put('careless', changed.map(([habit, p]) => `${habit}:${p}`).join(','))
  }
  if (config.embedder !== null) put('embedder', config.embedder)
  if (config.reward !== defaultConfig.reward) put('reward', config.reward)
  if (episode !== null) put('episode', episode)
  if (episode !== null && step !== null) put('step', step + 1)
  return `#${given.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`
}
