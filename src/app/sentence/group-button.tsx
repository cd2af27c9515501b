// Plays several rollouts of the task, to compare them.
import { Users } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { groupSizes } from '../../rpc/group-key.ts'
import { t } from '../locales/index.ts'
import { useEpisode } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Controls } from './controls.ts'

export function GroupButton() {
  const [rollouts, setRollouts] = useState<number>(groupSizes.usual)
  const waiting = useEpisode((state) => state.waiting)
  const words = t().play.group
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button shape="icon" disabled={waiting} aria-label={words.open} title={words.open}>
          <Users aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" align="end" sideOffset={6} collisionPadding={12} aria-label={words.open}>
          <Controls.group rollouts={rollouts} onChange={setRollouts} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
