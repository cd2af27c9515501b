// One sentence that says why the episode ended as it did, and the way to the step where that was decided.
import { Lightbulb } from 'lucide-react'
import { useMemo } from 'react'
import { whyOf } from '../../core/evaluation/why.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { verdictOn } from '../../core/reward/recorded-verdict.ts'
import { t } from '../locales/index.ts'
import { useStores } from '../state/context.tsx'
import { whySentence, whyShort } from './why-words.ts'
import './why.css'

const whyIn = (trajectory: Trajectory) => whyOf(trajectory, verdictOn(trajectory)?.score ?? -1)

/** Of the episode on show, once it is over. */
export function WhyLine({ trajectory }: { trajectory: Trajectory }) {
  const { episode } = useStores()
  const why = useMemo(() => whyIn(trajectory), [trajectory])
  const { step } = why.reason
  // What was changed by hand is nothing that the agent did, and the sentence is about the agent.
  if (trajectory.setup.branch?.change.what === 'memory') return null
  return (
    <p className="why" data-outcome={why.outcome} aria-label={t().why.label}>
      <Lightbulb aria-hidden />
      <span>
        {whySentence(why, trajectory)}{' '}
        {step < trajectory.steps.length - 1 && (
          <button
            type="button"
            className="link"
            onClick={() => {
              episode.getState().seek(step)
            }}
          >
            {t().why.showStep(step + 1)}
          </button>
        )}
      </span>
    </p>
  )
}

/** The same in a few words, where there are many episodes; the sentence on pointing at it. */
export function WhyShort({ trajectory }: { trajectory: Trajectory }) {
  const why = useMemo(() => whyIn(trajectory), [trajectory])
  const text = whyShort(why, trajectory)
  return text === '' ? null : (
    <span className="why-short" title={whySentence(why, trajectory)}>
      {text}
    </span>
  )
}
