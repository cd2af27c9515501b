// How an advantage comes about, with the group's own numbers filled in.
import type { AdvantageOptions } from '../../core/grpo/advantages.ts'
import type { RescoredGroup } from '../../core/grpo/rescore.ts'
import { decimal, signed } from '../format.ts'
import { Term } from '../ui/term.tsx'
import { small } from '../train/plan-words.ts'

interface FormulaProps {
  group: RescoredGroup
  /** Index of the rollout. */
  rollout: number
  advantage: AdvantageOptions
}

/** The terms of eq. 16, as the reward bars name them. */
const termWords: Readonly<Record<string, string>> = { task: 'task', context: 'context', memory: 'memory', tool_use: 'tool use', penalty: 'penalty' }

const three = (value: number) => decimal(value, 3)
const minus = (value: number) => (value < 0 ? `(${three(value)})` : three(value))

/** The mean of all rewards but one. */
function othersMean({ rewards, mean }: RescoredGroup, reward: number): number {
  const k = rewards.length
  return k < 2 ? 0 : (mean * k - reward) / (k - 1)
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
      return <>r − mean of the others</>
    case 'decoupled':
      return (
        <>
          Σ w ·{' '}
          <Term name="termScore" plain>
            z
          </Term>{' '}
          / ({std} + {epsilon})
        </>
      )
  }
}

function filled(group: RescoredGroup, rollout: number, { form, epsilon }: AdvantageOptions): string {
  const reward = group.rewards[rollout]?.total ?? 0
  switch (form) {
    case 'sample':
    case 'population':
      return `(${three(reward)} − ${minus(group.mean)}) / (${three(group.std)} + ${small(epsilon)})`
    case 'none':
      return `${three(reward)} − ${minus(group.mean)}`
    case 'leave-one-out':
      return `${three(reward)} − ${minus(othersMean(group, reward))}`
    case 'decoupled': {
      const { terms, std } = group.decoupled ?? { terms: [], std: 0 }
      const sum = terms.map(({ weight, scores }) => `${decimal(weight)} · ${minus(scores[rollout] ?? 0)}`).join(' + ')
      return `(${sum}) / (${three(std)} + ${small(epsilon)})`
    }
  }
}

export function Formula({ group, rollout, advantage }: FormulaProps) {
  const value = group.advantages[rollout] ?? 0
  return (
    <div className="formula">
      <p className="formula-line">
        <Term name="advantage" plain>
          A
        </Term>{' '}
        = <Symbols form={advantage.form} />
        <span className="formula-filled">
          {group.zero_variance ? (
            <> = 0, for all rewards are the same</>
          ) : (
            <>
              {' '}
              = {filled(group, rollout, advantage)} = <strong>{signed(value, 3)}</strong>
            </>
          )}
        </span>
        <span className="quiet"> rollout {rollout + 1}</span>
      </p>
      <p className="formula-figures">
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
        {group.decoupled?.terms.map(({ name, scores }) => (
          <span key={name}>
            <Term name="termScore" plain>
              z
            </Term>{' '}
            {termWords[name] ?? name} <strong>{signed(scores[rollout] ?? 0, 2)}</strong>
          </span>
        ))}
        <span className="quiet">{group.rewards.length} rollouts, eq. 5</span>
      </p>
    </div>
  )
}
