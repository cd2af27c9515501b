// The view on show. All but the first come from files of their own: the first visit shows an episode at once, the others
// follow when the browser has nothing else to do.
import { lazy, Suspense, useMemo, type ComponentType, type LazyExoticComponent } from 'react'
import { namesOf, recordOf } from '../../core/table.ts'
import { t } from '../locales/index.ts'
import type { View } from '../state/ui.ts'
import { Button } from '../ui/button.tsx'
import { FileBoundary } from '../ui/late.tsx'
import { views } from '../views/index.ts'

const components: Readonly<Record<View, LazyExoticComponent<ComponentType>>> = recordOf(namesOf(views), (view) =>
  lazy(async () => ({ default: await fetchView(view) })),
)

/** What has come. A lazy component would show its fallback for 300 ms even then: React holds it for as long. */
const fetched: Partial<Record<View, ComponentType>> = {}

export async function fetchView(view: View): Promise<ComponentType> {
  return (fetched[view] = await views[view].load())
}

/** Fetches what is not on show yet, so that nothing has to be waited for, and nothing is missing without a network. */
export function fetchViews(): void {
  // A file that does not come now is asked for again, and spoken of, when its view is opened.
  for (const view of namesOf(views)) fetchView(view).catch(() => undefined)
}

/** In the place of a view whose file did not come. */
function Failed() {
  const { label, title, text, again } = t().frame.viewFailed
  return (
    <main className="empty" id="main" aria-label={label}>
      <h2 role="alert">{title}</h2>
      <p>{text}</p>
      <Button onClick={() => { location.reload() }}>{again}</Button>
    </main>
  )
}

export function ViewOf({ view }: { view: View }) {
  // One and the same as long as the view is on show, or what it holds would be lost when its file has come.
  const Shown = useMemo(() => fetched[view] ?? components[view], [view])
  return (
    <FileBoundary key={view} failed={() => <Failed />}>
      <Suspense fallback={<main className="empty" id="main" aria-label={t().frame.viewFailed.label} aria-busy />}>
        <Shown />
      </Suspense>
    </FileBoundary>
  )
}
