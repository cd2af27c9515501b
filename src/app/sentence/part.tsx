// A part of the sentence: words that open their control.
import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'

interface PartProps {
  /** What the control is for, for people who cannot see the sentence around it. */
  label: string
  words: ReactNode
  children: ReactNode
}

export function Part({ label, words, children }: PartProps) {
  return (
    <Popover.Root>
      <Popover.Trigger className="part" aria-label={`${label}: ${typeof words === 'string' ? words : ''}`}>
        {words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" align="start" sideOffset={6} collisionPadding={12} aria-label={label}>
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
