// A result as files: JSON is the result itself, CSV a line a number with its interval, Markdown and LaTeX the table beside the
// paper's. Files are English, like what they are of. Pure.
import type { Interval } from './analysis.ts'
import { dataOf, isDataName } from './data.ts'
import type { Experiment, PaperNumber } from './experiment.ts'
import type { Measure } from './measures.ts'
import { sameTasks, type ExperimentResult } from './result.ts'
import { measureIn, tableOf, type TableCell, type TableColumn } from './table.ts'

export const exportForms = ['json', 'csv', 'md', 'tex'] as const
export type ExportForm = (typeof exportForms)[number]

/** As tables write it: shares in per cent. */
export function written(value: number, { form }: Pick<Measure, 'form'>): string {
  switch (form) {
    case 'share':
      return (100 * value).toFixed(1)
    case 'number':
      return value.toFixed(3)
    case 'calls':
      return value.toFixed(2)
    case 'count':
      return Math.round(value).toString()
  }
}

function signed(value: number, measure: Pick<Measure, 'form'>): string {
  const text = written(Math.abs(value), measure)
  // What is written as nothing has no direction.
  return /[1-9]/.test(text) ? `${value < 0 ? '−' : '+'}${text}` : text
}

const interval = ({ mean, low, high }: Interval, measure: Pick<Measure, 'form'>) => `${written(mean, measure)} [${written(low, measure)}, ${written(high, measure)}]`

const paperModels: readonly PaperNumber['model'][] = ['Qwen2.5-7B', 'Qwen3-4B']

/** The settings in a sentence. */
export function settingsLine({ plan, model, judge, cells, trainings, machine }: ExperimentResult): string {
  const incomplete = cells.reduce((sum, cell) => sum + cell.incomplete, 0)
  const steps = [...new Set(trainings.map((each) => each.steps))]
  return [
    `Model ${model.name}${model.sha256 === null ? '' : ` (SHA-256 ${model.sha256.slice(0, 12)}…)`}`,
    ...(plan.start ? [`every arm begins with the adapter ${plan.start.name}`] : []),
    `judge: ${judge}`,
    `seeds ${plan.seeds.join(', ')}, at most ${plan.tasks} held-out tasks each`,
    ...sameTasks({ cells, plan }).map(({ data, tasks }) => `of ${isDataName(data) ? dataOf(data).label : data} the same ${tasks} for each seed, all of its file`),
    `T_max ${plan.settings.t_max}, temperature ${plan.settings.temperature}`,
    ...(steps.length === 0 ? [] : [`trained for ${steps.join(' or ')} steps (preset ${plan.base})`]),
    ...(incomplete === 0 ? [] : [`${incomplete} episodes did not come to their end and are left out`]),
    machine,
  ].join('; ')
}

const notes = 'Mean [95 % interval: bootstrap over tasks; Wilson’s where a share is 0 or 1 in all of them]; difference: paired, on the same tasks with the same seeds, bootstrap over tasks.'

function csvOf(experiment: Experiment, result: ExperimentResult): string {
  const { columns, rows } = tableOf(experiment, result)
  const head = ['experiment', 'mirrors', 'arm', 'column', 'measure', 'mean', 'low', 'high', 'n', 'seed_means', 'difference', 'difference_low', 'difference_high', ...paperModels.map((model) => `paper_${model}`), 'model', 'judge', 'seeds']
  const field = (value: string | number | null) => {
    const text = value === null ? '' : String(value)
    // What a spreadsheet would take for a formula is text.
    return /[",\n]|^[=+@]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = rows.flatMap(({ arm, cells }) =>
    cells.flatMap((cell, i) => {
      const column = columns[i]
      if (!column || (cell.ours === null && cell.paper.length === 0)) return []
      const { ours, difference, paper, seeds } = cell
      const ofPaper = (model: string) => paper.find((each) => each.model === model)?.value ?? null
      return [
        [
          result.experiment, experiment.mirrors, arm.label, column.label, column.measure,
          ours?.mean ?? null, ours?.low ?? null, ours?.high ?? null, ours?.n ?? null,
          seeds.map(({ mean }) => mean).join(' '),
          difference?.mean ?? null, difference?.low ?? null, difference?.high ?? null,
          ...paperModels.map(ofPaper), result.model.name, result.judge, result.plan.seeds.join(' '),
        ].map(field).join(','),
      ]
    }),
  )
  return `${[head.join(','), ...lines].join('\n')}\n`
}

function cellWords(cell: TableCell, column: TableColumn): { ours: string; difference: string; paper: string } {
  const measure = measureIn(column)
  return {
    ours: cell.ours === null ? '' : interval(cell.ours, measure),
    difference: cell.difference === null ? '' : `${signed(cell.difference.mean, measure)} [${signed(cell.difference.low, measure)}, ${signed(cell.difference.high, measure)}]`,
    paper: paperModels.flatMap((model) => cell.paper.filter((each) => each.model === model).map(({ value }) => written(value, measure))).join(' / '),
  }
}

const unit = ({ form }: Measure) => (form === 'share' ? ', %' : '')

/** What of the paper agrees with ours, in sentences. */
export function agreementLines(experiment: Experiment, result: ExperimentResult): string[] {
  const { columns, rows } = tableOf(experiment, result)
  const base = experiment.arms.find(({ name }) => name === experiment.against)?.label ?? experiment.against
  return rows.flatMap(({ arm, cells }) =>
    cells.flatMap((cell, i) => {
      const column = columns[i]
      if (!column || cell.difference === null) return []
      const measure = measureIn(column)
      const { difference } = cell
      return cell.paper.flatMap(({ model, difference: theirs, agreement }) => {
        if (theirs === null || agreement === null) return []
        const said = { agrees: 'agrees', disagrees: 'does not agree', open: theirs === 0 ? 'the paper sees no difference' : 'cannot be told from chance' }[agreement]
        const ours = `${signed(difference.mean, measure)} [${signed(difference.low, measure)}, ${signed(difference.high, measure)}]`
        return [`${arm.label} against ${base}, ${column.label}: ${ours} here, ${signed(theirs, measure)} with ${model}: ${said}.`]
      })
    }),
  )
}

interface Grid {
  head: string[]
  rows: { label: string; fields: string[] }[]
}

/**
 * Arms below each other and columns side by side; the other way round where there are more columns than arms. Beside what the
 * paper has numbers of, they stand.
 */
function gridOf(experiment: Experiment, result: ExperimentResult, words: (cell: TableCell, column: TableColumn) => { ours: string; paper: string }): Grid {
  const { columns, rows } = tableOf(experiment, result)
  const shown = rows.filter(({ cells }) => cells.some(({ ours, paper }) => ours !== null || paper.length > 0))
  const labelOf = (column: TableColumn) => `${column.label}${unit(measureIn(column))}`
  const paper = `paper (${paperModels.join(' / ')})`
  const at = (row: (typeof shown)[number], i: number) => {
    const [cell, column] = [row.cells[i], columns[i]]
    return cell && column ? words(cell, column) : { ours: '', paper: '' }
  }
  if (columns.length > shown.length + 1) {
    const has = shown.map(({ cells }) => cells.some((cell) => cell.paper.length > 0))
    return {
      head: shown.flatMap(({ arm }, k) => [arm.label, ...(has[k] ? [paper] : [])]),
      rows: columns.map((column, i) => ({ label: labelOf(column), fields: shown.flatMap((row, k) => [at(row, i).ours, ...(has[k] ? [at(row, i).paper] : [])]) })),
    }
  }
  const has = columns.map((_, i) => shown.some(({ cells }) => (cells[i]?.paper.length ?? 0) > 0))
  return {
    head: columns.flatMap((column, i) => [labelOf(column), ...(has[i] ? [paper] : [])]),
    rows: shown.map((row) => ({ label: row.arm.label, fields: columns.flatMap((_, i) => [at(row, i).ours, ...(has[i] ? [at(row, i).paper] : [])]) })),
  }
}

function markdownOf(experiment: Experiment, result: ExperimentResult): string {
  const { columns, rows } = tableOf(experiment, result)
  const grid = gridOf(experiment, result, cellWords)
  const base = experiment.arms.find(({ name }) => name === experiment.against)?.label ?? experiment.against
  const differences = rows.flatMap(({ arm, cells }) => {
    const said = columns.flatMap((column, i) => {
      const cell = cells[i]
      const words = cell ? cellWords(cell, column).difference : ''
      return words === '' ? [] : [`${column.label} ${words}`]
    })
    return said.length === 0 ? [] : [`- ${arm.label} − ${base}: ${said.join('; ')}`]
  })
  return [
    `### ${experiment.mirrors}: ${experiment.title}`,
    '',
    `| ${['', ...grid.head].join(' | ')} |`,
    `|${['---', ...grid.head.map(() => '---:')].join('|')}|`,
    ...grid.rows.map(({ label, fields }) => `| ${[label, ...fields].join(' | ')} |`),
    '',
    ...differences,
    ...(differences.length === 0 ? [] : ['']),
    `${notes} ${settingsLine(result)}.`,
    '',
  ].join('\n')
}

const tex = (text: string) => text.replace(/[\\{}&%$#_^~]/g, (sign) => (sign === '\\' ? '\\textbackslash{}' : sign === '~' || sign === '^' ? `\\${sign}{}` : `\\${sign}`)).replaceAll('−', '$-$')

function latexOf(experiment: Experiment, result: ExperimentResult): string {
  const grid = gridOf(experiment, result, (cell, column) => {
    const measure = measureIn(column)
    const { ours } = cell
    const own = ours === null ? '' : `$${written(ours.mean, measure)}_{[${written(ours.low, measure)}, ${written(ours.high, measure)}]}$`
    return { ours: own, paper: tex(cellWords(cell, column).paper) }
  })
  return [
    '\\begin{table}',
    '\\centering',
    `\\caption{${tex(`${experiment.title}, beside ${experiment.mirrors} of arXiv 2601.01885 (${paperModels.join(' / ')}). ${notes} ${settingsLine(result)}.`)}}`,
    `\\begin{tabular}{l${grid.head.map(() => 'r').join('')}}`,
    '\\hline',
    `${['', ...grid.head.map(tex)].join(' & ')} \\\\`,
    '\\hline',
    ...grid.rows.map(({ label, fields }) => `${[tex(label), ...fields].join(' & ')} \\\\`),
    '\\hline',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n')
}

export function exported(form: ExportForm, experiment: Experiment, result: ExperimentResult): string {
  switch (form) {
    case 'json':
      return `${JSON.stringify(result)}\n`
    case 'csv':
      return csvOf(experiment, result)
    case 'md':
      return markdownOf(experiment, result)
    case 'tex':
      return latexOf(experiment, result)
  }
}
