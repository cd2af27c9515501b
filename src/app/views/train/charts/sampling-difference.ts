import { line, type ChartSpec } from './spec.ts'

/** Where one program samples and another learns: a model of WebLLM. */
export const samplingDifference: ChartSpec = {
  group: 'learns',
  name: 'sampling/sampling_logp_difference',
  term: 'samplingDifference',
  unit: 'number',
  ends: [0, null],
  only: ({ sampling }) => sampling !== undefined,
  lines: () => [
    line('sampling_difference_mean', ({ sampling }) => sampling?.sampling_logp_difference.mean ?? null, { measured: true }),
    line('sampling_difference_max', ({ sampling }) => sampling?.sampling_logp_difference.max ?? null, { color: 'var(--chart-quiet)', dash: '6 3', smooth: false }),
  ],
}
