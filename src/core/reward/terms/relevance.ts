// Eq. 25: how much of what the agent retrieved the answer needs.
import type { Trajectory } from '../../record/trajectory.ts'
import { isQuestion, neededFacts, questionIn, states } from '../../environments/question/task.ts'
import { term } from '../term.ts'

interface Relevance {
  value: number
  /** Each memory once, as it was when last retrieved. */
  memories: { id: string; content: string; relevant: boolean }[]
}

/**
 * Eq. 25, by fact: of the distinct memories that the agent retrieved in stages 2 and 3, where nothing comes by itself, the
 * share that states a fact the answer needs. 0 when it retrieved none. A language model can judge the same memories instead.
 */
function measure(trajectory: Trajectory): Relevance {
  const contents = new Map<string, string>()
  for (const step of trajectory.steps) {
    if (step.phase === 'build') continue
    for (const event of [...step.before, ...step.after]) {
      if (event.type === 'ltm.retrieve') for (const hit of event.hits) contents.set(hit.id, hit.content)
    }
  }
  const needed = neededFacts(questionIn(trajectory.task))
  const memories = [...contents].map(([id, content]) => ({ id, content, relevant: needed.some((fact) => states(content, fact)) }))
  return { value: memories.filter((memory) => memory.relevant).length / Math.max(1, memories.length), memories }
}

export const relevance = term({ group: 'memory', equation: 25, kind: 'quantity', applies: isQuestion, measure: measure })
