// Everything that a supervised training is set up with: whose episodes are learnt from, on which tasks, and how. Recorded
// with the run, so its fields are snake_case; what a step does follows from this, its number and the adapter alone.
import { z } from 'zod'
import { defaultDifficulty } from '../../environments/question/sources/world.ts'
import { taskChoiceSchema } from '../../environments/families.ts'
import { warmHabits } from '../../demonstrations/demonstrator-habits.ts'
import { settingsPresets } from '../../episode/settings.ts'
import type { TrainingSetup } from '../../policy/trainable.ts'
import { allProjections, trainConfigSchema } from '../config.ts'
import { episodeSettingsSchema } from '../../record/trajectory.ts'

const probability = z.number().min(0).max(1)
const count = (max: number) => z.number().int().min(1).max(max)
const seed = z.number().int().min(0).max(2 ** 32 - 1)

const habitsSchema = z.object({
  add: probability,
  add_small_talk: probability,
  add_distractor: probability,
  update: probability,
  delete: probability,
  filter: probability,
  summarise: probability,
  retrieve: probability,
  persist: probability,
  mistake: probability,
}) satisfies z.ZodType<typeof warmHabits>

export const teacherNames = ['demonstrator', 'oracle'] as const
export type TeacherName = (typeof teacherNames)[number]

const { adamw, lora, batching, learning_rate, warm_up_steps, schedule, max_norm } = trainConfigSchema.shape

export const supervisedConfigSchema = z.object({
  /** With it everything is drawn: tasks, what the teacher does, the fresh adapter. */
  seed,
  /** Planned steps. */
  steps: count(100_000),
  /** Episodes of a step, each of a task of its own. All that they teach is one optimizer step. */
  b: count(256),
  /** demonstrator: who nano was pretrained with, on tasks of the world; oracle: who always does right. */
  teacher: z.object({ name: z.enum(teacherNames), habits: habitsSchema }),
  learning_rate,
  warm_up_steps,
  schedule,
  adamw,
  lora,
  batching,
  max_norm,
  /** What a token of a reply weighs, by the phase in which it was said; a phase that is left out: 1. Summaries go with their phase. */
  phase_weights: z.record(z.string(), z.number().nonnegative().max(1000)),
  /** Budgets, length of replies, system prompt: the policy keeps to the prompt that it learnt with. */
  episode: episodeSettingsSchema,
  tasks: taskChoiceSchema,
  /**
   * Every so many steps, and behind the last one; 0: never. On held-out tasks, the same every time: the loss on so many
   * demonstrations, and what the policy does by itself on so many tasks; 0 of them: that is left out.
   */
  evaluation: z.object({
    every: z.number().int().nonnegative(),
    demonstrations: z.number().int().min(0).max(10_000),
    tasks: z.number().int().min(0).max(10_000),
    seed,
    /** 0: greedy. */
    temperature: z.number().nonnegative().max(10),
  }),
  /** The adapter is kept every so many steps. */
  checkpoint_every: count(100_000),
})
export type SupervisedConfig = z.infer<typeof supervisedConfigSchema>

/**
 * Teaches a model of 0.1 to 1 B parameters the protocol on the tasks that `quick` trains on. Stage 3 weighs more: one
 * or two replies of it stand against ten of the others, and they are what is judged.
 */
export const warmStart: SupervisedConfig = {
  seed: 1,
  steps: 200,
  b: 2,
  teacher: { name: 'demonstrator', habits: warmHabits },
  learning_rate: 1e-3,
  warm_up_steps: 8,
  schedule: 'linear',
  adamw: { betas: [0.9, 0.95], epsilon: 1e-8, weight_decay: 0 },
  lora: { rank: 16, alpha: 32, targets: allProjections },
  batching: { tokens: 640, lengths: [256, 384, 512, 640, 1024, 1536, 2048] },
  max_norm: 1,
  phase_weights: { build: 1, resist: 1, answer: 3 },
  episode: settingsPresets.quick,
  tasks: {
    family: 'question',
    options: { source: 'world', difficulty: { ...defaultDifficulty, facts: 2, distractors: 4, small_talk: 0, update_share: 1 }, curriculum: 'none' },
  },
  evaluation: { every: 50, demonstrations: 8, tasks: 8, seed: 2601, temperature: 0 },
  checkpoint_every: 10,
}

/** What the model is to be told when training begins. */
export function supervisedSetup({ lora, adamw: { betas, epsilon, weight_decay }, batching, seed }: SupervisedConfig): TrainingSetup {
  return { lora, reference: null, loss: { kind: 'cross-entropy' }, adamW: { betas, epsilon, weightDecay: weight_decay }, batching, seed }
}
