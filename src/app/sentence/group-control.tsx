// How many rollouts of the task are played, and the button that plays them.
import { Popover } from 'radix-ui'
import { groupSizes } from '../../rpc/group-key.ts'
import { t } from '../locales/index.ts'
import { useActions, useConfig } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { SliderField } from '../ui/fields.tsx'

export function GroupControl({ rollouts, onChange }: { rollouts: number; onChange: (rollouts: number) => void }) {
  const person = useConfig((state) => state.policy === 'person')
  const { playGroup } = useActions()
  const words = t().play.group
  return (
    <>
      <div className="fields">
        <SliderField label={words.rollouts} name={words.rollouts} value={rollouts} min={groupSizes.least} max={groupSizes.most} onChange={onChange} />
      </div>
      <p className="popover-note quiet">{person ? words.noPerson : words.about}</p>
      <p className="popover-note">
        <Popover.Close asChild>
          <Button look="primary" disabled={person} onClick={() => void playGroup(rollouts)}>
            {words.play(rollouts)}
          </Button>
        </Popover.Close>
      </p>
    </>
  )
}
