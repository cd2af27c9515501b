// A line over the conversation when what is shown is not what the sentence says: a recorded episode, or settings
// that were changed since.
import { useMemo } from 'react'
import { scriptedNames } from '../../core/policy/scripted.ts'
import { currentTask } from '../stores/config.ts'
import { useConfig, useFiles, useStores, useUi } from '../stores/context.tsx'
import { isLive, type Shown } from '../stores/episode.ts'
import { Button } from '../ui/button.tsx'

export function Mismatch({ shown }: { shown: Shown }) {
  const config = useConfig((state) => state)
  const file = useFiles((state) => state.loaded)
  const touring = useUi((state) => state.tour !== 'off')
  const { actions } = useStores()
  const planned = useMemo(() => currentTask(config, file), [config, file])
  const { trajectory, origin } = shown
  const sameTask = planned?.id === trajectory.task.id
  const same = sameTask && config.policy === trajectory.policy && JSON.stringify(config.settings) === JSON.stringify(trajectory.settings)
  if (same || touring || isLive(shown)) return null
  const known = scriptedNames.some((name) => name === trajectory.policy)
  return (
    <div className="mismatch">
      <p>
        {origin === 'recorded' ? 'A recorded episode' : 'The episode that you ran'}, played by <strong>{trajectory.policy}</strong>. The sentence above says what Run plays next.
      </p>
      {!sameTask && known && (
        <Button size="small" onClick={() => { actions.takeTask(trajectory) }}>
          Use this task
        </Button>
      )}
    </div>
  )
}
