// Points at something on the page: all around it is a little darker. It takes no clicks and no keys, follows what it points
// at, and is gone where there is nothing to point at.
import { useEffect, useRef } from 'react'
import './spotlight.css'

/** Room around what is pointed at, px. */
const margin = 4

/** The part of it that can be seen, in the window; null: none. */
function visiblePart(element: Element | null): { x: number; y: number; width: number; height: number } | null {
  if (!element) return null
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const x = Math.max(0, left - margin)
  const y = Math.max(0, top - margin)
  const width = Math.min(innerWidth, right + margin) - x
  const height = Math.min(innerHeight, bottom + margin) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Scrolls the pane that it lies in, and nothing else: the page itself never scrolls. */
function reveal(element: Element): void {
  let pane = element.parentElement
  while (pane && !/auto|scroll/.test(getComputedStyle(pane).overflowY)) pane = pane.parentElement
  if (!pane) return
  const [inner, outer] = [element.getBoundingClientRect(), pane.getBoundingClientRect()]
  if (inner.bottom > outer.bottom) pane.scrollTop += Math.min(inner.bottom - outer.bottom, inner.top - outer.top)
  else if (inner.top < outer.top) pane.scrollTop -= outer.top - inner.top
}

/** @param on selector of it; the first that there is */
export function Spotlight({ on }: { on: string }) {
  const light = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const target = document.querySelector(on)
    if (target) reveal(target)
    let frame = 0
    const sizeNow = () => `${innerWidth} × ${innerHeight}`
    let size = sizeNow()
    const place = () => {
      const { current } = light
      if (!current) return
      const part = visiblePart(document.querySelector(on))
      current.hidden = part === null
      // With the window it changes at once: else it would stand beyond the edge for a moment.
      current.dataset['jumps'] = String(sizeNow() !== size)
      size = sizeNow()
      if (!part) return
      current.style.translate = `${part.x}px ${part.y}px`
      current.style.width = `${part.width}px`
      current.style.height = `${part.height}px`
    }
    const follow = () => {
      place()
      frame = requestAnimationFrame(follow)
    }
    follow()
    window.addEventListener('resize', place)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('resize', place)
    }
  }, [on])
  return <div ref={light} className="spotlight" aria-hidden hidden />
}
