// Over an episode that was branched off: what was changed, and the way to the one that it began as, also beside it.
import { Columns2 } from 'lucide-react'
import type { Branch } from '../../../core/record/setup.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { Pair } from '../../episode/pair/pair.tsx'
import { t } from '../../locales/index.ts'
import { useActions, useStores } from '../../state/context.tsx'
import { isLive, type Shown } from '../../state/episode.ts'
import { Button } from '../../ui/button.tsx'
import styles from './what-if.module.css'

function changeWords({ step, change }: Branch, policy: string): string {
  const words = t().play.whatIf.changed
  switch (change.what) {
    case 'message':
      return words.message(step + 1, change.text, policy)
    case 'memory':
      if (change.text === null) return words.deleted(step + 1, change.id ?? '', policy)
      return change.id === null ? words.added(step + 1, change.text, policy) : words.memory(step + 1, change.id, change.text, policy)
    case 'reply':
      return words.reply(step + 1, policy)
  }
}

/** @param beside the episode that it began as stands beside it */
export function BranchLine({ shown, beside }: { shown: Shown; beside: boolean }) {
  const { episode, ui } = useStores()
  const { open, putBeside } = useActions()
  const { branch } = shown.trajectory.setup
  const words = t().play.whatIf
  if (!branch) return null
  const gone = () => ui.getState().notify({ tone: 'warn', topic: 'link', text: words.originalGone })
  const toOriginal = async () => {
    if (!(await open(branch.of, branch.step))) gone()
  }
  return (
    <section className={styles['line']} aria-label={words.open}>
      <p>{changeWords(branch, shown.trajectory.policy)}</p>
      {!isLive(shown) && (
        <Button size="small" aria-pressed={beside} onClick={() => { if (beside) episode.setState({ beside: null }); else void putBeside() }}>
          <Columns2 aria-hidden /> {beside ? words.alone : words.beside}
        </Button>
      )}
      <Button size="small" onClick={() => void toOriginal()}>
        {words.original}
      </Button>
    </section>
  )
}

export function Beside({ original, shown }: { original: Trajectory; shown: Shown }) {
  const { episode } = useStores()
  const words = t().play.whatIf
  const { trajectory, key } = shown
  return (
    // Whoever watches one of the two leaves the other.
    <div className={styles['beside']} onClick={(event) => { if (event.target instanceof Element && event.target.closest('header button')) episode.setState({ beside: null }) }}>
      <Pair
        left={{ name: words.sides.original(original.policy), who: 0, trajectory: original, episode: trajectory.setup.branch?.of }}
        right={{ name: words.sides.branch(trajectory.policy), who: 1, trajectory, episode: key }}
      />
    </div>
  )
}
