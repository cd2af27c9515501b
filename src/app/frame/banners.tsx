// What stands across the page while something is wrong: storage that does not last, a worker that died.
import { DatabaseZap, HardDrive } from 'lucide-react'
import type { StorageStatus } from '../../rpc/contracts.ts'
import { useActions, useLibrary } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'

const meanings: Record<Extract<StorageStatus, { kind: 'memory' }>['reason'], string> = {
  unavailable: 'This browser keeps no data for the page, as in private windows.',
  quota: 'The disk space for this page is used up.',
  blocked: 'Another tab holds the database. Close it, then try again.',
  deleted: 'The database was deleted while the page was open.',
  failed: 'The database does not answer.',
}

export function Banners() {
  const storage = useLibrary((state) => state.storage)
  const lost = useLibrary((state) => state.lost)
  const { reconnect, restart } = useActions()
  return (
    <div className="banners" aria-live="polite">
      {lost !== null && (
        <p className="banner" data-hue="bad" role="alert">
          <DatabaseZap aria-hidden />
          <span>
            <strong>A background worker stopped.</strong> {lost} Recorded episodes are safe; an episode that was running ends where it was.
          </span>
          <Button size="small" onClick={() => void restart()}>
            Restart
          </Button>
        </p>
      )}
      {storage?.kind === 'memory' && (
        <p className="banner" data-hue="warn" title={storage.message}>
          <HardDrive aria-hidden />
          <span>
            <strong>Nothing is being saved.</strong> {meanings[storage.reason]} Everything works, but a reload loses it. Export what you want to keep.
          </span>
          <Button size="small" onClick={() => void reconnect()}>
            Try again
          </Button>
        </p>
      )}
    </div>
  )
}
