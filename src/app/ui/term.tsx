// A technical word with its hover card: one sentence, where the paper has it, its value here.
import type { ReactNode } from 'react'
import { explain, type TermName } from '../glossary.ts'
import { t } from '../locales/index.ts'
import { Explained } from './explained.tsx'

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
  const card = (
    <>
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
    </>
  )
  return (
    <Explained card={card}>
      <span className={plain ? undefined : 'term'} tabIndex={0}>
        {children ?? entry.title}
      </span>
    </Explained>
  )
}

/** A short explanation of a control, on hover and focus. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  return <Explained card={text}>{children}</Explained>
}
