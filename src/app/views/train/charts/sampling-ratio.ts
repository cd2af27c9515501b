import { line, type ChartSpec } from './spec.ts'

/** Where one program samples and another learns: a model of WebLLM. */
export const samplingRatio: ChartSpec = {
  group: 'learns',
  name: 'sampling/importance_sampling_ratio',
  term: 'samplingRatio',
  unit: 'number',
  only: ({ sampling }) => sampling !== undefined,
  lines: () => [
    line('sampling_ratio_max', ({ sampling }) => sampling?.importance_sampling_ratio.max ?? null, { color: 'var(--chart-quiet)', dash: '6 3', smooth: false }),
    line('sampling_ratio_mean', ({ sampling }) => sampling?.importance_sampling_ratio.mean ?? null, { measured: true }),
    line('sampling_ratio_min', ({ sampling }) => sampling?.importance_sampling_ratio.min ?? null, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
  bands: [{
    id: 'sampling_ratio_range',
    color: 'var(--chart-quiet)',
    opacity: 0.16,
    range: ({ sampling }) => (sampling ? [sampling.importance_sampling_ratio.min, sampling.importance_sampling_ratio.max] : null),
  }],
}
