// Is an element on the screen, or nearly? What is not need not be drawn.
import { useEffect, useState, type RefObject } from 'react'

/** So far below and above the screen counts as nearly. */
const margin = '200px'

export function useInView(element: RefObject<Element | null>): boolean {
  const [inView, setInView] = useState(false)
  useEffect(() => {
    if (!element.current) return
    const observer = new IntersectionObserver((entries) => { setInView(entries.some(({ isIntersecting }) => isIntersecting)) }, { rootMargin: margin })
    observer.observe(element.current)
    return () => { observer.disconnect() }
  }, [element])
  return inView
}
