// Runs of the same plan that are kept here or came with the page: what is usual.
import { useEffect, useMemo } from 'react'
import { sameData } from '../../../core/same-data.ts'
import type { RunRecord } from '../../../core/training/runs.ts'
import { useRuns, useWorkspace } from '../../state/context.tsx'
import type { Measured } from './chart-rows.ts'

/** Whatever the seed, and however many steps are planned. */
function samePlan(a: RunRecord, b: RunRecord): boolean {
  const plan = ({ config }: RunRecord) => ({ ...config, seed: 0, steps: 0 })
  return a.model === b.model && sameData(plan(a), plan(b))
}

/** So many of them are read, newest first. */
const most = 6
const none: readonly RunRecord[] = []

/** What they measured, as far as it is read: they are read once the run is on show. */
export function useRecorded(run: RunRecord): readonly Measured[] {
  const { runs } = useWorkspace()
  const all = useRuns((state) => state.runs) ?? none
  const data = useRuns((state) => state.data)
  const like = all.filter((each) => each.key !== run.key && each.steps > 1 && !each.supervised && samePlan(each, run)).slice(0, most)
  const keys = like.map(({ key }) => key).join(' ')
  useEffect(() => {
    if (keys !== '') void runs.getState().read(keys.split(' '))
  }, [runs, keys])
  return useMemo(
    () =>
      keys.split(' ').flatMap((key) => {
        const read = data[key]
        return read?.state === 'ready' ? [read] : []
      }),
    [keys, data],
  )
}
