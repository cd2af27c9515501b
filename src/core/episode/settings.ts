// Presets of the environment's limits (C.4). Everything that changes what happens in an episode is here.
import type { EpisodeSettings } from './trajectory.ts'

export const settingsPresets = {
  /** Small tasks and small models: a window of 1,024 tokens. */
  playground: {
    t_max: 1024,
    n_max: { build: 16, resist: 16, answer: 6 },
    exchanges: 3,
    top_k: 3,
    theta: 0.6,
    response_limit: 256,
    temperature: 1,
    prompt: 'compact',
  },
  /** The paper's constants. */
  paper: {
    t_max: 8192,
    n_max: { build: 5, resist: 5, answer: 5 },
    exchanges: 3,
    top_k: 3,
    theta: 0.6,
    response_limit: 2048,
    temperature: 1,
    prompt: 'full',
  },
} as const satisfies Record<string, EpisodeSettings>

export type SettingsPreset = keyof typeof settingsPresets
