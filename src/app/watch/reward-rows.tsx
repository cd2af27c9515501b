// Every component of the reward in a row: value, weight, points; a row opens how it came about, with this episode's
// own numbers.
import { Check, ChevronDown, X } from 'lucide-react'
import type { Derivation } from '../../core/reward/reward.ts'
import { decimal, signed } from '../format.ts'
import { glossary } from '../glossary.ts'
import { Hint } from '../ui/term.tsx'
import { weightOf, type ScoredEpisode } from './scored.ts'

/** The formula of each component, as the paper writes it. */
const formulas: Record<Derivation['component'], string> = {
  task: 'R_task = S(A_pred, A_q); −1 without an answer',
  compression: 'max(0, 1 − T_used / T_max)',
  preventive: '1 if something was filtered or summarised before T_max was passed, else 0',
  preservation: '1 if every key phrase of the question stands in what was kept or fetched, else 0',
  storage: 'N_good / max(1, N_stored)',
  maintenance: '1 if an entry was updated or deleted, else 0',
  relevance: 'N_relevant / max(1, N_retrieved)',
  tool_use: 'N_worked / max(1, N_calls)',
  penalty: '−1 · [rounds used up] − 0.5 · [T_used > T_max]',
}

export function DerivationItems({ items }: { items: Derivation['items'] }) {
  if (items.length === 0) return null
  return (
    <ul className="derivation-items">
      {items.map((item, index) => (
        <li key={index} data-counted={item.counted}>
          {item.counted ? <Check aria-label="counts" /> : <X aria-label="does not count" />}
          <span>{item.label}</span>
        </li>
      ))}
    </ul>
  )
}

function Derived({ derivation, scored }: { derivation: Derivation; scored: ScoredEpisode }) {
  const weight = weightOf(derivation.component, scored.weights)
  return (
    <div className="derivation">
      <p>{derivation.sentence}</p>
      <DerivationItems items={derivation.items} />
      <p className="derivation-formula">
        <span>{formulas[derivation.component]}</span>
        {derivation.equation !== null && <span className="quiet">eq. {derivation.equation}</span>}
      </p>
      {weight !== null && (
        <p className="quiet">
          weight {decimal(weight, 3)} × value {decimal(derivation.value, 3)} = {signed(derivation.contribution ?? 0, 3)} points
        </p>
      )}
    </div>
  )
}

/** Components under the term that they belong to. */
const groups: { title: string; equation: string; of: Derivation['component'][] }[] = [
  { title: 'Task', equation: 'eq. 17', of: ['task'] },
  { title: 'Context', equation: 'eq. 18', of: ['compression', 'preventive', 'preservation'] },
  { title: 'Memory', equation: 'eq. 22', of: ['storage', 'maintenance', 'relevance'] },
  { title: 'Other', equation: '', of: ['tool_use', 'penalty'] },
]

interface RewardRowsProps {
  scored: ScoredEpisode
  open: Derivation['component'] | null
  onToggle: (component: Derivation['component']) => void
}

export function RewardRows({ scored, open, onToggle }: RewardRowsProps) {
  return (
    <div className="reward-rows">
      {groups.map((group) => {
        const own = scored.derivations.filter((each) => group.of.includes(each.component))
        return (
          own.length > 0 && (
            <section key={group.title} className="reward-group" aria-label={group.title}>
              <h4>
                {group.title} <span className="quiet">{group.equation}</span>
              </h4>
              {own.map((derivation) => {
                const { component } = derivation
                const isOpen = open === component
                return (
                  <div key={component} className="reward-row" data-open={isOpen}>
                    <Hint text={glossary[component].sentence}>
                      <button type="button" aria-expanded={isOpen} onClick={() => { onToggle(component) }}>
                        <span className="swatch" style={{ background: `var(--reward-${component})` }} />
                        <span className="reward-name">{glossary[component].title}</span>
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
