// What stands across the page while something is wrong: storage that does not last, a worker that died.
import { DatabaseZap, HardDrive } from 'lucide-react'
import { t } from '../locales/index.ts'
import { useActions, useLibrary } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Hosting } from './hosting.tsx'

export function Banners() {
  const storage = useLibrary((state) => state.storage)
  const lost = useLibrary((state) => state.lost)
  const { reconnect, restart } = useActions()
  const { lost: gone, notSaved } = t().frame
  return (
    <div className="banners" aria-live="polite">
      {lost !== null && (
        <p className="banner" data-hue="bad" role="alert">
          <DatabaseZap aria-hidden />
          <span>
            <strong>{gone.title}</strong> {lost} {gone.safe}
          </span>
          <Button size="small" onClick={() => void restart()}>
            {gone.restart}
          </Button>
        </p>
      )}
      {storage?.kind === 'memory' && (
        <p className="banner" data-hue="warn" title={storage.message}>
          <HardDrive aria-hidden />
          <span>
            <strong>{notSaved.title}</strong> {notSaved[storage.reason]} {notSaved.what}
          </span>
          <Button size="small" onClick={() => void reconnect()}>
            {notSaved.again}
          </Button>
        </p>
      )}
      <Hosting />
    </div>
  )
}
