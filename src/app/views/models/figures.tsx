// What a model needs, in the same words for every kind: download, memory, time, licence.
import type { ReactNode } from 'react'
import { t } from '../../locales/index.ts'
import { Term } from '../../ui/term.tsx'

interface FiguresProps {
  download: string
  playing: string
  learning: string
  step: { text: string; about: string } | null
  licence: { name: string; url: string } | null
}

function Figure({ name, children, about }: { name: ReactNode; children: ReactNode; about?: string }) {
  return (
    <div title={about}>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  )
}

export function Figures({ download, playing, learning, step, licence }: FiguresProps) {
  const { row: words } = t().models
  return (
    <dl className="model-figures">
      <Figure name={words.download}>{download}</Figure>
      <Figure name={<Term name="vram">{words.playing}</Term>}>{playing}</Figure>
      <Figure name={words.learning}>{learning}</Figure>
      <Figure name={words.step} {...(step ? { about: step.about } : {})}>
        {step?.text ?? '–'}
      </Figure>
      <Figure name={words.licence}>
        {licence ? (
          <a className="link" href={licence.url} target="_blank" rel="noreferrer">
            {licence.name}
          </a>
        ) : (
          <span className="quiet">{words.licenceUnknown}</span>
        )}
      </Figure>
    </dl>
  )
}

/** What the model can do here. */
export function Abilities({ plays = true, learns }: { plays?: boolean; learns: boolean }) {
  const words = t().models
  return (
    <span className="model-abilities">
      {plays && <span className="model-mark">{words.plays}</span>}
      {learns && <span className="model-mark" data-hue="add">{words.learns}</span>}
    </span>
  )
}
