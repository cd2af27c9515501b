// The configuration in words: the pieces of the sentence, in the language that is spoken.
import { settingsPresets } from '../../core/episode/settings.ts'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { agentWords } from '../ui/agents.ts'
import type { ScenarioText } from '../locales/en/sentence.ts'
import type { Config } from '../state/config.ts'
import type { LoadedFile } from '../state/files.ts'
import { difficultyWords } from './difficulty.ts'
import { sameData } from '../../core/same-data.ts'

/** A scenario's title and what there is to see in it; null: there is no such scenario. */
export function scenarioText(id: string): ScenarioText | null {
  const found = scenarios.find((each) => each.id === id)
  return found ? (t().sentence.source.scenarioTexts[id] ?? { title: found.title, about: found.about }) : null
}

/** Who plays, by the name of the policy: the adapter that came with the page makes another one of nano. */
export function policyWords({ policy, adapter }: Pick<Config, 'policy' | 'adapter'>): string {
  return policy === 'nano' && adapter === trainedAdapterKey ? t().sentence.policy.trained : policy
}

/** Where the task comes from: "a made-up world" */
export function sourceWords(config: Config, file: LoadedFile | null): string {
  const words = t().sentence.source
  switch (config.source) {
    case 'world':
      return words.world
    case 'scenario': {
      const text = scenarioText(config.scenario)
      return text ? words.titled(text.title) : words.scenario
    }
    case 'own':
      return t().play.own.inSentence
    case 'file':
      return file ? file.name : words.noFile
    case 'again':
      return words.again
  }
}

/** Which task: "task 1", "task 3 of 50"; null where there is no choice. */
export function indexWords(config: Config, file: LoadedFile | null): string | null {
  const words = t().sentence.index
  switch (config.source) {
    case 'world':
      return words.of(config.index + 1, null)
    case 'file':
      return file ? words.of(config.index + 1, file.tasks.length) : null
    case 'scenario':
    case 'own':
    case 'again':
      return null
  }
}

/** The limits in words; the presets by name. @param takes tokens that the policy takes at once, where that is known */
export function settingsWords({ settings }: Pick<Config, 'settings'>, takes: number | null = null): string {
  const words = t().sentence.settings
  const { t_max, theta } = settings
  const same = (preset: keyof typeof settingsPresets) => sameData(settingsPresets[preset], settings)
  const window = words.window(t_max, takes !== null && t_max > takes ? takes : null)
  if (same('paper')) return words.paperLimits(window)
  const usual = same('playground') || theta === settingsPresets.playground.theta
  return usual ? window : words.withTheta(window, decimal(theta))
}

/** The sentence whole, as the menu writes it; the usual window and the paper's reward go without saying. */
export function sentence(config: Config, file: LoadedFile | null): string {
  return t().sentence.short({
    policy: policyWords(config),
    agent: config.agent === 'agemem' ? null : agentWords(config.agent),
    index: indexWords(config, file),
    source: sourceWords(config, file),
    difficulty: config.source === 'world' ? difficultyWords(config.difficulty) : null,
    window: config.settings === settingsPresets.playground ? null : settingsWords(config),
    reward: config.reward === 'paper' ? null : t().reward.presets[config.reward].name,
  })
}

/** What a model takes at once, beside T_max. @param known once it is loaded; @param expected before that */
export function windowWords(tMax: number, known: number | null, expected: number | null): string {
  const words = t().sentence.settings
  const window = known ?? expected
  if (window === null || window <= 0) return words.windowUnknown
  return words.windowNote(window, known !== null, tMax > window)
}
