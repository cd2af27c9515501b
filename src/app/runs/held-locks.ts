// Which locks are held in any tab of this page: whether a run is being trained elsewhere.
import { useEffect, useState } from 'react'

const none: ReadonlySet<string> = new Set()

/** Names of the locks, looked up whenever the page is looked at and whenever `about` is another. */
export function useHeldLocks(about: unknown): ReadonlySet<string> {
  const [held, setHeld] = useState(none)
  useEffect(() => {
    let gone = false
    const look = () => {
      // Not there in a page that is not served securely; then no other tab is known of.
      if (!('locks' in navigator)) return
      navigator.locks.query().then(
        (locks) => {
          if (!gone) setHeld(new Set(locks.held?.flatMap(({ name }) => name ?? [])))
        },
        () => undefined,
      )
    }
    look()
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      gone = true
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [about])
  return held
}
