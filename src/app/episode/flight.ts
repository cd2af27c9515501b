// Motion that shows cause: what a call wrote flies from its card to the entry in long-term memory. Under 200 ms,
// and not at all for people who asked for less motion.

const duration = 190

function fly(from: DOMRect, to: DOMRect, hue: string) {
  const ghost = document.createElement('div')
  ghost.className = 'flight'
  ghost.dataset['hue'] = hue
  ghost.setAttribute('aria-hidden', 'true')
  Object.assign(ghost.style, { left: `${to.left}px`, top: `${to.top}px`, width: `${to.width}px`, height: `${Math.min(to.height, 60)}px` })
  document.body.append(ghost)
  const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${Math.min(2, from.width / Math.max(1, to.width))}, 0.6)`
  const flight = ghost.animate(
    [
      { transform: start, opacity: 0.75 },
      { transform: 'none', opacity: 0.25 },
    ],
    { duration, easing: 'cubic-bezier(0.3, 0, 0.2, 1)' },
  )
  const land = () => { ghost.remove() }
  flight.onfinish = land
  flight.oncancel = land
}

const changes = { add: '[data-hue="add"]', update: '[data-hue="update"]' } as const

/** Flies what step `index` added and updated from its calls, in this pane, to the cards that changed. */
export function flyChanges(pane: HTMLElement, index: number): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  for (const [hue, selector] of Object.entries(changes)) {
    const calls = pane.querySelectorAll(`[data-step="${index}"] .call${selector}[data-ok="true"]`)
    const cards = document.querySelectorAll(`.memory-card[data-change="${hue === 'add' ? 'added' : 'updated'}"]`)
    for (const [i, call] of [...calls].entries()) {
      const card = cards[i]
      const from = call.getBoundingClientRect()
      const to = card?.getBoundingClientRect()
      if (to && to.width > 0 && to.top >= 0 && to.top < innerHeight) fly(from, to, hue)
    }
  }
}
