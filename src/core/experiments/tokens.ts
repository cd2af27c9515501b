// Figure 3: what the tools for the short-term memory save of the prompts.
import { experiment, paperColumn } from './experiment.ts'

export const tokens = experiment({
  title: 'Tokens of the prompts, with tools for the context and without',
  mirrors: 'Figure 3',
  arms: [
    { name: 'agemem-rag', label: 'AgeMem-noRL-RAG', agent: 'agemem-rag', training: null },
    { name: 'agemem', label: 'AgeMem-noRL', agent: 'agemem', training: null },
    { name: 'agemem-rag-grpo', label: 'AgeMem-RAG', agent: 'agemem-rag', training: 'ltm-only' },
    { name: 'agemem-grpo', label: 'AgeMem', agent: 'agemem', training: 'all-returns' },
  ],
  data: ['lesson'],
  measures: ['prompt_tokens', 'context_tokens', 'score'],
  columns: 'measures',
  against: 'agemem-rag-grpo',
  paper: paperColumn('prompt_tokens', { 'agemem-rag-grpo': [2186, 2310], 'agemem-grpo': [2117, 2191] }),
})
