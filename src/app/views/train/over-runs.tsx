// The runs that are drawn over the one on show: their colours, and in what their configurations differ.
import { X } from 'lucide-react'
import type { RunRecord } from '../../../core/training/runs.ts'
import { t } from '../../locales/index.ts'
import { useWorkspace } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/term.tsx'
import { differences } from './differences.ts'
import { Sample } from './readouts.tsx'

export interface Over {
  run: RunRecord
  /** A CSS colour. */
  color: string
}

export function OverRuns({ run, over }: { run: RunRecord; over: readonly Over[] }) {
  const { runs } = useWorkspace()
  const words = t().charts
  if (over.length === 0) return null
  const differ = differences([run, ...over.map((each) => each.run)].map(({ config }) => config))
  return (
    <section className="over-runs" aria-label={words.differences}>
      <table>
        <thead>
          <tr>
            <th scope="col">{differ.length === 0 ? words.noDifference : words.differences}</th>
            <th scope="col">{run.name}</th>
            {over.map(({ run: each, color }) => (
              <th key={each.key} scope="col">
                <Sample color={color} /> {each.name}
                <Hint text={t().runs.takeOffHint}>
                  <Button look="bare" size="small" shape="icon" aria-label={t().runs.takeOff(each.name)} onClick={() => void runs.getState().layOver(each.key, false)}>
                    <X aria-hidden />
                  </Button>
                </Hint>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {differ.map(({ field, values }) => (
            <tr key={field}>
              <th scope="row" className="wrote">
                {field}
              </th>
              {values.map((value, i) => (
                <td key={i} className="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
