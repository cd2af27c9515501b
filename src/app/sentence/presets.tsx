// Whole configurations to start from, as a menu of sentences.
import { ChevronDown } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { settingsPresets } from '../../core/episode/settings.ts'
import { defaultDifficulty } from '../../core/tasks/world.ts'
import { scenarios } from '../../core/tasks/scenarios.ts'
import { defaultConfig, type Config } from '../stores/config.ts'
import { useStores } from '../stores/context.tsx'
import { sentence } from './wording.ts'

interface Preset {
  name: string
  config: Config
}

const from = (patch: Partial<Config>): Config => ({ ...defaultConfig, ...patch })
const [firstScenario] = scenarios

export const presets: readonly Preset[] = [
  { name: 'Good memory', config: defaultConfig },
  { name: 'Hoarding', config: from({ policy: 'store-all' }) },
  { name: 'Forgetting', config: from({ policy: 'store-none' }) },
  { name: 'An untrained habit', config: from({ policy: 'careless', seed: 12 }) },
  { name: 'A window too small', config: from({ policy: 'store-all', settings: { ...settingsPresets.playground, t_max: 128 } }) },
  { name: 'Many distractors', config: from({ difficulty: { ...defaultDifficulty, facts: 6, distractors: 10, distractor_closeness: 1 } }) },
  ...(firstScenario ? [{ name: 'A case study', config: from({ source: 'scenario', scenario: firstScenario.id }) }] : []),
  { name: 'The paper’s limits', config: from({ settings: settingsPresets.paper }) },
]

export function Presets() {
  const { config, actions } = useStores()
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button examples" data-look="bare" data-size="small" aria-label="Examples">
        <span>Examples</span> <ChevronDown aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="popover menu" align="start" sideOffset={6} collisionPadding={12}>
          {presets.map((preset) => (
            <DropdownMenu.Item
              key={preset.name}
              className="menu-item"
              onSelect={() => {
                config.getState().set(preset.config)
                void actions.run()
              }}
            >
              <strong>{preset.name}</strong>
              <span>{sentence(preset.config, null)}.</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
