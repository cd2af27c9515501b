// The configuration in words: the pieces of the sentence. Pure.
import { settingsPresets } from '../../core/episode/settings.ts'
import type { RewardPreset } from '../../core/reward/presets.ts'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { decimal, integer } from '../format.ts'
import type { Config, PolicyName } from '../state/config.ts'
import type { LoadedFile } from '../state/files.ts'
import { difficultyWords } from './difficulty.ts'
import { sameData } from '../../core/same-data.ts'

export const rewardWords: Record<RewardPreset, { name: string; short: string; about: string }> = {
  paper: { name: 'as in the paper', short: 'task, context and memory 1/3 each', about: 'Task, context and memory count 1/3 each (C.4).' },
  'paper-unit': { name: 'with unit weights', short: 'task, context and memory 1 each', about: 'The weights of §4.1 of the paper: 1.0 each.' },
  'published-code': { name: 'as in the published code', short: 'task 0.5, tool use 0.2, context and memory 0.15', about: 'Task 0.5, tool use 0.2, context 0.15, memory 0.15, clipped to −1…1; a failed update counts too.' },
  'answer-only': { name: 'for the answer only', short: 'the answer alone', about: 'Only the answer counts: the baseline of Tables 4 and 5.' },
}

export const policyWords: Record<PolicyName, string> = {
  nano: 'A small language model that came with the page, with the habits of an untrained agent: it forgets half of what it hears. Training changes that.',
  own: 'A Llama or Qwen model in Hugging Face form, from a folder or an address.',
  webllm: 'A large language model on your graphics card, through WebLLM. Choose and download one under Models.',
  oracle: 'Knows which facts matter: stores exactly those, corrects them, filters distractors.',
  'store-all': 'Stores every message as it comes. Never corrects, never filters.',
  'store-none': 'Stores nothing, so the reset leaves it with nothing.',
  careless: 'Does the right thing now and then; you set how often.',
}

const titled = (title: string | undefined) => (title === undefined ? 'a scenario' : `“${title}”`)

/** Where the task comes from: "task 3 of a made-up world" */
export function sourceWords(config: Config, file: LoadedFile | null): string {
  switch (config.source) {
    case 'world':
      return 'a made-up world'
    case 'scenario':
      return titled(scenarios.find((each) => each.id === config.scenario)?.title)
    case 'file':
      return file ? file.name : 'a file (none is loaded)'
    case 'again':
      return 'this task again'
  }
}

/** Which task: "task 1", "task 3 of 50"; null where there is no choice. */
export function indexWords(config: Config, file: LoadedFile | null): string | null {
  switch (config.source) {
    case 'world':
      return `task ${integer(config.index + 1)}`
    case 'file':
      return file ? `task ${integer(config.index + 1)} of ${integer(file.tasks.length)}` : null
    case 'scenario':
    case 'again':
      return null
  }
}

/** The limits in words; the presets by name. @param takes tokens that the policy takes at once, where that is known */
export function settingsWords({ settings }: Pick<Config, 'settings'>, takes: number | null = null): string {
  const { t_max, theta } = settings
  const same = (preset: keyof typeof settingsPresets) => sameData(settingsPresets[preset], settings)
  const beyond = takes !== null && t_max > takes ? ` (the model takes ${integer(takes)})` : ''
  const window = `a window of ${integer(t_max)} tokens${beyond}`
  if (same('paper')) return `${window}, the paper’s limits`
  return same('playground') || theta === settingsPresets.playground.theta ? window : `${window}, θ ${decimal(theta)}`
}

/** The sentence whole, as the menu writes it; the usual window and the paper's reward go without saying. */
export function sentence(config: Config, file: LoadedFile | null): string {
  const index = indexWords(config, file)
  const difficulty = config.source === 'world' ? ` (${difficultyWords(config.difficulty)})` : ''
  const reward = config.reward === 'paper' ? '' : `, rewarded ${rewardWords[config.reward].name}`
  const window = config.settings === settingsPresets.playground ? '' : ` in ${settingsWords(config)}`
  return `${config.policy} plays ${index === null ? '' : `${index} of `}${sourceWords(config, file)}${difficulty}${window}${reward}.`
}

/** What a model takes at once, beside T_max. @param known once it is loaded; @param expected before that */
export function windowWords(tMax: number, known: number | null, expected: number | null): string {
  const window = known ?? expected
  if (window === null || window <= 0) return 'How many tokens the model takes at once is known once it is loaded.'
  const takes = known === null ? `The model is loaded with a window of ${integer(window)} tokens if the card’s memory suffices` : `The model was loaded with a window of ${integer(window)} tokens`
  return tMax > window ? `${takes}: a longer prompt ends the episode, so choose a smaller T_max.` : `${takes}.`
}
