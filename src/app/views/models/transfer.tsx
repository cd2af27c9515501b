// A model on its way into the browser's cache: how far, how long still, and the buttons that stop and resume it.
import { Pause, Play, X } from 'lucide-react'
import type { WebLlmModel } from '../../../core/policy/webllm.ts'
import { size } from '../../format.ts'
import { useActions, useStores } from '../../state/context.tsx'
import type { Download } from '../../state/webllm.ts'
import { Button } from '../../ui/button.tsx'
import { rate, secondsLeft } from '../../state/download-pace.ts'
import { Problem } from '../../ui/webllm-problem.tsx'
import { duration, wordsOf } from '../../ui/webllm-words.ts'

/** "120 of 870 MB, 12 MB a second, about 1 min left" */
function progressWords({ phase, progress, samples }: Download): string {
  if (!progress) return phase === 'running' ? 'Asking for its list of files…' : 'Not begun.'
  const { bytes, total } = progress
  const so = total === null ? size(bytes) : `${size(bytes)} of ${size(total)}`
  if (phase !== 'running') return `${so} here`
  const speed = rate(samples)
  const left = secondsLeft(samples, total)
  return [so, speed === null ? null : `${size(speed)} a second`, left === null ? null : `${duration(left)} left`].filter((part) => part !== null).join(', ')
}

export function Transfer({ model, download }: { model: WebLlmModel; download: Download }) {
  const { webllm } = useStores()
  const { deleteWebLlm } = useActions()
  const { phase, progress, problem } = download
  const { id } = model
  const state = webllm.getState()
  const share = progress?.total ? progress.bytes / progress.total : 0
  const percent = Math.round(100 * share)
  const going = phase === 'running' || phase === 'stopping'
  return (
    <div className="transfer">
      <div className="transfer-line">
        <div className="loading-track" role="progressbar" aria-label={`Download of ${id}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} data-phase={phase}>
          <span style={{ width: `${percent}%` }} />
        </div>
        {going ? (
          <Button size="small" disabled={phase === 'stopping'} aria-label={`Pause the download of ${id}`} onClick={() => void state.pause(id)}>
            <Pause aria-hidden /> {phase === 'stopping' ? 'Stopping…' : 'Pause'}
          </Button>
        ) : (
          phase === 'paused' && (
            <Button size="small" aria-label={`Resume the download of ${id}`} onClick={() => void state.download(id)}>
              <Play aria-hidden /> Resume
            </Button>
          )
        )}
        <Button size="small" look="bare" aria-label={`Cancel the download of ${id}`} title="What has come is kept until you delete it." onClick={() => void state.pause(id, true)}>
          <X aria-hidden /> Cancel
        </Button>
      </div>
      <p className="quiet" aria-live={going ? 'off' : 'polite'}>
        {phase === 'paused' ? 'Paused. ' : ''}
        {progressWords(download)}
        {progress?.ofFiles ? `, ${progress.files} of ${progress.ofFiles} files` : ''}
      </p>
      {problem && (
        <Problem problem={problem}>
          {wordsOf(problem).offer === 'delete' ? (
            <Button size="small" onClick={() => void deleteWebLlm(model, progress?.bytes ?? 0)}>
              Delete what is here{progress ? `, ${size(progress.bytes)}` : ''}
            </Button>
          ) : (
            <Button size="small" onClick={() => void state.download(id)}>
              Try again
            </Button>
          )}
        </Problem>
      )}
    </div>
  )
}
