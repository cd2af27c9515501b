// The reply that the model is writing, as far as it has come, and its loading before that.
import type { ModelProgress } from '../../core/policy/model.ts'
import { useEpisode } from '../state/context.tsx'

/** A bar with what is being done. */
export function LoadingBar({ progress: { doing, share } }: { progress: ModelProgress }) {
  const percent = Math.round(100 * share)
  return (
    <div className="loading">
      <p className="quiet">{doing}…</p>
      <div className="loading-track" role="progressbar" aria-label={doing} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <span style={{ width: `${percent}%` }} />
      </div>
    </div>
  )
}

export function LiveReply() {
  const text = useEpisode((state) => state.text)
  if (text === '') return null
  return (
    <p className="live-reply wrote" aria-hidden>
      {text}
      <span className="live-cursor" />
    </p>
  )
}
