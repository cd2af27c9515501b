// What else the policy was asked in a step, beside its reply: what for, what it said, and, folded, all that it was asked with.
import { MessagesSquare } from 'lucide-react'
import type { Aside } from '../../core/record/trajectory.ts'
import { t } from '../locales/index.ts'
import { Clamp } from '../ui/clamp.tsx'
import { Term } from '../ui/term.tsx'
import './aside-card.css'

/** What it was asked for; a purpose without words of its own is called as the record calls it. */
export function purposeWords(purpose: string): string {
  const words: Readonly<Record<string, string>> = t().episode.asides.purposes
  return words[purpose] ?? purpose
}

/** @param byRules who answered: rules, in the place of the policy */
export function AsideCard({ aside: { purpose, prompt, generation, unread }, byRules }: { aside: Aside; byRules: boolean }) {
  const words = t().episode.asides
  const what = purposeWords(purpose)
  return (
    <div className="aside-card" role="group" aria-label={words.region(what)}>
      <p className="aside-head">
        <MessagesSquare aria-hidden />
        <Term name="aside" plain>
          {what}
        </Term>
        <span className="aside-who quiet">{byRules ? words.byRules : words.byPolicy}</span>
      </p>
      <p className="wrote">
        <span className="unseen">{words.said}</span>
        {generation.text.trim() === '' ? <span className="quiet">{words.nothing}</span> : <Clamp text={generation.text.trim()} lines={6} />}
      </p>
      {unread !== undefined && <p className="aside-unread">{words.unread(unread)}</p>}
      <details>
        <summary>{words.prompt}</summary>
        <ol>
          {prompt.map(({ role, content }, i) => (
            <li key={i}>
              <span className="label">{words.roles[role]}</span> <span className="wrote">{content}</span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  )
}
