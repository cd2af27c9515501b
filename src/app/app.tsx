// The frame: head, sentence, the view, and what lies over it.
import { Tooltip } from 'radix-ui'
import { useEffect, type MouseEvent } from 'react'
import { Banners } from './frame/banners.tsx'
import { DropTarget } from './frame/drop-target.tsx'
import { Header } from './frame/header.tsx'
import { Dialogs } from './frame/dialogs.tsx'
import { Notices } from './frame/notices.tsx'
import { useKeyboard } from './frame/keyboard.ts'
import { fetchViews, ViewOf } from './frame/view-of.tsx'
import { fetchParts } from './ui/late.tsx'
import { locales, t } from './locales/index.ts'
import { StoresProvider, useUi, type Stores } from './state/context.tsx'

/** To the timeline, or to what else the view has first. */
function skip(): void {
  const main = document.getElementById('main')
  const first = main?.querySelector<HTMLElement>('[data-timeline]') ?? main?.querySelector<HTMLElement>('a[href], button, input, select, [tabindex]')
  first?.focus()
}

function Page() {
  useKeyboard()
  useEffect(() => {
    fetchParts()
    const timer = setTimeout(fetchViews, 1500)
    return () => { clearTimeout(timer) }
  }, [])
  const view = useUi((state) => state.view)
  const embedded = useUi((state) => state.embedded)
  return (
    <div className="page" data-view={view} data-embedded={embedded}>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          skip()
        }}
      >
        {view === 'watch' ? t().frame.skip : t().frame.skipToView}
      </a>
      {embedded ? <WholeLink /> : <Header />}
      <Banners />
      <ViewOf view={view} />
      <Notices />
      <Dialogs />
      <DropTarget />
    </div>
  )
}

/** From a view inside another page to all of it, at what is on show. */
function WholeLink() {
  const open = (event: MouseEvent<HTMLAnchorElement>) => {
    event.currentTarget.href = `${location.pathname}${location.hash}`
  }
  return (
    <a className="embed-link" href={location.pathname} target="_blank" rel="noreferrer" onMouseDown={open} onClick={open}>
      {t().frame.openWhole}
    </a>
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
