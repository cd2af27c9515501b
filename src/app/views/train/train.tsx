// The Train view: the plan in one line, the runs at the left, the large numbers and the charts of the run on show.
import { ChevronDown, Info } from 'lucide-react'
import { useEffect, useId, useMemo, useState } from 'react'
import type { RunRecord } from '../../../core/training/runs.ts'
import { shippedRunKey } from '../../../core/training/shipped-run.ts'
import { t } from '../../locales/index.ts'
import { useWorkspace, useRuns, useTraining } from '../../state/context.tsx'
import { keepsRollouts, ownRuns, runOf, shippedRun } from '../../state/runs.ts'
import { loadWords } from '../../ui/live-reply.tsx'
import { Button } from '../../ui/button.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { AllSettings } from './all-settings.tsx'
import type { Measured } from './chart-rows.ts'
import { Charts } from './charts.tsx'
import { Figures } from './figures.tsx'
import { paceOf } from './pace.ts'
import { PlanLine } from './plan-line.tsx'
import { Planning } from './planning.tsx'
import { PresetMenu } from './preset-menu.tsx'
import { Progress } from './progress.tsx'
import { RunsList } from '../../runs/runs-list.tsx'
import { ShippedNote } from '../../runs/shipped-note.tsx'
import { Hint } from '../../ui/term.tsx'
import { LessonOnShow } from './lesson.tsx'
import { LiveRollout } from './live-rollout.tsx'
import { learnedOf } from './learned.ts'
import type { Over } from './over-runs.tsx'
import { useRecorded } from './recorded.ts'
import { nearest } from './series.ts'
import { TrainButtons } from './train-buttons.tsx'
import { Warnings } from './warnings.tsx'

function TrainSentence({ run }: { run: RunRecord | null }) {
  const { training } = useWorkspace()
  const plan = useTraining((state) => state.plan)
  const source = useTraining((state) => state.source)
  const [open, setOpen] = useState(false)
  const id = useId()
  const words = t().train
  return (
    <section className="sentence train-sentence" aria-label={words.planOfRun}>
      {run ? <span className="train-sentence-name">{run.name}</span> : <PresetMenu />}
      <PlanLine run={run} />
      {!run?.supervised && (
        <Button size="small" look="bare" aria-expanded={open} aria-controls={id} onClick={() => { setOpen(!open) }}>
          {words.allSettings} <ChevronDown aria-hidden className="disclosure" />
        </Button>
      )}
      <TrainButtons run={run} />
      {open && !run?.supervised && <AllSettings id={id} plan={run?.config ?? plan} model={run ? undefined : source.name} set={run ? null : training.getState().setPlan} />}
    </section>
  )
}

/** What tells the runs apart that are drawn over: as many as there are colours. */
const overColors = ['var(--run-1)', 'var(--run-2)', 'var(--run-3)', 'var(--run-4)'] as const

/** What was read of the runs that are drawn over. */
function useOver(): (Over & { measured: Measured })[] {
  const over = useRuns((state) => state.over)
  const runs = useRuns((state) => state.runs)
  const data = useRuns((state) => state.data)
  return useMemo(
    () =>
      over.flatMap((key, i) => {
        const run = runOf({ runs }, key)
        const read = data[key]
        return run && read?.state === 'ready' ? [{ run, color: overColors[i % overColors.length] ?? 'var(--chart-quiet)', measured: read }] : []
      }),
    [over, runs, data],
  )
}

/** What the run has taught so far, in a sentence. */
function SoFar({ run, recorded }: { run: Measured; recorded: readonly Measured[] }) {
  const learned = useMemo(() => learnedOf(run, recorded), [run, recorded])
  const words = t().train.learned
  return (
    <p className="learned" aria-label={words.label}>
      {words.sentence(learned)}{' '}
      <Hint text={words.hint}>
        <button type="button" className="link" aria-label={words.hint}>
          <Info aria-hidden size={14} />
        </button>
      </Hint>
    </p>
  )
}

/** Somebody watches one run while another is being trained. */
function Elsewhere({ shown }: { shown: string | null }) {
  const { runs } = useWorkspace()
  const live = useTraining((state) => state.live)
  const name = useRuns((state) => runOf(state, live?.run ?? null)?.name)
  if (!live || live.run === shown) return null
  return (
    <p className="train-warning" data-hue="none">
      <span>
        {t().train.elsewhere(name ?? null, live.step)}
      </span>
      <Button size="small" onClick={() => void runs.getState().show(live.run)}>
        {t().train.show}
      </Button>
    </p>
  )
}

function RunOnShow({ run }: { run: RunRecord }) {
  const { runs, openRollouts } = useWorkspace()
  const data = useRuns((state) => state.data[run.key])
  const live = useTraining((state) => (state.live?.run === run.key ? state.live : null))
  const over = useOver()
  const recorded = useRecorded(run)
  const measured = data?.state === 'ready' ? data : null
  const pace = useMemo(() => paceOf(run.config, measured?.steps ?? [], measured?.evaluations ?? []), [run.config, measured])
  if (data?.state === 'failed') {
    return (
      <ReadFailure onRetry={() => void runs.getState().show(run.key)}>
        {t().train.stepsUnread(data.message)}
      </ReadFailure>
    )
  }
  if (!measured) return <p className="quiet train-reading">{t().train.readingSteps}</p>
  const { steps, evaluations } = measured
  const kept = steps.filter(({ step }) => keepsRollouts(run, step))
  const open = (step: number) => {
    const found = nearest(kept, step)
    if (found) openRollouts(run.key, found.step)
  }
  return (
    <>
      <ShippedNote run={run.key} />
      <Figures run={run} steps={steps} evaluations={evaluations} live={live !== null} />
      {live && <Progress live={live} run={run} pace={pace} />}
      {live && <LiveRollout run={run.key} />}
      {steps.length > 0 && <SoFar run={measured} recorded={recorded} />}
      <Warnings run={run} steps={steps} />
      {steps.length === 0 && evaluations.length === 0 ? (
        <p className="quiet train-reading">{live ? t().train.chartsLater : t().train.noStep}</p>
      ) : (
        <Charts record={run} run={measured} over={over} recorded={recorded} onOpen={open} />
      )}
    </>
  )
}

/** Under the plan of somebody who has no run yet: what comes of one. */
function FinishedRun() {
  const { runs } = useWorkspace()
  const record = useRuns(shippedRun)
  const none = useRuns((state) => ownRuns(state)?.length === 0)
  const wanted = record !== null && none
  useEffect(() => {
    if (wanted) void runs.getState().read([shippedRunKey])
  }, [runs, wanted])
  if (!wanted) return null
  return (
    <section className="train-finished" aria-label={t().shipped.looksLike}>
      <h2>{t().shipped.looksLike}</h2>
      <RunOnShow run={record} />
    </section>
  )
}

/** A run that has just begun has no record yet. */
function Begins() {
  const live = useTraining((state) => state.live)
  const listed = useRuns((state) => state.runs !== null)
  const words = t().train
  return (
    <p className="quiet train-reading" role="status">
      {!listed ? words.readingRuns : live?.loading ? words.loading(loadWords(live.loading.doing), Math.round(100 * live.loading.share)) : live ? words.starting : words.gone}
    </p>
  )
}

export function TrainView() {
  const shown = useRuns((state) => state.shown)
  const run = useRuns((state) => runOf(state, state.shown))
  return (
    <>
      <TrainSentence run={run} />
      <main className="train" id="main" aria-label={t().train.training}>
        <RunsList />
        <div className="train-main">
          <Elsewhere shown={shown} />
          {run?.supervised ? <LessonOnShow key={run.key} run={run} lesson={run.supervised} /> : run ? <RunOnShow key={run.key} run={run} /> : shown !== null ? <Begins /> : <Planning />}
          {shown === null && <FinishedRun />}
        </div>
      </main>
    </>
  )
}
