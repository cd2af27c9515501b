// Plays several rollouts of the task, to compare them.
import { Users } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { groupSizes } from '../../rpc/group-key.ts'
import { t } from '../locales/index.ts'
import { useActions, useConfig, useEpisode } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { SliderField } from '../ui/fields.tsx'

export function GroupButton() {
  const [rollouts, setRollouts] = useState<number>(groupSizes.usual)
  const person = useConfig((state) => state.policy === 'person')
  const waiting = useEpisode((state) => state.waiting)
  const { playGroup } = useActions()
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
          <div className="fields">
            <SliderField label={words.rollouts} name={words.rollouts} value={rollouts} min={groupSizes.least} max={groupSizes.most} onChange={setRollouts} />
          </div>
          <p className="popover-note quiet">{person ? words.noPerson : words.about}</p>
          <p className="popover-note">
            <Popover.Close asChild>
              <Button look="primary" disabled={person} onClick={() => void playGroup(rollouts)}>
                {words.play(rollouts)}
              </Button>
            </Popover.Close>
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
