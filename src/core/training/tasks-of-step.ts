// Which tasks a step plays: they follow from the configuration and the step's number alone. Knows no policy.
import type { Task } from '../environments/question/task.ts'
import { worldTask, type WorldDifficulty } from '../environments/question/sources/world.ts'
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

/** The B tasks of a step, of the train split; no task comes in two steps. @param step from 1 */
export function tasksOfStep(config: Pick<TrainConfig, 'tasks' | 'steps' | 'seed' | 'b'>, step: number): Task[] {
  const difficulty = difficultyIn(phaseOf(config, step), config.tasks.difficulty)
  return Array.from({ length: config.b }, (_, i) => worldTask({ seed: config.seed, index: (step - 1) * config.b + i, split: 'train', difficulty }))
}

/** The held-out tasks of an evaluation: always the same ones, at full difficulty. */
export function evaluationTasks({ tasks, evaluation }: Pick<TrainConfig, 'tasks' | 'evaluation'>): Task[] {
  return Array.from({ length: evaluation.tasks }, (_, index) => worldTask({ seed: evaluation.seed, index, split: 'held-out', difficulty: tasks.difficulty }))
}
