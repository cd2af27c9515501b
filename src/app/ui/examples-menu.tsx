// Whole configurations to start from, as a menu of sentences.
import { ChevronDown, LayoutList } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { placeOverPage } from './over.ts'

interface Example {
  name: string
  about: string
  /** What is set with it, as its sentence. */
  sentence: string
  onChoose: () => void
}

export function ExamplesMenu({ label, examples }: { label: string; examples: readonly Example[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button examples" data-look="bare" data-size="small" aria-label={label}>
        <LayoutList aria-hidden /> <span>{label}</span> <ChevronDown aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={placeOverPage()}>
        {/* It may be longer than the window: whoever scrolls by the keyboard has to reach it. */}
        <DropdownMenu.Content
          className="popover menu menu-presets"
          tabIndex={0}
          align="start"
          sideOffset={6}
          collisionPadding={12}
        >
          {examples.map(({ name, about, sentence, onChoose }) => (
            <DropdownMenu.Item key={name} className="menu-item" onSelect={onChoose}>
              <p>
                <strong>{name}.</strong> {about}
              </p>
              <span>{sentence}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
