// Presets of the environment's limits (C.4), and between what they can be set. Everything that changes what happens in
// an episode is here.
import { z } from 'zod'
import { episodeSettingsSchema, type EpisodeSettings } from '../record/trajectory.ts'

const playground: EpisodeSettings = {
  t_max: 1024,
  n_max: { build: 16, resist: 16, answer: 6 },
  exchanges: 3,
  top_k: 3,
  theta: 0.6,
  response_limit: 256,
  temperature: 1,
  min_p: 0,
  prompt: 'compact',
}

export const settingsPresets = {
  /** Small tasks and small models: a window of 1,024 tokens. */
  playground,
  /**
   * What nano is trained with. Its vocabulary's long tail is left out: one such token, and the reply rambles. Of 1,376
   * replies that it sampled without this, the two that had more than 54 tokens did.
   */
  quick: { ...playground, response_limit: 96, min_p: 0.002 },
  /** A pretrained model that never learnt the protocol: the full prompt takes 600 tokens of the window. */
  pretrained: { ...playground, t_max: 2048, prompt: 'full' },
  /** The paper's constants. */
  paper: {
    t_max: 8192,
    n_max: { build: 5, resist: 5, answer: 5 },
    exchanges: 3,
    top_k: 3,
    theta: 0.6,
    response_limit: 2048,
    temperature: 1,
    min_p: 0,
    prompt: 'full',
  },
} satisfies Record<string, EpisodeSettings>

export type SettingsPreset = keyof typeof settingsPresets

/**
 * What a pretrained model plays with until somebody says otherwise: it is told the whole protocol, unless its adapter
 * learnt with the prompt in few words. nano knows that one alone: its settings are `playground` and `quick`.
 * @param learnt the prompt that its adapter was trained with; null: no adapter, or nobody knows
 */
export function usualPresetOf(learnt: EpisodeSettings['prompt'] | null): SettingsPreset {
  return learnt === 'compact' ? 'quick' : 'pretrained'
}

/** From where to where the page's settings go. Records of elsewhere may hold others. */
export const settingLimits = {
  t_max: [64, 8192],
  /** Of each stage. */
  n_max: [1, 40],
  exchanges: [1, 8],
  top_k: [1, 10],
  response_limit: [1, 2048],
  temperature: [0, 2],
} as const

const whole = ([low, high]: readonly [number, number]) => z.number().int().min(low).max(high)
const rounds = whole(settingLimits.n_max)

/** Settings within those limits. */
export const offeredSettingsSchema = episodeSettingsSchema.extend({
  t_max: whole(settingLimits.t_max),
  n_max: z.object({ build: rounds, resist: rounds, answer: rounds }),
  exchanges: whole(settingLimits.exchanges),
  top_k: whole(settingLimits.top_k),
  response_limit: whole(settingLimits.response_limit),
  temperature: z.number().min(settingLimits.temperature[0]).max(settingLimits.temperature[1]),
}) satisfies z.ZodType<EpisodeSettings>
