// The keys of the Watch view. They rest while somebody types, and while a menu or dialog has the keyboard.
import { useEffect } from 'react'
import { useStores } from '../../state/context.tsx'
import { position } from '../../state/episode.ts'

/** Keys and what they do, for the help. */
export const keys: readonly [string, string][] = [
  ['← →', 'one step back or forward'],
  ['[ ]', 'previous or next stage'],
  ['Home End', 'first or last step'],
  ['Space', 'play or pause'],
  ['R', 'run'],
  ['T', 'tokens of the reply'],
  ['1…8', 'in Group: a rollout'],
  ['↑ ↓', 'in Group: another task'],
  ['?', 'this help'],
]

const typing = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="slider"][data-radix-collection-item]'
const pressable = 'button, a, summary, [role="menuitem"]'

export function useKeyboard() {
  const { episode, ui, actions } = useStores()
  useEffect(() => {
    const toStage = (direction: 1 | -1) => {
      const state = episode.getState()
      if (!state.shown) return
      const { steps } = state.shown.trajectory
      const at = position(state)
      const starts = steps.flatMap(({ phase }, index) => (phase === steps[index - 1]?.phase ? [] : [index]))
      const target = direction === 1 ? starts.find((index) => index > at) : starts.findLast((index) => index < at)
      state.seek(target ?? (direction === 1 ? steps.length - 1 : 0))
    }
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest(typing)) return
      if (event.key === '?') {
        ui.getState().setHelp(true)
        return
      }
      if (ui.getState().view !== 'watch' || (event.key === ' ' && target?.closest(pressable))) return
      const act = actionOf(event.key)
      if (!act) return
      event.preventDefault()
      act()
    }
    const actionOf = (key: string): (() => void) | null => {
      switch (key) {
        case 'ArrowLeft':
          return () => { actions.move(-1) }
        case 'ArrowRight':
          return () => { actions.move(1) }
        case '[':
          return () => { toStage(-1) }
        case ']':
          return () => { toStage(1) }
        case 'Home':
          return () => { episode.getState().seek(0) }
        case 'End':
          return () => { episode.getState().seek(Infinity) }
        case ' ':
          return () => { actions.togglePlay() }
        case 't':
          return () => { ui.getState().setTokens(!ui.getState().tokens) }
        case 'r':
          return () => { void actions.run() }
        default:
          return null
      }
    }
    document.addEventListener('keydown', press)
    return () => { document.removeEventListener('keydown', press) }
  }, [episode, ui, actions])
}
