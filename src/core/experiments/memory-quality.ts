// Figure 2: how well what is stored covers what will be needed, and nothing else.
import { baselineArms } from './baselines.ts'
import { experiment, paperColumn } from './experiment.ts'

/** Of Fig. 2 only what the text names is known: its bars bear no numbers that could be read for sure. */
export const memoryQuality = experiment({
  title: 'Quality of what is stored',
  mirrors: 'Figure 2',
  arms: [
    ...baselineArms(['langmem', 'a-mem', 'mem0', 'mem0-graph']),
    { name: 'agemem', label: 'AgeMem-noRL', agent: 'agemem', training: null },
    { name: 'agemem-grpo', label: 'AgeMem', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson'],
  measures: ['memory_quality', 'score', 'currency'],
  columns: 'measures',
  against: 'agemem-grpo',
  paper: paperColumn('memory_quality', { 'a-mem': [0.398, null], mem0: [0.412, null], 'agemem-grpo': [0.533, 0.605] }),
})
