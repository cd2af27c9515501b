import type { StepMetrics } from '../../../../core/training/metrics.ts'
import { termGroups } from '../../../../core/reward/term.ts'
import { terms, termsIn } from '../../../../core/reward/terms.ts'
import { namesOf } from '../../../../core/table.ts'
import { t } from '../../../locales/index.ts'
import { rewardColor, wordsOf } from '../../../reward/catalogue.ts'
import { line, type ChartSpec, type LineSpec } from './spec.ts'

const component = (id: keyof StepMetrics['components'], title: () => string, color: string, dash?: string): LineSpec =>
  line(id, ({ components: of }) => of[id] ?? null, { title, color, dash, smooth: false })

/** Within a term of eq. 16 the parts share a hue. */
const partDashes = [undefined, '6 3', '2 3', '10 3 2 3']

/** Terms of eq. 16 and the penalty. */
const whole = (): LineSpec[] => [
  component('task', () => wordsOf('task').short, rewardColor('task')),
  component('context', () => t().charts.lines.context, 'var(--reward-context)', '6 3'),
  component('memory', () => t().charts.lines.memory, 'var(--reward-memory)', '10 3 2 3'),
  component('penalty', () => t().charts.lines.penalty, rewardColor('penalty'), '2 3'),
  ...termsIn(null).flatMap((name) => (terms[name].added ? [component(name, () => wordsOf(name).short, rewardColor(name), '4 2')] : [])),
]

/** What the terms are made of. */
const parts = (): LineSpec[] =>
  namesOf(termGroups).flatMap((group) =>
    termsIn(group).map((name, i) => component(name, () => wordsOf(name).short, rewardColor(name), partDashes[i % partDashes.length])),
  )

export const components: ChartSpec = {
  group: 'earns',
  name: 'R_task, R_context, R_memory, P',
  term: 'components',
  unit: 'number',
  choices: ['terms', 'parts'],
  lines: (choice) => (choice === 'parts' ? parts() : whole()),
}
