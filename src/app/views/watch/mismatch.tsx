// A line over the conversation when the sentence was changed since the episode that is shown.
import { useMemo } from 'react'
import { currentTask } from '../../state/config.ts'
import { describes } from '../../state/restore.ts'
import { useConfig, useFiles, useStores, useUi } from '../../state/context.tsx'
import { isLive, type Shown } from '../../state/episode.ts'
import { Button } from '../../ui/button.tsx'

export function Mismatch({ shown }: { shown: Shown }) {
  const config = useConfig((state) => state)
  const file = useFiles((state) => state.loaded)
  const touring = useUi((state) => state.tour !== 'off')
  const { actions } = useStores()
  const planned = useMemo(() => currentTask(config, file), [config, file])
  if (touring || isLive(shown) || describes(config, planned, shown.trajectory)) return null
  return (
    <div className="mismatch">
      <p>
        Below is an episode of <strong>{shown.trajectory.policy}</strong> with other settings. The sentence above says what Run plays next.
      </p>
      <Button size="small" onClick={() => { actions.describe(shown.trajectory) }}>
        Back to its settings
      </Button>
    </div>
  )
}
