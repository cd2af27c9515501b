// The Group view: the rollouts of one task side by side, how each compares with the others, and what other weights of
// the reward would make of them.
import { familyOf } from '../../../core/environments/families.ts'
import { isShipped, shippedRollouts } from '../../../core/training/shipped-run.ts'
import { Check, CirclePlus, X } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { t } from '../../locales/index.ts'
import { useWorkspace, useGroup, useRollouts, useRuns } from '../../state/context.tsx'
import { ownRuns, runOf, shippedRun } from '../../state/runs.ts'
import { ShippedNote } from '../../runs/shipped-note.tsx'
import { Breadcrumb } from '../../ui/breadcrumb.tsx'
import { Button } from '../../ui/button.tsx'
import { Sketch } from '../../ui/sketch.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { Select } from '../../ui/select.tsx'
import { Term } from '../../ui/term.tsx'
import { AllRollouts } from './all-rollouts.tsx'
import { changeWords } from './changes.ts'
import { Formula } from './formula.tsx'
import { StepNav, TaskTabs } from './group-nav.tsx'
import { ForItself, Playing } from './for-itself.tsx'
import { partsOf, scaleOf } from './reward-strip.tsx'
import { RolloutColumn } from './rollout-column.tsx'
import { viewOf } from './rollout-view.ts'
import { groupShown, isForItself, type Loaded, type PlayedGroup } from '../../state/group.ts'
import { UpdateTokens } from './update-tokens.tsx'
import { WeightsPanel } from './weights-panel.tsx'

type Ready = Extract<Loaded, { state: 'ready' }>

function Columns({ loaded, played, index }: { loaded: Ready; played: PlayedGroup; index: number }) {
  const before = loaded.groups.slice(0, index).reduce((sum, { rollouts }) => sum + rollouts.length, 0)
  const { group, watch } = useWorkspace()
  const weights = useGroup((state) => state.weights) ?? loaded.weights
  const now = useGroup((state) => state.scored[index])
  const chosen = Math.min(useGroup((state) => state.rollout), played.rollouts.length - 1)
  const at = useGroup((state) => state.at)
  const views = useMemo(() => played.rollouts.map(({ trajectory, components }) => viewOf(trajectory, components)), [played])
  if (!now) return null
  const chosenRollout = played.rollouts[chosen]
  const forItself = isForItself(at)
  const parts = played.rollouts.map(({ components }) => partsOf(components, weights))
  const scale = scaleOf(parts)
  const largest = Math.max(...now.advantages.map(Math.abs), ...played.then.advantages.map(Math.abs))
  return (
    <>
      <Formula group={now} rollout={chosen} advantage={loaded.advantage} />
      <p className="group-changes" role="status" data-quiet={weights === loaded.weights}>
        {weights === loaded.weights ? t().group.weights.move : changeWords(played.then, now)}
      </p>
      <ol className="columns" aria-label={t().group.columns.label}>
        {played.rollouts.map(({ trajectory }, i) => {
          const view = views[i]
          return (
            view && (
              <RolloutColumn
                key={i}
                index={i}
                trajectory={trajectory}
                view={view}
                standing={{
                  total: now.rewards[i]?.total ?? 0,
                  rank: now.ranks[i] ?? 0,
                  rankThen: played.then.ranks[i] ?? 0,
                  advantage: now.advantages[i] ?? 0,
                  advantageThen: played.then.advantages[i] ?? 0,
                  largest,
                  parts: parts[i] ?? [],
                  scale,
                }}
                chosen={i === chosen}
                onChoose={group.getState().chooseRollout}
                onWatch={watch}
              />
            )
          )
        })}
      </ol>
      <Marks />
      {chosenRollout && !forItself && <UpdateTokens index={before + chosen} shown={chosen + 1} trajectory={chosenRollout.trajectory} />}
    </>
  )
}

/** What the marks of the columns mean. */
function Marks() {
  const words = t().group.marks
  const mark = (text: string, looks: { broken?: boolean; ok?: boolean; dot?: boolean }) => (
    <li>
      <span className="strip-step" data-broken={looks.broken ?? false} aria-hidden>
        {looks.dot ? (
          <span className="strip-dot" />
        ) : (
          <span className="strip-mark" data-hue={looks.ok === false ? 'bad' : 'add'} data-ok={looks.ok ?? true}>
            <CirclePlus />
          </span>
        )}
      </span>{' '}
      {text}
    </li>
  )
  return (
    <ul className="group-marks" aria-label={words.label}>
      {mark(words.call, {})}
      {mark(words.failed, { ok: false })}
      {mark(words.broken, { broken: true })}
      {mark(words.none, { dot: true })}
      <li>
        <Check aria-hidden /> {t().group.columns.worth}
      </li>
      <li>
        <X aria-hidden /> {t().group.columns.notWorth}
      </li>
    </ul>
  )
}

function Task({ played }: { played: PlayedGroup }) {
  const task = played.rollouts[0]?.trajectory.task
  if (!task) return null
  const family = familyOf(task)
  return (
    <p className="group-task">
      <strong>{family.title(task)}</strong> <span className="quiet">{t().group.task.expected}</span> {family.expected(task)}
    </p>
  )
}

/** With no run of one's own there is that of the page, at its last step. */
function useShippedGroup() {
  const { group, runs } = useWorkspace()
  const record = useRuns(shippedRun)
  const none = useRuns((state) => ownRuns(state)?.length === 0)
  useEffect(() => {
    if (!record || !none || group.getState().at !== null) return
    void runs.getState().read([record.key])
    void group.getState().open(record.key, record.steps, record.config)
  }, [group, runs, record, none])
}

/** Nothing is open: which steps there are to open. */
function Nothing() {
  useShippedGroup()
  const { openRollouts, showRun } = useWorkspace()
  const runs = useRuns((state) => state.runs)
  const words = t().group.nothing
  // The term stands where the sentence has it, in any language.
  const [before, after] = words.how('\n').split('\n')
  const recent = runs?.filter(({ steps }) => steps > 0).slice(0, 5) ?? []
  return (
    <div className="empty">
      <Sketch of="group" />
      <h2>{words.title}</h2>
      <p className="quiet">
        {words.about} {before}
        <Term name="rollout">{words.rollouts}</Term>
        {after}
      </p>
      {recent.length > 0 ? (
        <div className="group-recent">
          {recent.map(({ key, name, steps }) => (
            <Button key={key} onClick={() => { openRollouts(key, steps) }}>
              {words.open(name, steps)}
            </Button>
          ))}
        </div>
      ) : (
        <Button look="primary" onClick={() => { showRun(null) }}>
          {words.train}
        </Button>
      )}
    </div>
  )
}

function Content({ loaded }: { loaded: Loaded }) {
  const shown = useGroup(groupShown)
  const at = useGroup((state) => state.at)
  const { openRollouts } = useWorkspace()
  const words = t().group.state
  const lost = useRuns((state) => runOf(state, at?.run ?? null)?.gone?.rollouts.some(([first, last]) => at !== null && first <= at.step && at.step <= last) ?? false)
  switch (loaded.state) {
    case 'none':
      return null
    case 'reading':
      return <p className="quiet group-note">{words.reading}</p>
    case 'playing':
      return <Playing of={loaded.of} progress={loaded.progress} />
    case 'failed':
      return (
        <ReadFailure className="group-note" onRetry={() => { if (at) openRollouts(at.run, at.step) }}>
          {words.failed(loaded.message)}
        </ReadFailure>
      )
    case 'gone':
      return <p className="quiet group-note">{isShipped(at?.run ?? null) ? words.notShipped(shippedRollouts) : lost ? words.lost : words.thinned}</p>
    case 'ready': {
      const played = loaded.groups[shown]
      return (
        <div className="group-body">
          <WeightsPanel trained={loaded.weights} forItself={isForItself(at)} />
          <div className="group-main" tabIndex={0} role="region" aria-label={t().group.region}>
            <TaskTabs groups={loaded.groups} />
            {played && <Task played={played} />}
            {played && <Columns key={`${at?.step ?? 0}-${shown}`} loaded={loaded} played={played} index={shown} />}
          </div>
        </div>
      )
    }
  }
}

/** Which run's table there is to go to: the one on show, else the newest. */
function useTableRun(): string | null {
  const at = useGroup((state) => state.at)
  const asked = useRollouts((state) => state.run)
  const shown = useRuns((state) => state.shown)
  const newest = useRuns((state) => state.runs?.find(({ steps }) => steps > 0)?.key ?? null)
  return (isForItself(at) ? null : at?.run) ?? asked ?? shown ?? newest
}

function Tabs({ run, all }: { run: string | null; all: boolean }) {
  const { openTable, rollouts } = useWorkspace()
  const words = t().group.tabs
  if (run === null) return null
  return (
    <div className="segments" role="group" aria-label={words.label}>
      <button type="button" aria-pressed={!all} onClick={() => { rollouts.getState().show(null) }}>
        {words.one}
      </button>
      <button type="button" aria-pressed={all} onClick={() => { openTable(run) }}>
        {words.all}
      </button>
    </div>
  )
}

/** Of which run all rollouts are on show; another one can be chosen. */
function TableRun({ run }: { run: string }) {
  const { openTable, showRun } = useWorkspace()
  const runs = useRuns((state) => state.runs) ?? []
  const words = t().group
  const choices = runs.filter(({ steps, key }) => steps > 0 || key === run).map(({ key, name }) => ({ value: key, name }))
  return (
    <Breadcrumb label={words.nav.label} crumbs={[{ text: runs.find(({ key }) => key === run)?.name ?? words.nav.run, title: words.nav.toRun, onGo: () => { showRun(run) } }, { text: words.table.title }]}>
      {choices.length > 1 && <Select label={words.table.run} value={run} choices={choices} onChange={openTable} />}
    </Breadcrumb>
  )
}

export function GroupView() {
  const loaded = useGroup((state) => state.loaded)
  const all = useRollouts((state) => state.shown)
  const table = useRollouts((state) => state.run)
  const at = useGroup((state) => state.at)
  const run = useTableRun()
  const shown = all && table !== null ? table : null
  return (
    <main className="group" id="main" aria-label={t().group.label}>
      {(run !== null || loaded.state !== 'none') && (
        <header className="group-head">
          {shown === null ? isForItself(at) ? <ForItself /> : <StepNav /> : <TableRun run={shown} />}
          <Tabs run={run} all={shown !== null} />
        </header>
      )}
      {(shown !== null || loaded.state !== 'none') && <ShippedNote run={run} short />}
      {shown !== null ? <AllRollouts key={shown} run={shown} /> : loaded.state === 'none' ? <Nothing /> : <Content loaded={loaded} />}
    </main>
  )
}
