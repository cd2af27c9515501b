// The Watch view: stages and task at the left, the conversation, both memories at the right, the timeline below.
import { Tabs } from 'radix-ui'
import { useMemo } from 'react'
import type { AnyTask } from '../../../core/record/task.ts'
import { currentTask } from '../../state/config.ts'
import { t } from '../../locales/index.ts'
import { useConfig, useEpisode, useFiles } from '../../state/context.tsx'
import { isLive, position, type Shown } from '../../state/episode.ts'
import { Sentence } from '../../sentence/sentence.tsx'
import { Term } from '../../ui/term.tsx'
import { Conversation } from '../../episode/conversation.tsx'
import { RolloutFrom } from '../../episode/rollout-from.tsx'
import { DerivedProvider } from '../../episode/derived.tsx'
import { Beside, BranchLine, useBeside } from './branch-line.tsx'
import { Empty } from './empty.tsx'
import { Mismatch } from './mismatch.tsx'
import { Person } from './person.tsx'
import { LongTerm, LongTermFigure } from '../../episode/long-term.tsx'
import { ShortTerm, ShortTermFigure } from '../../episode/short-term.tsx'
import { Stages, ToolCounters } from './stages.tsx'
import { TaskPanel } from './task-panel.tsx'
import { Transport } from './transport.tsx'
import { useNarrow } from './narrow.ts'
import { Tour } from './tour.tsx'

/** The task of the episode on show, else the one that Run would play. */
function useTask(shown: Shown | null): AnyTask | null {
  const config = useConfig((state) => state)
  const loaded = useFiles((state) => state.loaded)
  const planned = useMemo(() => currentTask(config, loaded), [config, loaded])
  return shown?.trajectory.task ?? planned
}

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

function Episode() {
  const shown = useEpisode((state) => state.shown)
  const at = useEpisode(position)
  const narrow = useNarrow()
  const task = useTask(shown)
  const asked = useEpisode((state) => state.asked)
  const [original, setOriginal] = useBeside(shown?.key ?? null)
  const branched = shown?.trajectory.setup.branch !== undefined
  const started = shown !== null && shown.trajectory.steps.length > 0
  const trajectory = shown?.trajectory ?? null
  const words = t().watch
  if (shown && original && !isLive(shown)) {
    return (
      <main className="compare" id="main" aria-label={words.main}>
        <BranchLine shown={shown} beside onBeside={setOriginal} />
        <Beside original={original} shown={shown} onLeave={() => { setOriginal(null) }} />
      </main>
    )
  }
  const body = (
    <div className="watch" data-narrow={narrow} data-started={started}>
      <aside className="overview" aria-label={words.overview}>
        <h2 className="label unseen">{words.stages}</h2>
        <Stages trajectory={trajectory} at={at} />
        <h2 className="label">{words.toolCalls}</h2>
        <ToolCounters trajectory={trajectory} at={at} />
        {!narrow && task && (
          <>
            <h2 className="label">{words.task}</h2>
            <TaskPanel task={task} trajectory={started ? trajectory : null} at={at} />
          </>
        )}
      </aside>
      <main className="middle" id="main" aria-label={words.main} aria-busy={isLive(shown)}>
        {started ? (
          <>
            <RolloutFrom shown={shown} />
            {branched ? <BranchLine shown={shown} beside={original !== null} onBeside={setOriginal} /> : <Mismatch shown={shown} />}
            <Conversation key={shown.key} shown={shown} at={at} />
          </>
        ) : (
          asked === null && <Empty task={task} />
        )}
        {asked && <Person asked={asked} />}
      </main>
      {started && !narrow && <Memories shown={shown} at={at} />}
      {started && narrow && task && <MemoryTabs shown={shown} at={at} task={task} />}
      <Transport />
    </div>
  )
  return trajectory ? <DerivedProvider trajectory={trajectory}>{body}</DerivedProvider> : body
}

export function WatchView() {
  return (
    <>
      <Sentence />
      <Tour />
      <Episode />
    </>
  )
}
