// How the phases of an episode look and are called: numbered from 1 in the order of the task's family. The three of a
// question have words of their own.
import { familyOf } from '../../core/environments/families.ts'
import { questionPhases, type QuestionPhase } from '../../core/environments/question/environment.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { TermName } from '../glossary.ts'
import { t } from '../locales/index.ts'

export interface PhaseLook {
  phase: string
  number: number
  hue: string
  word: string
  title: string
  /** What explains it, where the glossary does. */
  term: TermName | null
  about: string
}

const explained: Record<QuestionPhase, TermName> = { build: 'stage1', resist: 'stage2', answer: 'stage3' }
const isQuestionPhase = (phase: string): phase is QuestionPhase => Object.hasOwn(explained, phase)

const hues = ['stage-1', 'stage-2', 'stage-3']

/** In this order. */
export const phaseLooks = (phases: readonly string[]): PhaseLook[] =>
  phases.map((phase, i) => {
    const plain = { word: phase, title: phase, term: null, about: '' }
    const own = isQuestionPhase(phase) ? { ...t().episode.phases[phase], term: explained[phase] } : plain
    return { phase, number: i + 1, hue: hues[i % hues.length] ?? '', ...own }
  })

/** Those of a question, which the page speaks of before anything is played. */
export const questionLooks = (): PhaseLook[] => phaseLooks(questionPhases)

/** The phases of an episode: its family's, in their order, and what else came up in it. */
export function phasesOf({ task, steps }: Pick<Trajectory, 'task' | 'steps'>): PhaseLook[] {
  return phaseLooks([...new Set([...familyOf(task).phases, ...steps.map(({ phase }) => phase)])])
}

/** The phase of a step; the first where there is no such step. @throws RangeError for a family without phases */
export function phaseAt(trajectory: Pick<Trajectory, 'task' | 'steps'>, index: number): PhaseLook {
  const looks = phasesOf(trajectory)
  const [first] = looks
  const found = looks.find(({ phase }) => phase === trajectory.steps[index]?.phase) ?? first
  if (!found) throw new RangeError('The family of this task has no phases.')
  return found
}
