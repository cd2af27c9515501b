// Every component of the reward in a row: value, weight, points; a row opens how it came about, with this episode's
// own numbers.
import { Check, ChevronDown, X } from 'lucide-react'
import { weightOf } from '../../core/reward/composite.ts'
import { namesOf } from '../../core/table.ts'
import { termGroups } from '../../core/reward/term.ts'
import { termsIn } from '../../core/reward/terms.ts'
import { decimal, signed } from '../format.ts'
import { explain } from '../glossary.ts'
import { t } from '../locales/index.ts'
import { rewardColor, wordsOf } from '../reward/catalogue.ts'
import type { Component, Derivation } from '../reward/derivation.ts'
import { Hint } from '../ui/term.tsx'
import type { ScoredEpisode } from './scored.ts'

export function DerivationItems({ items }: { items: Derivation['items'] }) {
  if (items.length === 0) return null
  const words = t().episode.reward
  return (
    <ul className="derivation-items">
      {items.map((item, index) => (
        <li key={index} data-counted={item.counted}>
          {item.counted ? <Check aria-label={words.counts} /> : <X aria-label={words.doesNotCount} />}
          <span>{item.label}</span>
        </li>
      ))}
    </ul>
  )
}

function Derived({ derivation, scored }: { derivation: Derivation; scored: ScoredEpisode }) {
  const { component } = derivation
  const weight = component === 'penalty' ? null : weightOf(component, scored.weights)
  return (
    <div className="derivation">
      <p>{derivation.sentence}</p>
      <DerivationItems items={derivation.items} />
      <p className="derivation-formula">
        <span>{component === 'penalty' ? t().reward.penalty.formula : wordsOf(component).formula}</span>
        {derivation.equation !== null && <span className="quiet">{t().glossary.place(`eq. ${derivation.equation}`)}</span>}
      </p>
      {weight !== null && (
        <p className="quiet">
          {t().episode.reward.product(decimal(weight, 3), decimal(derivation.value, 3), signed(derivation.contribution ?? 0, 3))}
        </p>
      )}
    </div>
  )
}

/** Components under the term of eq. 16 that they belong to. */
const groups: { title: 'task' | 'context' | 'memory' | 'other'; equation: number | null; of: readonly Component[] }[] = [
  { title: 'task', equation: 17, of: ['task'] },
  ...namesOf(termGroups).map((title) => ({ title, equation: termGroups[title].equation, of: termsIn(title) })),
  { title: 'other', equation: null, of: [...termsIn(null).filter((name) => name !== 'task'), 'penalty'] },
]

interface RewardRowsProps {
  scored: ScoredEpisode
  open: Component | null
  onToggle: (component: Component) => void
}

export function RewardRows({ scored, open, onToggle }: RewardRowsProps) {
  const words = t().episode.reward
  return (
    <div className="reward-rows">
      {groups.map((group) => {
        const own = scored.derivations.filter((each) => group.of.includes(each.component))
        return (
          own.length > 0 && (
            <section key={group.title} className="reward-group" aria-label={words.groups[group.title]}>
              <h4>
                {words.groups[group.title]}{' '}
                <span className="quiet">{group.equation !== null && t().glossary.place(`eq. ${group.equation}`)}</span>
              </h4>
              {own.map((derivation) => {
                const { component } = derivation
                const isOpen = open === component
                return (
                  <div key={component} className="reward-row" data-open={isOpen}>
                    <Hint text={explain(component).sentence}>
                      <button type="button" aria-expanded={isOpen} onClick={() => { onToggle(component) }}>
                        <span className="swatch" style={{ background: rewardColor(component) }} />
                        <span className="reward-name">{explain(component).title}</span>
                        <span className="reward-value number">{component === 'penalty' ? '' : decimal(derivation.value)}</span>
                        <span className="reward-points number">{signed(derivation.contribution ?? 0)}</span>
                        <ChevronDown aria-hidden />
                      </button>
                    </Hint>
                    {isOpen && <Derived derivation={derivation} scored={scored} />}
                  </div>
                )
              })}
            </section>
          )
        )
      })}
    </div>
  )
}
