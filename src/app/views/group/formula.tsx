// How an advantage comes about, with the group's own numbers filled in.
import type { AdvantageOptions } from '../../../core/training/advantages.ts'
import type { RescoredGroup } from '../../../core/training/rescore.ts'
import { signed } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { Term } from '../../ui/term.tsx'
import { filledFormula, tellingTerms, three } from './formula-words.ts'

interface FormulaProps {
  group: RescoredGroup
  /** Index of the rollout. */
  rollout: number
  advantage: AdvantageOptions
}

function Symbols({ form }: { form: AdvantageOptions['form'] }) {
  const mean = (
    <Term name="groupMean" plain>
      μ
    </Term>
  )
  const std = (
    <Term name="groupStd" plain>
      σ
    </Term>
  )
  const sumStd = (
    <Term name="sumStd" plain>
      σ
    </Term>
  )
  const epsilon = (
    <Term name="epsilon" plain>
      ε
    </Term>
  )
  switch (form) {
    case 'sample':
    case 'population':
      return (
        <>
          (r − {mean}) / ({std} + {epsilon})
        </>
      )
    case 'none':
      return <>r − {mean}</>
    case 'leave-one-out':
      return <>r − {t().group.formula.others}</>
    case 'decoupled':
      return (
        <>
          (Σ w ·{' '}
          <Term name="termScore" plain>
            z
          </Term>
          ) / ({sumStd} + {epsilon})
        </>
      )
  }
}

export function Formula({ group, rollout, advantage }: FormulaProps) {
  const value = group.advantages[rollout] ?? 0
  const words = t().group.formula
  /** The terms of eq. 16, as the reward bars name them. */
  const termWords: Readonly<Record<string, string>> = words.terms
  return (
    <div className="formula">
      <p className="formula-line">
        <Term name="advantage" plain>
          A
        </Term>{' '}
        = <Symbols form={advantage.form} />
        <span className="formula-filled">
          {group.zero_variance ? (
            <> {words.alike}</>
          ) : (
            <>
              {' '}
              = {filledFormula(group, rollout, advantage)} = <strong>{signed(value, 3)}</strong>
            </>
          )}
        </span>
        <span className="quiet"> {words.rollout(rollout + 1)}</span>
      </p>
      <p className="formula-figures">
        {advantage.form === 'decoupled' ? (
          tellingTerms(group).map(({ name, scores }) => (
            <span key={name}>
              <Term name="termScore" plain>
                z
              </Term>{' '}
              {termWords[name] ?? name} <strong>{signed(scores[rollout] ?? 0, 3)}</strong>
            </span>
          ))
        ) : (
          <>
            <span>
              <Term name="groupMean" plain>
                μ
              </Term>{' '}
              <strong>{three(group.mean)}</strong>
            </span>
            <span>
              <Term name="groupStd" plain>
                σ
              </Term>{' '}
              <strong>{three(group.std)}</strong>
            </span>
          </>
        )}
        <span className="quiet">{words.rollouts(group.rewards.length, advantage.form === 'decoupled' ? 'GDPO' : t().glossary.place('eq. 5'))}</span>
      </p>
    </div>
  )
}
