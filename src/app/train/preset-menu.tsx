// Whole plans to start from, as a menu of sentences.
import { ChevronDown, LayoutList } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { trainPresetNames, trainPresets } from '../../core/training/config.ts'
import { useWorkspace, useTraining } from '../stores/context.tsx'
import { planSentence, presetWords } from './plan-words.ts'

export function PresetMenu() {
  const { training } = useWorkspace()
  const model = useTraining((state) => state.source.name)
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button examples" data-look="bare" data-size="small" aria-label="Presets">
        <LayoutList aria-hidden /> <span>Presets</span> <ChevronDown aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="popover menu menu-presets" align="start" sideOffset={6} collisionPadding={12}>
          {trainPresetNames.map((name) => (
            <DropdownMenu.Item key={name} className="menu-item" onSelect={() => { training.getState().usePreset(name) }}>
              <p>
                <strong>{presetWords[name].name}.</strong> {presetWords[name].about}
              </p>
              <span>{planSentence(trainPresets[name], model)}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
