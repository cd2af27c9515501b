// Lines about how the page was served: that a newer version is there, that it has one thread.
import { CloudDownload, Gauge, X } from 'lucide-react'
import { t } from '../locales/index.ts'
import { useHosting, useTraining } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'

function NewVersion() {
  const version = useHosting((state) => state.version)
  const load = useHosting((state) => state.load)
  // It would end the step that is being computed. Whoever wants that can stop the training first.
  const trains = useTraining((state) => state.live !== null)
  if (version === 'latest') return null
  const words = t().hosting
  return (
    <p className="banner" data-hue="none">
      <CloudDownload aria-hidden />
      <span>
        <strong>{version === 'waiting' ? words.newVersion : words.loadedElsewhere}</strong>{' '}
        {trains ? words.afterTraining : ''}
      </span>
      {!trains && (
        <Button size="small" onClick={load}>
          {words.load}
        </Button>
      )}
    </p>
  )
}

function OneThread() {
  const shown = useHosting((state) => state.oneThread)
  const dismiss = useHosting((state) => state.dismissOneThread)
  if (!shown) return null
  const words = t().hosting
  return (
    <p className="banner" data-hue="none">
      <Gauge aria-hidden />
      <span>
        <strong>{words.oneThread}</strong> {words.whyOneThread}
      </span>
      <Button look="bare" shape="icon" size="small" aria-label={words.dismiss} onClick={dismiss}>
        <X aria-hidden />
      </Button>
    </p>
  )
}

export function Hosting() {
  return (
    <>
      <NewVersion />
      <OneThread />
    </>
  )
}
