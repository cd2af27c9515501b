// An episode that has begun: the conversation, both memories, the timeline below.
import { Tabs } from 'radix-ui'
import type { AnyTask } from '../../../core/record/task.ts'
import { t } from '../../locales/index.ts'
import { useEpisode } from '../../state/context.tsx'
import { isLive, position, type Shown } from '../../state/episode.ts'
import { Term } from '../../ui/term.tsx'
import { Conversation } from '../../episode/conversation.tsx'
import { RolloutFrom } from '../../episode/rollout-from.tsx'
import { DerivedProvider } from '../../episode/derived.tsx'
import { Beside, BranchLine } from './branch-line.tsx'
import { Mismatch } from './mismatch.tsx'
import { Person } from './person.tsx'
import { LongTerm, LongTermFigure } from '../../episode/long-term.tsx'
import { ShortTerm, ShortTermFigure } from '../../episode/short-term.tsx'
import { Overview } from './overview.tsx'
import { TaskPanel } from './task-panel.tsx'
import { Transport } from './transport.tsx'
import { useNarrow } from './narrow.ts'

function Memories({ shown, at }: { shown: Shown; at: number }) {
  const { trajectory } = shown
  const words = t().watch
  return (
    <aside className="memories" aria-label={words.memories}>
      <section className="panel" data-hue="stm" aria-label={words.shortTerm}>
        <header className="panel-head">
          <h2 className="panel-title">
            <Term name="stm">{words.shortTerm}</Term>
          </h2>
          <ShortTermFigure trajectory={trajectory} at={at} />
        </header>
        <div className="panel-body" tabIndex={0} role="group" aria-label={words.shortTermNow}>
          <ShortTerm trajectory={trajectory} at={at} />
        </div>
      </section>
      <section className="panel" data-hue="ltm" aria-label={words.longTerm}>
        <header className="panel-head">
          <h2 className="panel-title">
            <Term name="ltm">{words.longTerm}</Term>
          </h2>
          <LongTermFigure trajectory={trajectory} at={at} />
        </header>
        <div className="panel-body" tabIndex={0} role="group" aria-label={words.longTermNow}>
          <LongTerm trajectory={trajectory} at={at} />
        </div>
      </section>
    </aside>
  )
}

/** In a narrow window the memories and the task share one place under the conversation. */
function MemoryTabs({ shown, at, task }: { shown: Shown; at: number; task: AnyTask }) {
  const { trajectory } = shown
  const words = t().watch
  return (
    <Tabs.Root className="memory-tabs" defaultValue="ltm">
      <Tabs.List className="tab-list" aria-label={words.memoriesAndTask}>
        <Tabs.Trigger value="stm" data-hue="stm">
          {words.shortTerm} <ShortTermFigure trajectory={trajectory} at={at} />
        </Tabs.Trigger>
        <Tabs.Trigger value="ltm" data-hue="ltm">
          {words.longTerm} <LongTermFigure trajectory={trajectory} at={at} />
        </Tabs.Trigger>
        <Tabs.Trigger value="task" data-hue="none">
          {words.task}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="stm" className="panel" data-hue="stm">
        <div className="panel-body">
          <ShortTerm trajectory={trajectory} at={at} />
        </div>
      </Tabs.Content>
      <Tabs.Content value="ltm" className="panel" data-hue="ltm">
        <div className="panel-body">
          <LongTerm trajectory={trajectory} at={at} />
        </div>
      </Tabs.Content>
      <Tabs.Content value="task" className="panel">
        <div className="panel-body">
          <TaskPanel task={task} trajectory={trajectory} at={at} />
        </div>
      </Tabs.Content>
    </Tabs.Root>
  )
}

/** @param task the one on show */
export function Room({ shown, task }: { shown: Shown; task: AnyTask | null }) {
  const at = useEpisode(position)
  const narrow = useNarrow()
  const asked = useEpisode((state) => state.asked)
  const original = useEpisode(({ beside }) => (beside?.key === shown.key ? beside.original : null))
  const { trajectory } = shown
  const branched = trajectory.setup.branch !== undefined
  const started = trajectory.steps.length > 0
  const words = t().watch
  if (original && !isLive(shown)) {
    return (
      <DerivedProvider trajectory={trajectory}>
        <main className="compare" id="main" aria-label={words.main}>
          <BranchLine shown={shown} beside />
          <Beside original={original} shown={shown} />
        </main>
      </DerivedProvider>
    )
  }
  return (
    <DerivedProvider trajectory={trajectory}>
      <div className="watch" data-narrow={narrow} data-started={started}>
        <Overview task={narrow ? null : task} trajectory={trajectory} at={at} />
        <main className="middle" id="main" aria-label={words.main} aria-busy={isLive(shown)}>
          {started && (
            <>
              <RolloutFrom shown={shown} />
              {branched ? <BranchLine shown={shown} beside={original !== null} /> : <Mismatch shown={shown} />}
              <Conversation key={shown.key} shown={shown} at={at} />
            </>
          )}
          {asked && <Person asked={asked} />}
        </main>
        {started && !narrow && <Memories shown={shown} at={at} />}
        {started && narrow && task && <MemoryTabs shown={shown} at={at} task={task} />}
        <Transport />
      </div>
    </DerivedProvider>
  )
}
