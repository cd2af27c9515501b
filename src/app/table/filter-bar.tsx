// Search and filters over a table. What they say is kept by whoever has the table.
import { Download, Search, X } from 'lucide-react'
import { toolNames } from '../../core/agents/agemem/tools/index.ts'
import { integer } from '../format.ts'
import { t } from '../locales/index.ts'
import { agentWords } from '../ui/agents.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/select.tsx'
import { lookOfTool } from '../ui/tools.tsx'
import { isNarrowed, noFilters, places, type Filters, type Range } from './filters.ts'
import { outcomes } from './rows.ts'

interface RangeFieldProps {
  name: string
  range: Range
  step: number
  onChange: (range: Range) => void
}

function RangeField({ name, range, step, onChange }: RangeFieldProps) {
  const words = t().table
  const read = (text: string) => (text === '' || Number.isNaN(Number(text)) ? null : Number(text))
  return (
    <span className="filter-range">
      <span aria-hidden>{name}</span>
      <input type="number" step={step} value={range.from ?? ''} aria-label={words.from(name)} onChange={(event) => { onChange({ ...range, from: read(event.target.value) }) }} />
      <span aria-hidden>{words.until}</span>
      <input type="number" step={step} value={range.to ?? ''} aria-label={words.to(name)} onChange={(event) => { onChange({ ...range, to: read(event.target.value) }) }} />
    </span>
  )
}

interface FilterBarProps {
  label: string
  filters: Filters
  onChange: (filters: Filters) => void
  /** There are steps of a run to choose among. */
  steps: boolean
  /** Agents that there are to choose among, by name; left out: there is but one. */
  agents?: readonly string[]
  shown: number
  all: number
  /** What there is under way, in words. */
  doing: string | null
  /** Hands the lines on show out as a file. */
  onCsv: () => void
}

export function FilterBar({ label, filters, onChange, steps, agents = [], shown, all, doing, onCsv }: FilterBarProps) {
  const words = t().table
  const set = (patch: Partial<Filters>) => { onChange({ ...filters, ...patch }) }
  const tools = toolNames.map((name) => ({ value: String(name), name: words.tool.used(lookOfTool(name).word) }))
  return (
    <div className="filters" role="search" aria-label={label}>
      <label className="filter-text">
        <Search aria-hidden />
        <span className="unseen">{words.search}</span>
        <input type="search" value={filters.text} placeholder={words.search} maxLength={200} onChange={(event) => { set({ text: event.target.value }) }} />
      </label>
      <Select label={words.place.label} value={filters.place} choices={places.map((value) => ({ value, name: words.place[value] }))} onChange={(place) => { set({ place }) }} />
      <Select
        label={words.outcome.label}
        value={filters.outcome}
        choices={(['any', ...outcomes] as const).map((value) => ({ value, name: words.outcome[value] }))}
        onChange={(outcome) => { set({ outcome }) }}
      />
      <Select label={words.tool.label} value={filters.tool ?? 'any'} choices={[{ value: 'any', name: words.tool.any }, ...tools]} onChange={(tool) => { set({ tool: tool === 'any' ? null : tool }) }} />
      {(agents.length > 1 || filters.agent !== null) && (
        <Select label={words.agent.label} value={filters.agent ?? 'any'} choices={[{ value: 'any', name: words.agent.any }, ...agents.map((name) => ({ value: name, name: agentWords(name) }))]} onChange={(agent) => { set({ agent: agent === 'any' ? null : agent }) }} />
      )}
      <RangeField name={words.columns.reward} range={filters.reward} step={0.1} onChange={(reward) => { set({ reward }) }} />
      {steps && <RangeField name={words.columns.step} range={filters.step} step={1} onChange={(step) => { set({ step }) }} />}
      {filters.task !== null && (
        <Button size="small" className="filter-task" title={words.anyTask} onClick={() => { set({ task: null }) }}>
          <span>{words.taskChosen(filters.task)}</span> <X aria-hidden />
        </Button>
      )}
      <span className="filter-end">
        <span className="quiet" role="status">
          {doing ?? `${integer(shown)} / ${integer(all)}`}
        </span>
        {(isNarrowed(filters) || filters.text !== '') && (
          <Button size="small" look="bare" onClick={() => { onChange(noFilters) }}>
            {words.clear}
          </Button>
        )}
        <Button size="small" disabled={shown === 0 || doing !== null} title={words.csvAbout} onClick={onCsv}>
          <Download aria-hidden /> {words.csv}
        </Button>
      </span>
    </div>
  )
}
