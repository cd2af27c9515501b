// The settings of the episode on show, under its outcome: what would have to be said to play it again.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { t } from '../locales/index.ts'
import { Term } from '../ui/term.tsx'
import { settingLines } from './experiment.ts'

export function ExperimentSettings({ trajectory }: { trajectory: Trajectory }) {
  return (
    <details className="experiment">
      <summary>{t().episode.experiment.title}</summary>
      <dl>
        {settingLines(trajectory).map(({ name, term, value }) => (
          <div key={name}>
            <dt>{term ? <Term name={term}>{name}</Term> : name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
