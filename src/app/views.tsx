// The views besides Watch, each in a file of its own: the first visit shows an episode at once, the others follow when the
// browser has nothing else to do.
import { Component, lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react'
import type { View } from './state/ui.ts'
import { Button } from './ui/button.tsx'

type LazyView = Exclude<View, 'watch'>

const load: Readonly<Record<LazyView, () => Promise<ComponentType>>> = {
  train: async () => (await import('./views/train/train.tsx')).TrainView,
  group: async () => (await import('./views/group/group.tsx')).GroupView,
  compare: async () => (await import('./views/compare/compare.tsx')).CompareView,
  models: async () => (await import('./views/models/models.tsx')).ModelsView,
  checkpoints: async () => (await import('./views/checkpoints/checkpoints.tsx')).CheckpointsView,
  episodes: async () => (await import('./views/episodes/library.tsx')).Library,
}

const later = (view: LazyView) => lazy(async () => ({ default: await load[view]() }))

export const lazyViews: Readonly<Record<LazyView, LazyExoticComponent<ComponentType>>> = {
  train: later('train'),
  group: later('group'),
  compare: later('compare'),
  models: later('models'),
  checkpoints: later('checkpoints'),
  episodes: later('episodes'),
}

/** Fetches what is not on show yet, so that nothing has to be waited for, and nothing is missing without a network. */
export function fetchViews(): void {
  // A file that does not come now is asked for again, and spoken of, when its view is opened.
  for (const view of Object.values(load)) view().catch(() => undefined)
}

/** Shown in the place of a view whose file did not come. */
export class ViewBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <main className="empty" id="main" aria-label="View">
        <h2 role="alert">This view could not be opened.</h2>
        <p>Its file did not come, or it failed. What you made is kept; load the page again to try once more.</p>
        <Button onClick={() => { location.reload() }}>Load again</Button>
      </main>
    )
  }
}
