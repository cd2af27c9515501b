// A model on its way into this browser: how far, how long still, and the buttons that stop and resume it.
import { Pause, Play, X } from 'lucide-react'
import { size } from '../../format.ts'
import { t } from '../../locales/index.ts'
import type { Download } from '../../state/downloads.ts'
import { Button } from '../../ui/button.tsx'
import { rate, secondsLeft } from '../../state/download-pace.ts'
import { Problem } from '../../ui/webllm-problem.tsx'
import { duration, wordsOf } from '../../ui/webllm-words.ts'

/** "120 of 870 MB, 12 MB a second, about 1 min left" */
function progressWords({ phase, progress, samples }: Download): string {
  const words = t().models.transfer
  if (!progress) return phase === 'running' ? words.asking : words.notBegun
  const { bytes, total } = progress
  const so = total === null ? size(bytes) : words.of(size(bytes), size(total))
  if (phase !== 'running') return words.here(so)
  const speed = rate(samples)
  const left = secondsLeft(samples, total)
  const parts = [so, speed === null ? null : words.speed(size(speed)), left === null ? null : words.left(duration(left))]
  return words.join(parts.filter((part) => part !== null))
}

interface TransferProps {
  name: string
  download: Download
  /** With `forget` it is not gone on with unless somebody asks for it anew. */
  onPause: (forget: boolean) => void
  onResume: () => void
  /** Deletes what is here. */
  onDelete: () => void
}

export function Transfer({ name, download, onPause, onResume, onDelete }: TransferProps) {
  const { phase, progress, problem } = download
  const share = progress?.total ? progress.bytes / progress.total : 0
  const percent = Math.round(100 * share)
  const { transfer: words, row } = t().models
  const going = phase === 'running' || phase === 'stopping'
  return (
    <div className="transfer">
      <div className="transfer-line">
        <div className="loading-track" role="progressbar" aria-label={words.label(name)} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} data-phase={phase}>
          <span style={{ width: `${percent}%` }} />
        </div>
        {going ? (
          <Button size="small" disabled={phase === 'stopping'} aria-label={words.pauseOne(name)} onClick={() => { onPause(false) }}>
            <Pause aria-hidden /> {phase === 'stopping' ? words.stopping : words.pause}
          </Button>
        ) : (
          phase === 'paused' && (
            <Button size="small" aria-label={row.resumeOne(name)} onClick={onResume}>
              <Play aria-hidden /> {row.resume}
            </Button>
          )
        )}
        <Button size="small" look="bare" aria-label={words.cancelOne(name)} title={words.cancelHint} onClick={() => { onPause(true) }}>
          <X aria-hidden /> {words.cancel}
        </Button>
      </div>
      <p className="quiet" aria-live={going ? 'off' : 'polite'}>
        {phase === 'paused' ? words.paused : ''}
        {words.join([progressWords(download), ...(progress?.ofFiles ? [row.files(progress.files, progress.ofFiles)] : [])])}
      </p>
      {problem && (
        <Problem problem={problem}>
          {wordsOf(problem).offer === 'delete' ? (
            <Button size="small" onClick={onDelete}>
              {words.deleteHere(progress ? size(progress.bytes) : null)}
            </Button>
          ) : (
            <Button size="small" onClick={onResume}>
              {words.again}
            </Button>
          )}
        </Problem>
      )}
    </div>
  )
}
