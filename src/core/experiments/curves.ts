// Figure 5: rewards over the steps of the training, with all terms and with the answer's alone.
import { experiment } from './experiment.ts'

/** Fig. 5 bears no numbers: All-Returns rises faster and ends higher. */
export const curves = experiment({
  title: 'Rewards while it is trained',
  mirrors: 'Figure 5',
  arms: [
    { name: 'answer-only', label: 'Answer-Only', agent: 'agemem', training: 'answer-only' },
    { name: 'agemem-grpo', label: 'All-Returns', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson'],
  measures: ['score', 'memory_quality'],
  columns: 'measures',
  against: 'answer-only',
  curves: true,
  paper: [],
})
