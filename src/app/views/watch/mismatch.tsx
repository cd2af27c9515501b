// A line over the conversation when the sentence was changed since the episode that is shown.
import { useMemo } from 'react'
import { t } from '../../locales/index.ts'
import { currentTask } from '../../state/config.ts'
import { describes } from '../../state/restore.ts'
import { useConfig, useFiles, useStores, useUi } from '../../state/context.tsx'
import { isLive, type Shown } from '../../state/episode.ts'
import { Button } from '../../ui/button.tsx'
import { Fill } from '../../ui/fill.tsx'

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
        <Fill words={t().watch.mismatch.words} slots={{ policy: <strong>{shown.trajectory.policy}</strong> }} />
      </p>
      <Button size="small" onClick={() => { actions.describe(shown.trajectory) }}>
        {t().watch.mismatch.back}
      </Button>
    </div>
  )
}
