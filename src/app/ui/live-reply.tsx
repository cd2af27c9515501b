// The reply that the model is writing, as far as it has come, and its loading before that.
import type { LoadStep, ModelProgress } from '../../core/policy/model.ts'
import { t } from '../locales/index.ts'
import { useEpisode } from '../state/context.tsx'

/** What is being done while a model loads. */
export function loadWords(doing: LoadStep): string {
  const words = t().ui.load
  return doing.step === 'reading' ? words.reading(doing.file) : words[doing.step]
}

/** A bar with what is being done. */
export function LoadingBar({ progress: { doing, share } }: { progress: ModelProgress }) {
  const words = loadWords(doing)
  const percent = Math.round(100 * share)
  return (
    <div className="loading">
      <p className="quiet">{words}…</p>
      <div className="loading-track" role="progressbar" aria-label={words} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
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
