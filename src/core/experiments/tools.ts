// Table 3: calls of each tool in an episode, without RL and with it.
import { experiment, paperColumn } from './experiment.ts'

export const tools = experiment({
  title: 'Tool use before and after RL',
  mirrors: 'Table 3',
  arms: [
    { name: 'agemem', label: 'noRL', agent: 'agemem', training: null },
    { name: 'agemem-grpo', label: 'GRPO', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson'],
  measures: ['add', 'update', 'delete', 'retrieve', 'summary', 'filter', 'calls'],
  columns: 'measures',
  against: 'agemem',
  paper: [
    ...paperColumn('add', { agemem: [0.92, 2.49], 'agemem-grpo': [1.64, 2.64] }),
    ...paperColumn('update', { agemem: [0, 0.13], 'agemem-grpo': [0.13, 0.34] }),
    ...paperColumn('delete', { agemem: [0, 0], 'agemem-grpo': [0.08, 0.22] }),
    ...paperColumn('retrieve', { agemem: [2.31, 4.62], 'agemem-grpo': [1.95, 4.35] }),
    ...paperColumn('summary', { agemem: [1.08, 0.11], 'agemem-grpo': [0.82, 0.96] }),
    ...paperColumn('filter', { agemem: [0.02, 0.15], 'agemem-grpo': [0.31, 0.16] }),
    ...paperColumn('calls', { agemem: [4.33, 7.5], 'agemem-grpo': [4.92, 8.67] }),
  ],
})
