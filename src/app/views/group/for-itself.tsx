// A group that was played for itself: what it is, and how far it is while it plays.
import { RotateCcw, Square } from 'lucide-react'
import type { GroupProgress } from '../../../rpc/contracts.ts'
import { t } from '../../locales/index.ts'
import { useActions, useGroup, useStores } from '../../state/context.tsx'
import { loadWords } from '../../ui/live-reply.tsx'
import { Breadcrumb } from '../../ui/breadcrumb.tsx'
import { Button } from '../../ui/button.tsx'

export function ForItself() {
  const { ui } = useStores()
  const { playGroup } = useActions()
  const at = useGroup((state) => state.at)
  const loaded = useGroup((state) => state.loaded)
  const words = t().play.group
  const first = loaded.state === 'ready' ? loaded.groups[0]?.rollouts[0]?.trajectory : undefined
  const rollouts = at?.rollouts ?? 0
  return (
    <Breadcrumb
      label={words.where}
      crumbs={[{ text: t().frame.views.watch, title: words.toWatch, onGo: () => { ui.getState().setView('watch') } }, { text: words.title(rollouts) }]}
    >
      {first && words.by(first.policy, first.seed)}
      {loaded.state === 'ready' && (
        <Button size="small" look="bare" title={words.againTitle} onClick={() => void playGroup(rollouts)}>
          <RotateCcw aria-hidden /> {words.again}
        </Button>
      )}
    </Breadcrumb>
  )
}

export function Playing({ of, progress }: { of: number; progress: GroupProgress | null }) {
  const { stopGroup } = useActions()
  const words = t().play.group
  const loading = progress?.loading ?? null
  return (
    <div className="group-note" role="status">
      <p>{loading ? `${loadWords(loading.doing)}…` : words.playing(progress?.over ?? 0, of, progress?.steps ?? 0)}</p>
      <progress value={loading ? loading.share : (progress?.over ?? 0) / of} max={1} aria-label={words.progress} />{' '}
      <Button size="small" onClick={stopGroup}>
        <Square aria-hidden /> {words.stop}
      </Button>
    </div>
  )
}
