// Asks before the page is left while something under way, or kept in memory alone, would be lost by it; never else, for a
// page that asks each time is not listened to.
import type { Stores } from './state/context.tsx'
import type { CompareState } from './state/compare.ts'
import type { ExperimentsState } from './state/experiments.ts'
import type { LibraryState } from './state/library.ts'
import type { TrainingState } from './state/training.ts'

export interface Undertakings {
  training: Pick<TrainingState, 'live' | 'unsaved'>
  compare: Pick<CompareState, 'share'>
  experiments: Pick<ExperimentsState, 'live'>
  library: Pick<LibraryState, 'storage' | 'episodes'>
}

/** A step that is computed, a comparison or an experiment that is played, or what the disk did not take. */
export function wouldLose({ training: { live, unsaved }, compare: { share }, experiments, library: { storage, episodes } }: Undertakings): boolean {
  const stepUnderWay = live !== null && live.phase !== 'loading'
  const inMemory = storage?.kind === 'memory' && (unsaved || (episodes?.some(({ saved }) => !saved) ?? false))
  return stepUnderWay || share !== null || experiments.live !== null || inMemory
}

/** Starts asking. Browsers ask only people who have touched the page. @returns what stops it */
export function askBeforeLeaving({ workspace: { training, compare, experiments }, library }: Pick<Stores, 'workspace' | 'library'>): () => void {
  let asking = false
  const ask = (event: BeforeUnloadEvent) => { event.preventDefault() }
  // Registered only when it has something to ask: a page that listens is not kept by browsers for a quick return.
  const look = () => {
    const ought = wouldLose({ training: training.getState(), compare: compare.getState(), experiments: experiments.getState(), library: library.getState() })
    if (ought === asking) return
    asking = ought
    if (ought) addEventListener('beforeunload', ask)
    else removeEventListener('beforeunload', ask)
  }
  const ends = [training, compare, experiments, library].map((store) => store.subscribe(look))
  look()
  return () => {
    for (const end of ends) end()
    removeEventListener('beforeunload', ask)
  }
}
