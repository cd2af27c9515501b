// A thing with a card that explains it, on hover and on focus.
import { Tooltip } from 'radix-ui'
import { useState, type FocusEvent, type ReactNode } from 'react'
import { placeOverPage } from './over.ts'

/** Radix's own event, by which a card that opens closes the one that is open. */
const opensAnother = 'tooltip.open'

/**
 * A focus that brings the thing into view scrolls the page, and Radix closes a card when the page scrolls under it. So on
 * focus the card opens a frame later, when the page has come to rest.
 */
function useOpen() {
  const [open, onOpenChange] = useState(false)
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    // Radix does not open it then.
    event.preventDefault()
    const { currentTarget } = event
    // A press brings the focus too, and closes what it opened.
    if (currentTarget.matches(':active')) return
    requestAnimationFrame(() => {
      if (currentTarget !== document.activeElement) return
      document.dispatchEvent(new CustomEvent(opensAnother))
      onOpenChange(true)
    })
  }
  // Radix closes what it has seen open: the focus may leave before that.
  const onBlur = () => { onOpenChange(false) }
  return { state: { open, onOpenChange }, events: { onFocus, onBlur } }
}

interface ExplainedProps {
  /** One element that can have the focus. */
  children: ReactNode
  card: ReactNode
  className?: string
}

export function Explained({ children, card, className = '' }: ExplainedProps) {
  const { state, events } = useOpen()
  return (
    <Tooltip.Root {...state}>
      <Tooltip.Trigger asChild {...events}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal container={placeOverPage()}>
        <Tooltip.Content className={`hover-card ${className}`} sideOffset={6} collisionPadding={12}>
          {card}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
