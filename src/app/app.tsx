// The frame: head, sentence, the view, and what lies over it.
import { Tooltip } from 'radix-ui'
import { Suspense, useEffect } from 'react'
import { Banners } from './frame/banners.tsx'
import { DropTarget } from './frame/drop-target.tsx'
import { Header } from './frame/header.tsx'
import { Help } from './frame/help.tsx'
import { Notices } from './frame/notices.tsx'
import { Tour } from './frame/tour.tsx'
import { locales } from './locales/index.ts'
import { Sentence } from './sentence/sentence.tsx'
import { StoresProvider, useUi, type Stores } from './state/context.tsx'
import type { View } from './state/ui.ts'
import { fetchViews, lazyViews, ViewBoundary } from './views.tsx'
import { useKeyboard } from './views/watch/keyboard.ts'
import { Watch } from './views/watch/watch.tsx'

function ViewOf({ view }: { view: View }) {
  if (view === 'watch') {
    return (
      <>
        <Sentence />
        <Tour />
        <Watch />
      </>
    )
  }
  const Shown = lazyViews[view]
  return (
    <ViewBoundary key={view}>
      <Suspense fallback={<main className="empty" id="main" aria-label="View" aria-busy />}>
        <Shown />
      </Suspense>
    </ViewBoundary>
  )
}

function Page() {
  useKeyboard()
  useEffect(() => {
    const timer = setTimeout(fetchViews, 1500)
    return () => { clearTimeout(timer) }
  }, [])
  const view = useUi((state) => state.view)
  return (
    <div className="page" data-view={view}>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.querySelector<HTMLElement>('[tabindex]')?.focus() }}>
        Skip to the episode
      </a>
      <Header />
      <Banners />
      <ViewOf view={view} />
      <Notices />
      <Help />
      <DropTarget />
    </div>
  )
}

/** Another language shows everything anew. */
function Spoken() {
  const spoken = useUi((state) => state.spoken)
  useEffect(() => { document.documentElement.lang = locales[spoken].tag }, [spoken])
  return <Page key={spoken} />
}

export function App({ stores }: { stores: Stores }) {
  return (
    <StoresProvider stores={stores}>
      <Tooltip.Provider delayDuration={250} skipDelayDuration={300}>
        <Spoken />
      </Tooltip.Provider>
    </StoresProvider>
  )
}
