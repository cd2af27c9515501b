// The dialogs over every view. A file of their own brings them when the page stands.
import { useUi } from '../state/context.tsx'
import { late } from '../ui/late.tsx'

const Help = late(async () => (await import('./help.tsx')).Help)
const Commands = late(async () => (await import('./commands.tsx')).Commands)

export function Dialogs() {
  const help = useUi((state) => state.help)
  const commands = useUi((state) => state.commands)
  return (
    <>
      {help && <Help />}
      {commands && <Commands />}
    </>
  )
}
