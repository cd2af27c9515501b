// The paper's baselines, and others that its readers will ask for, as arms: those that there are agents of.
import { isAgentName } from '../agents/agents.ts'
import { namesOf } from '../table.ts'
import type { Arm } from './experiment.ts'

const labels = {
  none: 'No-Memory',
  rag: 'Static RAG',
  langmem: 'LangMem',
  'a-mem': 'A-Mem',
  mem0: 'Mem0',
  'mem0-graph': 'Mem0g',
  'mem0-add-only': 'Mem0, ADD only',
  memgpt: 'MemGPT',
} as const

type Baseline = keyof typeof labels

/** @param names left out: all */
export function baselineArms(names: readonly Baseline[] = namesOf(labels)): Arm[] {
  return names.flatMap((name) => (isAgentName(name) ? [{ name, label: labels[name], agent: name, training: null }] : []))
}
