// What a rollout did, phase by phase, in the few words that fit a column. Pure.
import type { CallRecord, Trajectory } from '../../../core/record/trajectory.ts'
import { phasesOf, type PhaseLook } from '../../ui/phases.ts'
import { measureTerm, type Measurements } from '../../../core/reward/terms.ts'
import { verdictOn } from '../../../core/reward/recorded-verdict.ts'
import { successFrom } from '../../../core/evaluation/metrics.ts'
import type { RewardComponents } from '../../../core/reward/reward.ts'
import { t } from '../../locales/index.ts'

/** One step of a strip: the calls it made, or how it did without. */
export interface Mark {
  /** Index of the step. */
  index: number
  calls: Pick<CallRecord, 'name' | 'ok'>[]
  /** It broke the protocol. */
  broken: boolean
}

interface PhaseView {
  look: PhaseLook
  marks: Mark[]
}

export interface RolloutView {
  phases: PhaseView[]
  /** What was stored while it was told, and whether it was worth it. */
  stored: Measurements['storage']['entries']
  /** What was taken out after it of the context: "2 messages filtered, 3 summarised". */
  cleared: string
  answer: string | null
  right: boolean
  /** Name of the language model whose recorded verdict counts; null: it is judged by rule. */
  judge: string | null
}

function clearedWords({ steps }: Trajectory): string {
  const removed = (type: 'stm.filter' | 'stm.summarise') =>
    steps.reduce((sum, step) => (step.phase === 'build' ? sum : sum + step.after.reduce((of, event) => (event.type === type ? of + event.removed.length : of), 0)), 0)
  const filtered = removed('stm.filter')
  const summarised = removed('stm.summarise')
  const words = t().group.columns
  if (filtered + summarised === 0) return words.nothingRemoved
  const said = [filtered > 0 ? words.filtered(filtered) : null, summarised > 0 ? words.summarised(summarised) : null]
  return said.filter((part) => part !== null).join(words.and)
}

export function viewOf(trajectory: Trajectory, components: RewardComponents): RolloutView {
  const marks = trajectory.steps.map((step, index) => ({ index, phase: step.phase, calls: step.calls.map(({ name, ok }) => ({ name, ok })), broken: step.violations.length > 0 }))
  return {
    phases: phasesOf(trajectory).map((look) => ({ look, marks: marks.filter(({ phase }) => phase === look.phase) })),
    stored: measureTerm('storage', trajectory).entries,
    cleared: clearedWords(trajectory),
    answer: trajectory.answer,
    judge: verdictOn(trajectory)?.by ?? null,
    right: components.task >= successFrom,
  }
}
