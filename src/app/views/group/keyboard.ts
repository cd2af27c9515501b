// The keys of the Group view: 1 to 8 a rollout, ← → a step, ↑ ↓ a task, T its tokens, Enter the rollout in Watch. They rest
// while somebody types, moves a slider or has a menu open.
import { useEffect } from 'react'
import { useStores } from '../../state/context.tsx'
import { useStepNav } from './group-nav.tsx'
import { groupShown } from '../../state/group.ts'

const taken = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="slider"]'
const pressable = 'button, a, summary'

export function useGroupKeys(): void {
  const { workspace, ui } = useStores()
  const { previous, next } = useStepNav()
  useEffect(() => {
    const { group } = workspace
    const turn = (by: number) => {
      const state = group.getState()
      if (state.loaded.state !== 'ready') return
      const count = state.loaded.groups.length
      state.chooseGroup((groupShown(state) + by + count) % count)
    }
    const rolloutsShown = () => {
      const state = group.getState()
      return state.loaded.state === 'ready' ? (state.loaded.groups[groupShown(state)]?.rollouts ?? []) : []
    }
    const actionOf = (key: string): (() => void) | null => {
      if (/^[1-9]$/.test(key)) return Number(key) <= rolloutsShown().length ? () => { group.getState().chooseRollout(Number(key) - 1) } : null
      switch (key) {
        case 'ArrowLeft':
          return previous
        case 'ArrowRight':
          return next
        case 'ArrowUp':
          return () => { turn(-1) }
        case 'ArrowDown':
          return () => { turn(1) }
        case 't':
          return () => { group.getState().showTokens(!group.getState().tokens) }
        case 'Enter':
          return () => {
            const chosen = rolloutsShown()[group.getState().rollout]
            if (chosen) workspace.watch(chosen.trajectory)
          }
        default:
          return null
      }
    }
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || ui.getState().view !== 'group') return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest(taken) || (event.key === 'Enter' && target?.closest(pressable))) return
      const act = actionOf(event.key)
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', press)
    return () => { document.removeEventListener('keydown', press) }
  }, [workspace, ui, previous, next])
}
