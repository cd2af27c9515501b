// Table 2: who tends the memory, on each family of tasks.
import { baselineArms } from './baselines.ts'
import { experiment, paperColumn } from './experiment.ts'

export const main = experiment({
  title: 'Agents on each family of tasks',
  mirrors: 'Table 2',
  arms: [
    ...baselineArms(),
    { name: 'agemem', label: 'AgeMem-noRL', agent: 'agemem', training: null },
    { name: 'agemem-grpo', label: 'AgeMem', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson', 'world', 'hotpotqa', 'musique', 'locomo'],
  measures: ['score', 'success', 'memory_quality', 'prompt_tokens', 'currency', 'reward'],
  columns: 'data',
  beside: ['currency'],
  against: 'agemem-grpo',
  paper: [
    // Trained on HotpotQA, as our policy is on the world.
    ...paperColumn('hotpotqa', { none: [38.36, 47.48], langmem: [37.43, 42.7], 'a-mem': [43.95, 48.48], mem0: [46.66, 39.16], 'mem0-graph': [42.06, 38.12], agemem: [45.36, 54.49], 'agemem-grpo': [54.44, 55.49] }, 100),
    // Over ALFWorld, SciWorld, PDDL, BabyAI and HotpotQA.
    ...paperColumn('average', { none: [28.05, 43.97], langmem: [34.23, 43.25], 'a-mem': [36.78, 45.74], mem0: [37.14, 44.7], 'mem0-graph': [36.31, 41.95], agemem: [33.43, 45.59], 'agemem-grpo': [41.96, 54.31] }, 100),
  ],
})
