// Is the window too narrow for three columns? Read from the browser, never mirrored.
import { useSyncExternalStore } from 'react'

const query = '(max-width: 1099px)'

function subscribe(listener: () => void): () => void {
  const list = matchMedia(query)
  list.addEventListener('change', listener)
  return () => { list.removeEventListener('change', listener) }
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
