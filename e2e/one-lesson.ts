import type { WorldDifficulty } from '../src/core/environments/question/sources/world.ts'
import type { EpisodeSettings } from '../src/core/record/trajectory.ts'

/** A lesson of one step from the oracle's episodes, without an evaluation, for window.agemem.teach(): that a model learns, not how well. */
export const oneLesson = (episode: EpisodeSettings, difficulty: WorldDifficulty) => ({
  steps: 1, b: 1, episode, teacher: { name: 'oracle' as const },
  lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] },
  evaluation: { every: 0, demonstrations: 0, tasks: 0, seed: 1, temperature: 0 },
  tasks: { family: 'question' as const, options: { source: 'world' as const, difficulty, curriculum: 'none' as const } },
})
