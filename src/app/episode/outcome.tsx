// How the episode ended: the answer against the expected one, what it rests on, and the reward with its reasons.
import { CircleCheck, CircleDashed, CircleX, Scale, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { RecordedVerdict, Trajectory } from '../../core/record/trajectory.ts'
import { bestTotal } from '../../core/reward/composite.ts'
import type { Verdict } from '../../core/environments/family.ts'
import { familyOf } from '../../core/environments/families.ts'
import { openRubrics, verdictBy } from '../../core/reward/recorded-verdict.ts'
import { decimal, signed } from '../format.ts'
import type { Component } from '../reward/derivation.ts'
import { EpisodeWeights } from '../reward/episode-weights.tsx'
import { SurpriseNotes } from '../reward/surprise-notes.tsx'
import { presetOf } from '../state/config.ts'
import { useActions, useWebLlm } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Fill } from '../ui/fill.tsx'
import { Term } from '../ui/term.tsx'
import { t } from '../locales/index.ts'
import { AnswerProvenanceList } from './answer-provenance.tsx'
import { judgedBy } from './judged.ts'
import { ExperimentSettings } from './experiment-settings.tsx'
import { RewardBar } from './reward-bar.tsx'
import { DerivationItems, RewardRows } from './reward-rows.tsx'
import { useScored, type ScoredEpisode } from './scored.ts'
import { WhyLine } from './why-line.tsx'

function Unfinished({ trajectory }: { trajectory: Trajectory }) {
  const words = t().episode.outcome
  const running = trajectory.status === 'running'
  const title = running ? words.running : trajectory.stop === 'aborted' ? words.stopped : words.failed
  return (
    <section className="outcome" aria-label={words.region}>
      <h3 className="outcome-title">
        <CircleDashed aria-hidden /> {title}
      </h3>
      <p className="quiet">
        {running ? words.follows : `${trajectory.failure ?? words.recorded} ${words.noReward}`}
      </p>
      <ExperimentSettings trajectory={trajectory} />
    </section>
  )
}

function verdictWords({ answer }: Trajectory, { verdict }: ScoredEpisode): string {
  const words = t().episode.outcome
  if (answer === null || !verdict) return words.noAnswer
  if (verdict.how === 'unknown') return words.unknown
  return verdict.score >= 0.999 ? words.right : verdict.score > 0 ? words.partly : words.wrong
}

/** A language model's verdict, with its own words. */
function JudgeWords({ verdict: { judge, words } }: { verdict: RecordedVerdict }) {
  return (
    <span className="quiet">
      <Fill words={t().episode.outcome.by} slots={{ judge, words: <span className="wrote">{words.trim()}</span> }} />
    </span>
  )
}

function NoVerdict({ verdict: { judge, words } }: { verdict: RecordedVerdict }) {
  return (
    <p className="quiet">
      <Fill words={t().episode.outcome.noVerdict} slots={{ judge, words: <span className="wrote">{words.trim()}</span> }} />
    </p>
  )
}

/** Who judged the answer, and what the rule says beside it. */
function Judged({ trajectory, verdict }: { trajectory: Trajectory; verdict: Verdict }) {
  const recorded = verdictBy(trajectory, 'answer')
  if (typeof recorded?.score === 'number' && trajectory.answer !== null) {
    const ruled = familyOf(trajectory.task).judge(trajectory.task, trajectory.answer, trajectory.steps)
    return (
      <>
        <span className="number">{decimal(verdict.score)}</span> <JudgeWords verdict={recorded} /> <span className="number">{decimal(ruled.score)}</span> {judgedBy(ruled)}
      </>
    )
  }
  return (
    <>
      <span className="number">{decimal(verdict.score)}</span> {judgedBy(verdict)}
      {recorded && <NoVerdict verdict={recorded} />}
    </>
  )
}

function Answer({ trajectory, scored }: { trajectory: Trajectory; scored: ScoredEpisode }) {
  const score = scored.verdict?.score ?? 0
  const right = score >= 0.999
  const Icon = right ? CircleCheck : CircleX
  const family = familyOf(trajectory.task)
  const words = t().episode.outcome
  return (
    <>
      <h3 className="outcome-title" data-right={right}>
        <Icon aria-hidden />
        {verdictWords(trajectory, scored)}
      </h3>
      <dl className="answers">
        <div>
          <dt>{words.question}</dt>
          <dd>{family.title(trajectory.task)}</dd>
        </div>
        <div>
          <dt>{words.answer}</dt>
          <dd className={trajectory.answer === null ? 'quiet' : 'wrote'}>{trajectory.answer ?? words.none}</dd>
        </div>
        <div>
          <dt>{words.expected}</dt>
          <dd>{family.expected(trajectory.task)}</dd>
        </div>
        {scored.verdict && (
          <div>
            <dt>
              <Term name="judge" plain>
                {words.judged}
              </Term>
            </dt>
            <dd className="quiet">
              <Judged trajectory={trajectory} verdict={scored.verdict} />
            </dd>
          </div>
        )}
      </dl>
    </>
  )
}

function RewardPart({ trajectory, scored }: { trajectory: Trajectory; scored: ScoredEpisode }) {
  const [open, setOpen] = useState<Component | null>(null)
  const preset = presetOf(scored.weights)
  const words = t().episode.reward
  const toggle = (component: Component) => { setOpen(open === component ? null : component) }
  return (
    <section className="reward" aria-label={words.region}>
      <div className="reward-head">
        <h4>
          <Term name="reward">{words.title}</Term> <span className="quiet">{preset ? t().reward.presets[preset].short : words.own}</span>
        </h4>
        <p className="reward-total number">
          <strong>{signed(scored.reward.total)}</strong> <span className="quiet">{words.of(decimal(bestTotal(scored.weights)))}</span>
        </p>
      </div>
      <RewardBar scored={scored} onChoose={toggle} chosen={open} />
      <SurpriseNotes trajectory={trajectory} scored={scored} weights={scored.weights} />
      <details className="weights-of-episode">
        <summary>{words.weights}</summary>
        <EpisodeWeights />
      </details>
      <RewardRows scored={scored} open={open} onToggle={toggle} />
    </section>
  )
}

/** The model on the graphics card may judge, once: what it said is part of the record until somebody takes it out. */
function ModelJudge({ trajectory }: { trajectory: Trajectory }) {
  const { judge, judgeByRule } = useActions()
  const model = useWebLlm((state) => (state.card.state === 'ready' ? state.card.id : null))
  const judging = useWebLlm((state) => state.judging)
  if (trajectory.verdicts) {
    return (
      <Button size="small" look="bare" onClick={() => void judgeByRule()}>
        <Undo2 aria-hidden /> {t().episode.outcome.judgeByRule}
      </Button>
    )
  }
  if (model === null || openRubrics(trajectory).length === 0) return null
  return (
    <Button size="small" disabled={judging} onClick={() => void judge()}>
      <Scale aria-hidden /> {judging ? t().episode.outcome.judging(model) : t().episode.outcome.letJudge(model)}
    </Button>
  )
}

function Quality({ trajectory, scored }: { trajectory: Trajectory; scored: ScoredEpisode }) {
  const recorded = verdictBy(trajectory, 'memories')
  const [open, setOpen] = useState(false)
  const words = t().episode.outcome
  return (
    <section className="quality" aria-label={words.quality}>
      <p>
        <Term name="quality">{words.quality}</Term> <strong>{decimal(scored.memoryQuality)}</strong> {typeof recorded?.score === 'number' && <JudgeWords verdict={recorded} />}{' '}
        <span className="quiet">
          {words.qualityByRule(typeof recorded?.score === 'number' ? decimal(scored.quality.value) : null)}
        </span>{' '}
        <button type="button" className="link quiet" aria-expanded={open} onClick={() => { setOpen(!open) }}>
          {open ? words.less : words.why}
        </button>
      </p>
      {recorded?.score === null && <NoVerdict verdict={recorded} />}
      {open && (
        <div className="derivation">
          <p>{scored.qualityWords.sentence}</p>
          <DerivationItems items={scored.qualityWords.items} />
        </div>
      )}
    </section>
  )
}

export function Outcome({ trajectory }: { trajectory: Trajectory }) {
  const scored = useScored(trajectory)
  if (!scored) return <Unfinished trajectory={trajectory} />
  return (
    <section className="outcome" aria-label={t().episode.outcome.region}>
      <Answer trajectory={trajectory} scored={scored} />
      <WhyLine trajectory={trajectory} />
      <AnswerProvenanceList trajectory={trajectory} />
      <RewardPart trajectory={trajectory} scored={scored} />
      {scored.quality.facts.length > 0 && <Quality trajectory={trajectory} scored={scored} />}
      <ModelJudge trajectory={trajectory} />
      <ExperimentSettings trajectory={trajectory} />
    </section>
  )
}
