// How much room an element has, as the browser lays it out.
import { useEffect, useState, type RefObject } from 'react'

interface Room {
  /** In px. */
  width: number
  /** The page's unit of length, px: it grows with the window. */
  rem: number
}

/** null until it has been laid out. Whoever goes by it goes by steps: it changes with every pixel. */
export function useRoom(ref: RefObject<HTMLElement | null>): Room | null {
  const [room, setRoom] = useState<Room | null>(null)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      if (entry) setRoom({ width: entry.contentRect.width, rem })
    })
    observer.observe(element)
    return () => { observer.disconnect() }
  }, [ref])
  return room
}
