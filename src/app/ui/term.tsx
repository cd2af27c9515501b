// A technical word with its hover card: one sentence, where the paper has it, its value here.
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { explain, type TermName } from '../glossary.ts'
import { t } from '../locales/index.ts'
import { placeOverPage } from './over.ts'

interface TermProps {
  /** null: nothing explains it, and it is its children alone. */
  name: TermName | null
  /** What it amounts to at this moment. */
  value?: ReactNode
  children?: ReactNode
  /** Without the dotted line, where the word is plainly a label. */
  plain?: boolean
}

export function Term({ name, value, children, plain = false }: TermProps) {
  if (!name) return children
  const entry = explain(name)
  const words = t().glossary
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <span className={plain ? undefined : 'term'} tabIndex={0}>
          {children ?? entry.title}
        </span>
      </Tooltip.Trigger>
      <Tooltip.Portal container={placeOverPage()}>
        <Tooltip.Content className="hover-card" sideOffset={6} collisionPadding={12}>
          <strong>{entry.title}</strong>
          <p>{entry.sentence}</p>
          {(entry.where !== null || value !== undefined) && (
            <dl>
              {value !== undefined && (
                <>
                  <dt>{words.here}</dt>
                  <dd>{value}</dd>
                </>
              )}
              {entry.where !== null && (
                <>
                  <dt>{words.paper}</dt>
                  <dd>{entry.where}</dd>
                </>
              )}
            </dl>
          )}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

/** A short explanation of a control, on hover and focus. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={placeOverPage()}>
        <Tooltip.Content className="hover-card" sideOffset={6} collisionPadding={12}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
