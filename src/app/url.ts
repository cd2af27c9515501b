// A view as a link: configuration, recorded episode and step in the page's hash, and back. Pure; what does not fit is
// reported and left out, never trusted.
import { z } from 'zod'
import { offeredSettingsSchema, settingsPresets } from '../core/episode/settings.ts'
import type { EpisodeSettings } from '../core/record/trajectory.ts'
import { fit, misfitWords, type Fit } from '../core/fit.ts'
import { carelessSchema, defaultCareless, type Careless } from '../core/demonstrations/scripted.ts'
import type { RewardPreset } from '../core/reward/presets.ts'
import { defaultDifficulty, worldDifficultySchema, type WorldDifficulty } from '../core/environments/question/sources/world.ts'
import { defaultConfig, maxSeed, policyNames, sources, type Config } from './state/config.ts'
import type { CustomModel } from '../core/policy/webllm.ts'
import { customModelSchema } from './state/custom-model.ts'
import { views, type View } from './state/ui.ts'
import { sameData } from '../core/same-data.ts'

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
  /** The run on show, or that what is on show comes from; null: none. */
  training: RunPlace | null
}

/** Where in a training run. */
export interface RunPlace {
  run: string
  /** Which of its steps, from 1; null: the run as a whole. */
  step: number | null
  /** Index of a task of the step; null: none in particular. */
  group: number | null
}

/** Tasks of a world are endless; a link needs an end. */
export const maxIndex = 9_999_999

/** Longer hashes are not read, characters: what this page writes has a few hundred. */
const maxHash = 20_000
/** Parts that are not known are named up to this many; of a value so many characters. */
const shown = { unknown: 5, value: 60 }

const wholeNumber = z.string().regex(/^-?\d{1,16}$/, 'needs a whole number').transform(Number)
const number = z
  .string()
  .regex(/^-?\d{1,9}(\.\d{1,20})?(e-\d{1,2})?$/, 'needs a number')
  .transform(Number)
const list = (length: number) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(number).length(length, `needs ${length} numbers with commas between`))

const rewardNames = ['paper', 'paper-unit', 'published-code', 'answer-only'] as const satisfies readonly RewardPreset[]

const between = (low: number, high: number) => wholeNumber.pipe(z.number().int().min(low).max(high))
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
  limits: oneOf(['paper']),
  run: name,
  run_step: between(1, 1_000_000),
  group: between(1, 1000),
}

type Names = keyof typeof readers

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

/** The values that a link gives, and where to say what is wrong with one. */
interface Given {
  get(name: string): string | null
  report(name: string, problem: string): void
}

function readDifficulty({ get, report }: Given): WorldDifficulty {
  let difficulty = defaultDifficulty
  for (const key of difficultyKeys) {
    const text = get(difficultyNames[key])
    if (text === null) continue
    const value = fit(number, text)
    const whole = value.success ? fit(worldDifficultySchema, { ...difficulty, [key]: value.data }) : value
    if (!whole.success) report(difficultyNames[key], whole.misfit.message)
    else if (value.success) difficulty = { ...difficulty, [key]: value.data }
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
const roundsReader = list(3).transform(([build = 0, resist = 0, answer = 0]) => ({ build, resist, answer }))
const settingNames = ['t_max', 'theta', 'top_k', 'exchanges', 'response_limit', 'temperature', 'min_p', 'prompt'] as const

function readSettings({ get, report }: Given): EpisodeSettings {
  let settings: EpisodeSettings = get('limits') === 'paper' ? settingsPresets.paper : settingsPresets.playground
  const take = (name: keyof EpisodeSettings, read: Fit<unknown>) => {
    const whole = read.success ? fit(offeredSettingsSchema, { ...settings, [name]: read.data }) : read
    if (whole.success) settings = whole.data
    else report(name, whole.misfit.message)
  }
  for (const name of settingNames) {
    const text = get(name)
    if (text !== null) take(name, fit(settingReaders[name], text))
  }
  const rounds = get('n_max')
  if (rounds !== null) take('n_max', fit(roundsReader, rounds))
  return settings
}

function readCareless({ get, report }: Given): Careless {
  const text = get('careless')
  if (text === null) return defaultCareless
  const pairs = text.split(',').map((pair) => pair.split(':'))
  const habits = pairs.map(([habit = '', p = '']) => [habit, fit(number, p)] as const)
  const given = habits.map(([habit, p]) => [habit, p.success ? p.data : null])
  const read = fit(carelessSchema.strict(), { ...defaultCareless, ...Object.fromEntries(given) })
  if (read.success) return read.data
  report('careless', misfitWords({ ...read.misfit, got: null }, ''))
  return defaultCareless
}

/** A model of somebody's own: its name, and both of its addresses. */
function readCustom(given: Record<keyof CustomModel, string | null>, { report }: Given): CustomModel | null {
  if (given.url === null && given.library === null) return null
  const read = fit(customModelSchema, given)
  if (read.success) return read.data
  report('model', 'a model of one’s own needs its name, model_url and model_library together')
  return null
}

const names = new Set<string>([
  ...Object.keys(readers),
  ...Object.values(difficultyNames),
  ...settingNames,
  'n_max',
  'careless',
])

const cut = (text: string) => (text.length > shown.value ? `${text.slice(0, shown.value)}…` : text)

/** What is given under the names that are known, the first of each. The others are counted, and the first few named. */
function sorted(hash: string): { values: Map<string, string>; problems: string[] } {
  const values = new Map<string, string>()
  const problems: string[] = []
  const doubled = new Set<string>()
  let unknown = 0
  for (const [name, value] of new URLSearchParams(hash)) {
    if (names.has(name)) {
      if (!values.has(name)) values.set(name, value)
      else if (!doubled.has(name)) {
        doubled.add(name)
        problems.push(`${name}=${cut(value)}: is given twice, and the first holds`)
      }
    } else if (++unknown <= shown.unknown) problems.push(`${cut(name)}=${cut(value)}: is not known here`)
  }
  if (unknown > shown.unknown) problems.push(`and ${unknown - shown.unknown} more that are not known here`)
  return { values, problems }
}

/** Reads a hash, with or without its #. Problems name the value that was left out, in words. */
export function readLink(hash: string): { link: Link; problems: string[] } {
  const tooLong = hash.length > maxHash
  const { values, problems } = sorted(tooLong ? '' : hash.replace(/^#/, ''))
  if (tooLong) {
    const [length, limit] = [hash.length, maxHash].map((n) => n.toLocaleString('en'))
    problems.push(`The link has ${length} characters, and ${limit} is the limit: nothing of it was read.`)
  }
  const given: Given = {
    get: (name) => values.get(name) ?? null,
    report: (name, problem) => { problems.push(`${name}=${cut(values.get(name) ?? '')}: ${problem}`) },
  }
  const take = <T,>(name: Names, schema: z.ZodType<T>, otherwise: T): T => {
    const text = given.get(name)
    if (text === null) return otherwise
    const read = fit(schema, text)
    if (read.success) return read.data
    given.report(name, read.misfit.message)
    return otherwise
  }
  take<string | null>('limits', readers.limits, null)
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
    difficulty: readDifficulty(given),
    settings: readSettings(given),
    careless: readCareless(given),
  }
  const step = take<number | null>('step', readers.step, null)
  const url = take<string | null>('model_url', readers.model_url, null)
  const library = take<string | null>('model_library', readers.model_library, null)
  const run = take<string | null>('run', readers.run, null)
  const group = take<number | null>('group', readers.group, null)
  const training = run === null ? null : { run, step: take<number | null>('run_step', readers.run_step, null), group: group === null ? null : group - 1 }
  return {
    link: {
      view: take('view', readers.view, 'watch'),
      config,
      custom: readCustom({ name: config.model, url, library }, given),
      episode: take<string | null>('episode', readers.episode, null),
      step: step === null ? null : step - 1,
      file: take<string | null>('file', readers.file, null),
      training,
    },
    problems,
  }
}


function writeDifficulty(difficulty: WorldDifficulty, put: (name: string, value: string | number) => void) {
  for (const key of difficultyKeys) if (difficulty[key] !== defaultDifficulty[key]) put(difficultyNames[key], difficulty[key])
}

function writeSettings(settings: EpisodeSettings, put: (name: string, value: string | number) => void) {
  const paper = sameData(settings, settingsPresets.paper)
  if (paper) put('limits', 'paper')
  if (paper) return
  const base = settingsPresets.playground
  for (const name of settingNames) if (settings[name] !== base[name]) put(name, settings[name])
  if (!sameData(settings.n_max, base.n_max)) put('n_max', [settings.n_max.build, settings.n_max.resist, settings.n_max.answer].join(','))
}

/** Writes a link as a hash, # included; what is as usual is left out. */
export function writeLink({ view, config, custom, episode, step, file, training }: Link): string {
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
  if (config.policy === 'careless' && !sameData(config.careless, defaultCareless)) {
    const changed = Object.entries(config.careless).filter(([habit, p]) => Object.entries(defaultCareless).some(([name, usual]) => name === habit && usual !== p))
    put('careless', changed.map(([habit, p]) => `${habit}:${p}`).join(','))
  }
  if (config.embedder !== null) put('embedder', config.embedder)
  if (config.reward !== defaultConfig.reward) put('reward', config.reward)
  if (episode !== null) put('episode', episode)
  if (episode !== null && step !== null) put('step', step + 1)
  if (training) put('run', training.run)
  if (training && training.step !== null) put('run_step', training.step)
  if (training && training.group !== null) put('group', training.group + 1)
  return `#${given.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`
}
