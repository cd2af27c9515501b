// Long text, cut after some lines, with a way to see all of it.
import { useState } from 'react'
import { t } from '../locales/index.ts'

/** Characters a line at most, roughly: only decides whether the button is there. */
const lineLength = 78

interface ClampProps {
  text: string
  lines: number
  className?: string
}

export function Clamp({ text, lines, className }: ClampProps) {
  const [open, setOpen] = useState(false)
  const long = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0) > lines
  if (!long) return <span className={className}>{text}</span>
  return (
    <>
      <span className={className} data-clamped={!open} style={{ '--lines': lines }}>
        {text}
      </span>
      <button type="button" className="link clamp-more" aria-expanded={open} onClick={() => { setOpen(!open) }}>
        {open ? t().episode.conversation.showLess : t().episode.conversation.showAll}
      </button>
    </>
  )
}
