// The metrics of a run for programs that draw them, one entry a program.
import { namesOf } from '../../core/table.ts'
import type { Out } from '../../core/export/out.ts'
import { evaluationRows, stepRows, type MetricRow, type RunMetrics } from './rows.ts'
import { eventFile } from './tensorboard.ts'

interface MetricsForm {
  /** The program, as people call it. */
  name: string
  write(run: RunMetrics, out: Out): void
}

const csvOf = (rows: readonly MetricRow[]): string => {
  const columns = [...new Set(rows.flatMap(({ values }) => [...values.keys()]))]
  const line = ({ step, time, values }: MetricRow) => [step, new Date(time * 1000).toISOString(), ...columns.map((name) => values.get(name) ?? '')].join(',')
  return [['step', 'timestamp', ...columns].join(','), ...rows.map(line)].map((each) => `${each}\n`).join('')
}

const linesOf = (rows: readonly MetricRow[]): string => rows.map(({ step, time, values }) => `${JSON.stringify({ step, time, ...Object.fromEntries(values) })}\n`).join('')

/** Rows of evaluations go with those of their steps; one before the first step stands alone. */
function together(run: RunMetrics): MetricRow[] {
  const rows = new Map(stepRows(run).map((row) => [row.step, row]))
  for (const { step, time, values } of evaluationRows(run)) rows.set(step, { step, time: rows.get(step)?.time ?? time, values: new Map([...(rows.get(step)?.values ?? []), ...values]) })
  return [...rows.values()].sort((a, b) => a.step - b.step)
}

/** What import_csv of trackio 0.43.0 calls a column: ten characters of it (utils.simplify_column_names). */
export function trackioNames(columns: readonly string[]): Map<string, string> {
  const used = new Set<string>()
  return new Map(
    columns.map((column) => {
      const base = column.replace(/[^a-zA-Z0-9/]/g, '').slice(0, 10) || `col_${used.size}`
      let name = base
      for (let suffix = 1; used.has(name); suffix++) name = `${base}_${suffix}`
      used.add(name)
      return [column, name]
    }),
  )
}

const notHeld = (run: RunMetrics, histograms: boolean): string => {
  const sum = (of: (step: RunMetrics['steps'][number]) => number) => run.steps.reduce((total, step) => total + of(step), 0).toLocaleString('en')
  const rows = [
    ['steps', run.steps.length.toLocaleString('en'), 'here, a number each where it is one'],
    ['evaluations', run.evaluations.length.toLocaleString('en'), 'here: means; of the intervals that of the reward alone'],
    ['rewards and advantages of each rollout', sum(({ episodes }) => episodes), histograms ? 'as histograms of a step' : '**not held**'],
    ['groups', sum(({ groups }) => groups.length), '**not held**'],
    ['the words of warnings', sum(({ warnings }) => warnings.length), '**not held**; how many, `agemem/warnings`'],
    ['names of phases and reasons of a pause', sum(({ pause }) => 1 + (pause === null ? 0 : 1)), '**not held**'],
  ]
  return ['| of the run | in this export | where it is |', '|---|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

const namesWords = 'Names are those of TRL’s GRPOTrainer where it has the quantity (`reward`, `reward_std`, `kl`, `clip_ratio/region_mean`, `rewards/<term>/mean` …); the rest stands under `agemem/`, evaluations under `eval_` and `agemem/eval/`. `loss` has the KL term in it, as in TRL; `entropy` and `kl` are at temperature 1.'

const readme = (program: string, { name }: RunMetrics, about: string, table: string) => `# “${name}” for ${program}\n\nExported by the AgeMem Playground.\n\n${about}\n\n${namesWords}\n\n## What is here of the run, and what is not\n${table}\n\nThe playground's own export of the run (zip) holds all of it.\n`

const folderName = (name: string) => name.replace(/[^\w.-]+/g, '_') || 'run'

export const metricsForms = {
  tensorboard: {
    name: 'TensorBoard',
    write(run, out) {
      out.file(`${folderName(run.name)}/events.out.tfevents.${Math.floor(run.began)}.agemem`)
      out.write(eventFile(run))
      out.file('metrics.jsonl')
      out.write(linesOf(together(run)))
      out.file('README.md')
      out.write(readme('TensorBoard', run, 'Curves, and histograms of the rewards and advantages of each step; `metrics.jsonl` has the same numbers, a line a step.\n```sh\npip install tensorboard\ntensorboard --logdir .\n```', notHeld(run, true)))
    },
  },
  trackio: {
    name: 'trackio',
    write(run, out) {
      const rows = together(run)
      const names = trackioNames(['step', 'timestamp', ...new Set(rows.flatMap(({ values }) => [...values.keys()]))])
      out.file('metrics.csv')
      out.write(csvOf(rows))
      out.file('metrics.jsonl')
      out.write(linesOf(rows))
      out.file('log_to_trackio.py')
      out.write(`"""Logs metrics.jsonl to trackio under whole names: python log_to_trackio.py [PROJECT]"""\n\nimport json\nimport sys\nfrom pathlib import Path\n\nimport trackio\n\nfolder = Path(__file__).resolve().parent\ntrackio.init(project=sys.argv[1] if len(sys.argv) > 1 else "agemem", name=${JSON.stringify(run.name)})\nfor line in (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines():\n    row = json.loads(line)\n    step = row.pop("step")\n    row.pop("time")\n    trackio.log(row, step=step)\ntrackio.finish()\n`)
      out.file('README.md')
      const cut = [...names].filter(([long, short]) => long !== short && long !== 'timestamp')
      const table = ['| column | in trackio after import_csv |', '|---|---|', ...cut.map(([long, short]) => `| \`${long}\` | \`${short}\` |`)].join('\n')
      out.write(readme('trackio', run, `\`metrics.csv\` for trackio's import, which keeps ten characters of a name (the table at the end), and \`metrics.jsonl\` with a script that logs it under whole names.\n\`\`\`sh\npip install trackio\npython log_to_trackio.py agemem\npython -c 'import trackio; trackio.import_csv("metrics.csv", project="agemem-csv", name="run")'\ntrackio show\n\`\`\``, `${notHeld(run, false)}\n\n## Names that import_csv makes shorter\n${table}`))
    },
  },
} as const satisfies Record<string, MetricsForm>
export type MetricsName = keyof typeof metricsForms
export const metricsNames = namesOf(metricsForms)
