// How often each tool is called, before and after, beside the paper's Table 3.
import { Check, X } from 'lucide-react'
import { toolNames, type ToolName } from '../../../core/agents/agemem/tools/index.ts'
import type { EvaluationMetrics } from '../../../core/training/metrics.ts'
import { decimal } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { Term } from '../../ui/term.tsx'
import { lookOfTool } from '../../ui/tools.tsx'
import type { Participant as Kept } from '../../../core/evaluation/comparisons.ts'
import { callsOf, changeWords, paperModels, paperChange, sameDirection, type PaperChange } from './table3.ts'

type Participant = Pick<Kept, 'name' | 'evaluation'>

function Change({ change }: { change: PaperChange }) {
  return (
    <>
      <td className="number">
        {decimal(change.before)} → {decimal(change.after)}
      </td>
      <td className="number tool-change">{changeWords(change)}</td>
    </>
  )
}

function Line({ tool, base, other }: { tool: ToolName | 'total'; base: EvaluationMetrics; other: EvaluationMetrics }) {
  const here = { before: callsOf(base, tool), after: callsOf(other, tool) }
  const words = t().compare.tools
  const look = tool === 'total' ? null : lookOfTool(tool)
  const Icon = look?.icon
  const agrees = paperModels.map((model) => sameDirection(here, paperChange(model, tool))).filter((each) => each !== null)
  return (
    <tr data-total={tool === 'total'}>
      <th scope="row" data-hue={look?.hue}>
        {Icon && <Icon aria-hidden />} {tool === 'total' ? words.all : (
          <Term name={tool} plain>
            {look?.word}
          </Term>
        )}
      </th>
      <Change change={here} />
      {paperModels.map((model) => (
        <Change key={model} change={paperChange(model, tool)} />
      ))}
      <td className="tool-agrees">
        {agrees.length === 0 ? (
          <span className="quiet">{words.hardly}</span>
        ) : agrees.every(Boolean) ? (
          <span data-agrees="true">
            <Check aria-hidden /> {words.same}
          </span>
        ) : agrees.some(Boolean) ? (
          <span className="quiet">{words.one}</span>
        ) : (
          <span data-agrees="false">
            <X aria-hidden /> {words.other}
          </span>
        )}
      </td>
    </tr>
  )
}

export function ToolTable({ base, other }: { base: Participant; other: Participant }) {
  const words = t().compare.tools
  return (
    <section className="tool-table" aria-label={words.label}>
      <h3>
        {words.title}
        <Term name="table3">{words.table3}</Term>
      </h3>
      <table className="compare-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{words.tool}</span>
            </th>
            <th scope="col" colSpan={2} className="number">
              {base.name} → {other.name}
            </th>
            {paperModels.map((model) => (
              <th key={model} scope="col" colSpan={2} className="number">
                {words.paper(model)}
              </th>
            ))}
            <th scope="col">{words.direction}</th>
          </tr>
        </thead>
        <tbody>
          {[...toolNames, 'total' as const].map((tool) => (
            <Line key={tool} tool={tool} base={base.evaluation} other={other.evaluation} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
