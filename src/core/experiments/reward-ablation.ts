// Tables 4 and 5: what the terms of the reward beside the answer's bring.
import { experiment, paperColumn } from './experiment.ts'

/** Table 5 of version 1, which is Table 6 of version 3, has the second model. */
export const rewardAblation = experiment({
  title: 'All-Returns against Answer-Only',
  mirrors: 'Tables 4 and 5',
  arms: [
    { name: 'answer-only', label: 'Answer-Only', agent: 'agemem', training: 'answer-only' },
    { name: 'agemem-grpo', label: 'All-Returns', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson'],
  measures: ['score', 'prompt_tokens', 'memory_quality', 'calls', 'currency'],
  columns: 'measures',
  against: 'answer-only',
  paper: [
    ...paperColumn('score', { 'answer-only': [0.509, 0.546], 'agemem-grpo': [0.544, 0.555] }),
    ...paperColumn('prompt_tokens', { 'answer-only': [2078, 2164], 'agemem-grpo': [2117, 2191] }),
    ...paperColumn('memory_quality', { 'answer-only': [0.479, 0.415], 'agemem-grpo': [0.533, 0.605] }),
    ...paperColumn('calls', { 'answer-only': [3.93, 7.21], 'agemem-grpo': [4.92, 8.67] }),
  ],
})
