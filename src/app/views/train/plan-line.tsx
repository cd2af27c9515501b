// The configuration of a run in one line: which plan, how many steps, how long they take here, which tasks, which seed.
import { baseNameOf } from '../../../core/policy/model.ts'
import { Dices } from 'lucide-react'
import { presetOf } from '../../state/training.ts'
import type { RunRecord } from '../../../core/training/runs.ts'
import { shortTaskWords } from '../../sentence/plan-words.ts'
import { maxSeed } from '../../state/config.ts'
import { useTraining, useWorkspace } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import { Button } from '../../ui/button.tsx'
import { useDraft } from '../../ui/draft.ts'
import { Hint, Term } from '../../ui/term.tsx'
import type { TrainConfig } from '../../../core/training/config.ts'
import { useDuration } from './expected-duration.ts'
import { FromWebLlm } from './card-memory.tsx'
import { ModelPart } from './model-part.tsx'

/** How long the plan will take, and how one knows. */
function Duration() {
  const { words, why } = useDuration()
  return (
    <Hint text={why}>
      <span className="term plan-duration" tabIndex={0}>
        {words}
      </span>
    </Hint>
  )
}

/** The seed of the next run, where it acts. */
function PlanSeed({ plan }: { plan: TrainConfig }) {
  const { training } = useWorkspace()
  const words = t().train
  const set = (seed: number) => { training.getState().setPlan({ seed }) }
  const read = (text: string) => (/^\d{1,4}$/.test(text) ? Number(text) : null)
  const draft = useDraft(plan.seed, read, set)
  return (
    <span className="seed plan-seed">
      <label>
        <Term name="seed">{words.seed}</Term>
        <input type="text" inputMode="numeric" aria-label={words.seedOfRun} maxLength={4} size={4} {...draft} />
      </label>
      <Hint text={words.drawSeedHint}>
        <Button look="bare" shape="icon" size="small" aria-label={words.drawSeed} onClick={() => { set(Math.floor(Math.random() * (maxSeed + 1))) }}>
          <Dices aria-hidden />
        </Button>
      </Hint>
    </span>
  )
}

/** What stands in the place of a plan's name. */
export function planName(plan: TrainConfig): string {
  const preset = presetOf(plan)
  return preset === null ? t().train.ownPlan : t().train.presets[preset].name
}

export function PlanLine({ run }: { run: RunRecord | null }) {
  const planned = useTraining((state) => state.plan)
  const plan = run?.config ?? planned
  const lesson = run?.supervised?.config
  const words = t().train
  return (
    <p className="plan-line">
      <span className="plan-item">{run ? <strong className="fixed-part">{run.model}</strong> : <ModelPart />}{run && baseNameOf(run.model) !== run.model && <FromWebLlm />}</span>
      <span className="plan-item">{lesson ? t().lesson.planLine(lesson.steps, lesson.b, t().lesson.teachers[lesson.teacher.name].name) : words.named(planName(plan), words.steps(plan.steps))}</span>
      {!run && (
        <span className="plan-item">
          <Duration />
        </span>
      )}
      <span className="plan-item">{shortTaskWords(plan.tasks)}</span>
      {run ? (
        <span className="plan-item">
          {words.seed} {plan.seed}
        </span>
      ) : (
        <span className="plan-item">
          <PlanSeed plan={plan} />
        </span>
      )}
    </p>
  )
}
