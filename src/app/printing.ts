// On paper the episode goes to its end, wherever the scrubber stands; afterwards the scrubber stands there again.
import type { EpisodeStore } from './state/episode.ts'

/** Starts watching for prints. @returns what stops it */
export function printWhole(episode: EpisodeStore): () => void {
  let before: { key: string; at: number } | null = null
  const begin = () => {
    const { shown, at } = episode.getState()
    before = shown && at !== null ? { key: shown.key, at } : null
    if (before) episode.setState({ at: null })
  }
  const end = () => {
    const { shown } = episode.getState()
    if (before && shown?.key === before.key) episode.setState({ at: before.at })
    before = null
  }
  addEventListener('beforeprint', begin)
  addEventListener('afterprint', end)
  return () => {
    removeEventListener('beforeprint', begin)
    removeEventListener('afterprint', end)
  }
}
