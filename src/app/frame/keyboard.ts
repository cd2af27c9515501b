// The keys of the page, as the views and the page itself declare them. They rest while somebody types, and while a menu or
// dialog has the keyboard.
import { useEffect } from 'react'
import { namesOf } from '../../core/table.ts'
import { t } from '../locales/index.ts'
import { useStores, type Stores } from '../state/context.tsx'
import type { View } from '../state/ui.ts'
import type { Shortcut } from '../view.ts'
import { views } from '../views/index.ts'

/** Keys that hold in every view. */
const everywhere: readonly Shortcut[] = [
  { shown: '?', help: () => t().frame.keys.help, keys: { '?': ({ ui }) => { ui.getState().setHelp(true) } } },
]

/** The keys of commands: of one view, or of every view. */
const ofCommands = ({ commands }: Stores, view: View | undefined): Shortcut[] =>
  commands.flatMap(({ key, label, view: where, enabled, go }) =>
    key && where === view ? [{ shown: key.shown, help: label, keys: { [key.key]: () => { if (enabled()) go() } } }] : [],
  )

/** All keys, for the help: those of each view under its title. */
export function shortcutGroups(stores: Stores): { title: string; shortcuts: readonly Shortcut[] }[] {
  const own = namesOf(views).map((view) => ({
    title: views[view].title(),
    shortcuts: [...(views[view].shortcuts ?? []), ...ofCommands(stores, view)],
  }))
  const list = { shown: 'Ctrl K', help: () => t().actions.commands, keys: {} }
  const all = { title: t().frame.keys.everywhere, shortcuts: [...ofCommands(stores, undefined), list, ...everywhere] }
  return [...own, all].filter(({ shortcuts }) => shortcuts.length > 0)
}

const typing =
  'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="slider"][data-radix-collection-item]'
const pressable = 'button, a, summary, [role="menuitem"]'
/** What the browser presses a button with. */
const pressing = new Set([' ', 'Enter'])

export function useKeyboard(): void {
  const stores = useStores()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        stores.ui.getState().setCommands(true)
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest(typing) || (pressing.has(event.key) && target?.closest(pressable))) return
      const { view } = stores.ui.getState()
      const shortcuts = [...(views[view].shortcuts ?? []), ...ofCommands(stores, view), ...ofCommands(stores, undefined)]
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const act = [...shortcuts, ...everywhere].map(({ keys }) => keys[key]).find((each) => each !== undefined)
      if (!act) return
      event.preventDefault()
      act(stores)
    }
    document.addEventListener('keydown', press)
    return () => { document.removeEventListener('keydown', press) }
  }, [stores])
}
