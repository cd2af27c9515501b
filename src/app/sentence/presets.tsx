// Whole configurations of an episode to start from.
import { settingsPresets } from '../../core/episode/settings.ts'
import { defaultDifficulty } from '../../core/environments/question/sources/world.ts'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { defaultConfig, type Config } from '../state/config.ts'
import { useStores } from '../state/context.tsx'
import { ExamplesMenu } from '../ui/examples-menu.tsx'
import { sentence } from './wording.ts'

interface Preset {
  name: string
  /** What there is to see. */
  about: string
  config: Config
}

const from = (patch: Partial<Config>): Config => ({ ...defaultConfig, ...patch })
const [firstScenario] = scenarios

const presets: readonly Preset[] = [
  { name: 'Good memory', about: 'What to keep, what to correct, what to throw out.', config: defaultConfig },
  { name: 'Hoarding', about: 'It answers, but look at its storage and its context.', config: from({ policy: 'store-all' }) },
  { name: 'Forgetting', about: 'Why the reset makes long-term memory necessary.', config: from({ policy: 'store-none' }) },
  { name: 'Carelessness', about: 'Like a model before training: the format breaks, too.', config: from({ policy: 'careless', seed: 12 }) },
  { name: 'A window too small', about: 'The context overflows, and that costs.', config: from({ policy: 'store-all', settings: { ...settingsPresets.playground, t_max: 192 } }) },
  { name: 'Many distractors', about: 'Ten messages that mislead.', config: from({ difficulty: { ...defaultDifficulty, facts: 6, distractors: 10, distractor_closeness: 1 } }) },
  ...(firstScenario ? [{ name: 'A case study', about: 'Written after the paper’s own.', config: from({ source: 'scenario', scenario: firstScenario.id }) }] : []),
  { name: 'The paper’s limits', about: 'A window of 8,192 tokens, five rounds a stage, the full prompt.', config: from({ settings: settingsPresets.paper }) },
]

export function Presets() {
  const { config, actions } = useStores()
  const examples = presets.map((preset) => ({
    name: preset.name,
    about: preset.about,
    sentence: sentence(preset.config, null),
    onChoose: () => {
      config.getState().set(preset.config)
      void actions.run()
    },
  }))
  return <ExamplesMenu label="Examples" examples={examples} />
}
