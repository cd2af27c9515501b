// The frame: head, sentence, the view, and what lies over it.
import { Tooltip } from 'radix-ui'
import { CheckpointsView } from './checkpoints/checkpoints.tsx'
import { CompareView } from './compare/compare.tsx'
import { Banners } from './frame/banners.tsx'
import { DropTarget } from './frame/drop-target.tsx'
import { Header } from './frame/header.tsx'
import { Help } from './frame/help.tsx'
import { Notices } from './frame/notices.tsx'
import { Tour } from './frame/tour.tsx'
import { GroupView } from './group/group.tsx'
import { Library } from './library/library.tsx'
import { ModelsView } from './models-view/models.tsx'
import { Sentence } from './sentence/sentence.tsx'
import { StoresProvider, useUi, type Stores } from './stores/context.tsx'
import type { View } from './stores/ui.ts'
import { TrainView } from './train/train.tsx'
import { useKeyboard } from './watch/keyboard.ts'
import { Watch } from './watch/watch.tsx'

function ViewOf({ view }: { view: View }) {
  switch (view) {
    case 'watch':
      return (
        <>
          <Sentence />
          <Tour />
          <Watch />
        </>
      )
    case 'train':
      return <TrainView />
    case 'group':
      return <GroupView />
    case 'compare':
      return <CompareView />
    case 'models':
      return <ModelsView />
    case 'checkpoints':
      return <CheckpointsView />
    case 'episodes':
      return <Library />
  }
}

function Page() {
  useKeyboard()
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

export function App({ stores }: { stores: Stores }) {
  return (
    <StoresProvider stores={stores}>
      <Tooltip.Provider delayDuration={250} skipDelayDuration={300}>
        <Page />
      </Tooltip.Provider>
    </StoresProvider>
  )
}
