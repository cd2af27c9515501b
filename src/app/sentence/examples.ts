// Whole configurations of an episode to start from; their words are in the catalogue. Each ends for the reason that its
// words name (examples.test.ts, workers/tour.test.ts), and fits into the window of what plays it.
import { settingsPresets } from '../../core/episode/settings.ts'
import { defaultDifficulty } from '../../core/environments/question/sources/world.ts'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { defaultConfig, type Config } from '../state/config.ts'
import { tourConfig } from '../state/tour-task.ts'

const from = (patch: Partial<Config>): Config => ({ ...defaultConfig, ...patch })

export const examples = {
  oracle: from({ policy: 'oracle' }),
  trained: tourConfig('after'),
  untrained: tourConfig('before'),
  hoarding: from({ policy: 'store-all', seed: 17, difficulty: { ...defaultDifficulty, facts: 4, distractors: 4 } }),
  forgetting: from({ policy: 'store-none' }),
  careless: from({ policy: 'careless', seed: 12 }),
  overflow: from({ policy: 'store-all', settings: { ...settingsPresets.playground, t_max: 192 } }),
  distractors: from({
    policy: 'oracle',
    difficulty: { ...defaultDifficulty, facts: 4, distractors: 8, distractor_closeness: 1 },
  }),
  scenario: from({ policy: 'oracle', source: 'scenario', scenario: scenarios[0]?.id ?? '' }),
  paper: from({ policy: 'oracle', settings: settingsPresets.paper }),
} satisfies Record<string, Config>
export type ExampleName = keyof typeof examples
