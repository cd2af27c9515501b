// The list of commands: every view and every action that has a name, by its first letters.
import { useId, useState, type KeyboardEvent } from 'react'
import { namesOf } from '../../core/table.ts'
import { t } from '../locales/index.ts'
import { useStores, useUi, type Stores } from '../state/context.tsx'
import { Modal } from '../ui/modal.tsx'
import { views } from '../views/index.ts'

interface Line {
  label: string
  shown?: string
  go: () => void
}

/** What can be done now, and where one can go. */
function linesOf({ commands, ui }: Stores): Line[] {
  const { view: here, setView } = ui.getState()
  const actions = commands
    .filter(({ view, enabled }) => (view === undefined || view === here) && enabled())
    .map(({ label, key, go }) => ({ label: label(), shown: key?.shown, go }))
  const places = namesOf(views)
    .filter((view) => view !== here)
    .map((view) => ({ label: t().actions.goTo(views[view].title()), go: () => { setView(view) } }))
  return [...actions, ...places]
}

function List({ onClose }: { onClose: () => void }) {
  const stores = useStores()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const wanted = typed.trim().toLowerCase()
  const lines = linesOf(stores).filter(({ label }) => label.toLowerCase().includes(wanted))
  const at = Math.min(chosen, lines.length - 1)
  const take = (line: Line | undefined) => {
    if (!line) return
    onClose()
    line.go()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(1, lines.length))
    else if (event.key === 'ArrowUp') setChosen((at - 1 + lines.length) % Math.max(1, lines.length))
    else if (event.key === 'Enter') take(lines[at])
    else return
    event.preventDefault()
  }
  return (
    <div className="commands">
      <input
        type="text"
        role="combobox"
        data-first
        aria-label={t().actions.search}
        placeholder={t().actions.search}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={lines[at] ? `${id}-${at}` : undefined}
        value={typed}
        onKeyDown={press}
        onChange={(event) => {
          setTyped(event.target.value)
          setChosen(0)
        }}
      />
      <ul id={id} role="listbox" aria-label={t().actions.commands}>
        {lines.map((line, index) => (
          <li key={line.label} id={`${id}-${index}`} role="option" aria-selected={index === at} onClick={() => { take(line) }}>
            {line.label}
            {line.shown !== undefined && <kbd>{line.shown}</kbd>}
          </li>
        ))}
      </ul>
      {lines.length === 0 && <p className="quiet">{t().actions.none}</p>}
    </div>
  )
}

export function Commands() {
  const open = useUi((state) => state.commands)
  const { ui } = useStores()
  const close = () => { ui.getState().setCommands(false) }
  return (
    <Modal open={open} title={t().actions.commands} onClose={close}>
      <List onClose={close} />
    </Modal>
  )
}
