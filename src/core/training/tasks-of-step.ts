// Which tasks a step plays: they follow from the configuration and the step's number alone. Knows no policy.
import type { Task } from '../environments/question/task.ts'
import { worldTask, type WorldDifficulty } from '../environments/question/sources/world.ts'
import type { TaskOrigin } from '../record/setup.ts'
import type { TrainConfig } from './config.ts'

/**
 * Where the curriculum is (§3.3, in the order in which the abilities build on each other). build: nothing in stage 2, and
 * no question about what was corrected: storing and retrieving. resist: with distractors. all: those questions too.
 * Corrections come in every phase: what an agent never does in the easy phases it forgets.
 */
export const phases = ['build', 'resist', 'all'] as const
export type Phase = (typeof phases)[number]

/** The first quarter of the planned steps is `build`, the second `resist`. @param step from 1 */
export function phaseOf({ tasks, steps }: Pick<TrainConfig, 'tasks' | 'steps'>, step: number): Phase {
  switch (tasks.curriculum) {
    case 'none':
      return 'all'
    case 'progressive':
      return step <= steps / 4 ? 'build' : step <= steps / 2 ? 'resist' : 'all'
  }
}

/** The difficulty as a phase has it. */
export function difficultyIn(phase: Phase, difficulty: WorldDifficulty): WorldDifficulty {
  const others = difficulty.one_hop + difficulty.two_hop + difficulty.comparison > 0
  const plain = others ? { ...difficulty, update: 0 } : difficulty
  switch (phase) {
    case 'build':
      return { ...plain, distractors: 0 }
    case 'resist':
      return plain
    case 'all':
      return difficulty
  }
}

type Drawn = Parameters<typeof worldTask>[0]

/** Where a task that was drawn came from. */
const originOf = ({ difficulty, ...drawn }: Drawn): TaskOrigin => ({ kind: 'generated', generator: 'world', ...drawn, options: difficulty })

function drawnInStep(config: Pick<TrainConfig, 'tasks' | 'steps' | 'seed' | 'b'>, step: number): Drawn[] {
  const difficulty = difficultyIn(phaseOf(config, step), config.tasks.difficulty)
  return Array.from({ length: config.b }, (_, i) => ({ seed: config.seed, index: (step - 1) * config.b + i, split: 'train', difficulty }))
}

function drawnToEvaluate({ tasks, evaluation }: Pick<TrainConfig, 'tasks' | 'evaluation'>): Drawn[] {
  const { difficulty } = tasks
  return Array.from({ length: evaluation.tasks }, (_, index) => ({ seed: evaluation.seed, index, split: 'held-out', difficulty }))
}

/** The B tasks of a step, of the train split; no task comes in two steps. @param step from 1 */
export const tasksOfStep = (...of: Parameters<typeof drawnInStep>): Task[] => drawnInStep(...of).map(worldTask)
/** Where each of them came from. */
export const originsOfStep = (...of: Parameters<typeof drawnInStep>): TaskOrigin[] => drawnInStep(...of).map(originOf)

/** The held-out tasks of an evaluation: always the same ones, at full difficulty. */
export const evaluationTasks = (of: Parameters<typeof drawnToEvaluate>[0]): Task[] => drawnToEvaluate(of).map(worldTask)
/** Where each of them came from. */
export const evaluationOrigins = (of: Parameters<typeof drawnToEvaluate>[0]): TaskOrigin[] => drawnToEvaluate(of).map(originOf)
