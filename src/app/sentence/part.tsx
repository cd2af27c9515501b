// A part of the sentence: words that open their control.
import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import { t } from '../locales/index.ts'

interface PartProps {
  /** What the control is for, for people who cannot see the sentence around it. */
  label: string
  words: ReactNode
  children: ReactNode
}

/** Focus goes to the first control: that of a term before it would open its explanation over what one wants to see. */
function focusControl(event: Event): void {
  const { currentTarget: content } = event
  if (!(content instanceof HTMLElement)) return
  const [first, control] = [content.querySelector('button, input, [tabindex="0"]'), content.querySelector<HTMLElement>('button, input, [role="slider"]')]
  if (!control || control === first) return
  event.preventDefault()
  control.focus({ preventScroll: true })
}

export function Part({ label, words, children }: PartProps) {
  return (
    <Popover.Root>
      <Popover.Trigger className="part" aria-label={t().sentence.part(label, typeof words === 'string' ? words : '')}>
        {words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" align="start" sideOffset={6} collisionPadding={12} aria-label={label} onOpenAutoFocus={focusControl}>
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
