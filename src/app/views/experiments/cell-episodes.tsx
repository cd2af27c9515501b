// The episodes that a number is made of: each is played again when it is chosen.
import { Play, X } from 'lucide-react'
import { metricsOf } from '../../../core/evaluation/metrics.ts'
import { measureOf } from '../../../core/experiments/measures.ts'
import type { ExperimentCell } from '../../../core/experiments/result.ts'
import { measureIn, type TableCell, type TableColumn, type TableRow } from '../../../core/experiments/table.ts'
import { rewardPresets } from '../../../core/reward/presets.ts'
import { scoreTrajectory } from '../../../core/reward/score.ts'
import type { ModelSource } from '../../../core/policy/model.ts'
import { t } from '../../locales/index.ts'
import { useExperiments, useStores } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { numberOf } from './numbers.ts'
import { columnWords } from './table.tsx'

interface Props {
  row: TableRow
  column: TableColumn
  cell: TableCell
  /** null: the model is not at hand, and nothing can be played. */
  source: ModelSource | null
  onClose: () => void
}

export function CellEpisodes({ row, column, cell, source, onClose }: Props) {
  const { workspace, ui } = useStores()
  const replaying = useExperiments((state) => state.replaying)
  const live = useExperiments((state) => state.live)
  const words = t().experiments
  const measure = measureIn(column)
  const show = (value: number | null) => (value === null ? words.episodes.none : numberOf(value, measure))
  const names: Readonly<Record<string, string>> = words.data
  const open = async (of: ExperimentCell, place: number, was: number | null) => {
    if (!source) return
    const trajectory = await workspace.experiments.getState().replay({ arm: of.arm, data: of.data, seed: of.seed, place }, source)
    if (!trajectory) return
    const is = measureOf(column.measure).of({ trajectory, metrics: metricsOf(trajectory, scoreTrajectory(trajectory, rewardPresets.paper)) })
    if (was !== null && is !== null && Math.abs(was - is) > 1e-5) ui.getState().notify({ tone: 'info', topic: 'replay', text: words.episodes.differs(show(was), show(is)) })
    workspace.watch(trajectory)
  }
  const title = words.episodes.title(row.arm.label, columnWords(column))
  return (
    <section className="experiment-episodes" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <Button look="bare" shape="icon" size="small" aria-label={words.episodes.close} title={words.episodes.close} onClick={onClose}>
          <X aria-hidden />
        </Button>
      </header>
      <p className="quiet">{replaying ? words.episodes.playing : words.episodes.about}</p>
      {cell.cells.map((of) => (
        <div key={`${of.data} ${of.seed}`} className="experiment-of">
          <h4>{words.episodes.of(names[of.data] ?? of.data, of.seed)}</h4>
          <ol>
            {of.tasks.map((task, place) => {
              const value = of.values[column.measure]?.[place] ?? null
              return (
                <li key={task}>
                  <button type="button" className="experiment-episode" disabled={replaying || live !== null || source === null} aria-label={words.episodes.open(place + 1, show(value))} title={words.episodes.open(place + 1, show(value))} onClick={() => void open(of, place, value)}>
                    <Play aria-hidden /> {show(value)}
                  </button>
                </li>
              )
            })}
          </ol>
        </div>
      ))}
    </section>
  )
}
