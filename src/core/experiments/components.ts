// Figure 4: no memory, long-term tools, RL, short-term tools, one after another.
import { baselineArms } from './baselines.ts'
import { experiment, paperColumn } from './experiment.ts'

export const components = experiment({
  title: 'What each component brings',
  mirrors: 'Figure 4',
  arms: [
    ...baselineArms(['none']),
    { name: 'agemem-rag', label: '+LT', agent: 'agemem-rag', training: null },
    { name: 'agemem-rag-grpo', label: '+LT/RL', agent: 'agemem-rag', training: 'ltm-only' },
    { name: 'agemem-grpo', label: '+LT/ST/RL', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson'],
  measures: ['score', 'success', 'memory_quality', 'currency'],
  columns: 'measures',
  against: 'none',
  // On HotpotQA.
  paper: paperColumn('score', { none: [38.36, null], 'agemem-rag': [45.76, null], 'agemem-rag-grpo': [52.04, null], 'agemem-grpo': [54.44, null] }, 100),
})
