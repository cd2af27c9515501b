// The Watch view: the sentence, and below it an episode, or what will be played. What shows an episode that has begun comes in
// a file of its own: the page stands before it.
import { useMemo } from 'react'
import type { AnyTask } from '../../../core/record/task.ts'
import { currentTask } from '../../state/config.ts'
import { t } from '../../locales/index.ts'
import { useConfig, useEpisode, useFiles, useUi } from '../../state/context.tsx'
import { isLive, type Shown } from '../../state/episode.ts'
import { Sentence } from '../../sentence/sentence.tsx'
import { late } from '../../ui/late.tsx'
import { Empty } from './empty.tsx'
import { Overview } from './overview.tsx'
import { useNarrow } from './narrow.ts'

const Room = late(async () => (await import('./room.tsx')).Room, () => <main className="empty" id="main" aria-label={t().watch.main} aria-busy />)
const Tour = late(async () => (await import('./tour.tsx')).Tour)

/** The task of the episode on show, else the one that Run would play. */
function useTask(shown: Shown | null): AnyTask | null {
  const config = useConfig((state) => state)
  const loaded = useFiles((state) => state.loaded)
  const planned = useMemo(() => currentTask(config, loaded), [config, loaded])
  return shown?.trajectory.task ?? planned
}

/** Before the first step. */
function Planned({ task }: { task: AnyTask | null }) {
  const narrow = useNarrow()
  const live = useEpisode((state) => isLive(state.shown))
  return (
    <div className="watch" data-narrow={narrow} data-started={false}>
      <Overview task={narrow ? null : task} trajectory={null} at={-1} />
      <main className="middle" id="main" aria-label={t().watch.main} aria-busy={live}>
        <Empty task={task} />
      </main>
    </div>
  )
}

function Episode() {
  const shown = useEpisode((state) => state.shown)
  const asked = useEpisode((state) => state.asked !== null)
  const task = useTask(shown)
  return shown && (asked || shown.trajectory.steps.length > 0) ? <Room shown={shown} task={task} /> : <Planned task={task} />
}

export function WatchView() {
  const touring = useUi((state) => state.tour !== 'off')
  return (
    <>
      <Sentence />
      {touring && <Tour />}
      <Episode />
    </>
  )
}
