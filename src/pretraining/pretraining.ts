// Trains nano from nothing: tokenizer, corpus, optimizer steps with warm-up and cosine, a last phase in which its habits
// settle, evaluation, states to go on from. Where files lie is the caller's business.
import { z } from 'zod'
import type { TokenizerText } from '../core/policy/model.ts'
import type { BatchingOptions } from '../core/training/micro-batches.ts'
import { createRandom } from '../core/random.ts'
import { untrainedHabits, type Habits } from '../core/demonstrations/demonstrator-habits.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import type { AdamWOptions } from '../nn/training/adamw.ts'
import { readModelConfig, type ModelConfig } from '../nn/transformer/config.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { circuitWeights } from './circuit-weights.ts'
import { playCorpus, textOf, type EpisodeSource } from './corpus-episodes.ts'
import { sequencesOf, type CorpusSequence } from './corpus.ts'
import { CorpusLoader, loaderStateSchema, weigh, type LossOptions } from './corpus-loader.ts'
import { nanoTokenizer } from './nano-tokenizer.ts'
import { floatToHalf, halfToFloat } from '../models/files/safetensors.ts'
import { teacherForced, type ForcedReport } from './teacher-forcing.ts'
import { Tokenizer } from '../models/files/tokenizer.ts'
import { Trainer } from '../models/training/trainer.ts'

interface LearningRate {
  peak: number
  /** Share of the peak at the end. */
  floor: number
  /** Tokens of linear warm-up. */
  warmUp: number
  /**
   * Not one cosine to the end: a cosine of `period` tokens down to the share `level` of the peak, that held until so
   * many tokens, then down to the floor in a line. Needs a budget of tokens.
   */
  hold: { period: number; level: number; until: number } | null
}

/** A stretch of the training with its own episodes and its own optimizer. */
export interface Phase {
  /** When it is done: after so many tokens, the same for everybody, or after so many minutes of training. */
  budget: { tokens: number } | { minutes: number }
  learningRate: LearningRate
  /** Share of versatile episodes, and what the others do. */
  versatile: number
  habits: Habits
  /** Share of episodes that begin with the facts in the memory. */
  given: number
  /** Weight of the word that tells which act was chosen, in the loss. */
  choice: number
  /** Evaluations in its course. */
  times: number
}

export interface PretrainSettings {
  seed: number
  /** Shape of the model in the words of config.json; the vocabulary comes from the tokenizer. */
  model: { hidden_size: number; num_hidden_layers: number; num_attention_heads: number; num_key_value_heads: number; intermediate_size: number }
  tokenizer: { vocabulary: number; episodes: number }
  /** One after another, each on what the one before made, rounded to float16 as it would be stored. */
  phases: readonly [Phase, ...Phase[]]
  /** Micro-batches of an optimizer step. */
  microBatches: number
  batching: BatchingOptions
  adamW: AdamWOptions
  maxNorm: number
  loss: Omit<LossOptions, 'seed' | 'choice'>
  /** Held-out episodes that are evaluated on. */
  evaluation: { episodes: number }
}

/** Eight lengths that waste least on the corpus (14 % of the tokens are padding). */
const lengths = [128, 192, 256, 320, 416, 512, 704, 1024]

/** Tokens that nano takes at once. */
const nanoWindow = 1024

/**
 * What nano is shown at the end. What is rarely right it does less often than it was shown, so that it is shown more of
 * it; what comes of it is measured in its card.
 */
const lateHabits: Habits = { ...untrainedHabits, add: 0.68, update: 0.65, filter: 0.017, summarise: 0.008, retrieve: 0.94 }

/** The model of the page. */
export const nanoSettings: PretrainSettings = {
  seed: 1,
  model: { hidden_size: 192, num_hidden_layers: 4, num_attention_heads: 3, num_key_value_heads: 3, intermediate_size: 512 },
  tokenizer: { vocabulary: 4096, episodes: 2000 },
  phases: [
    {
      budget: { tokens: 17_000_000 },
      learningRate: { peak: 2.5e-3, floor: 0.02, warmUp: 60_000, hold: { period: 12_500_000, level: 0.6, until: 10_500_000 } },
      versatile: 0.65,
      habits: untrainedHabits,
      given: 0,
      choice: 1,
      times: 16,
    },
    {
      budget: { tokens: 3_000_000 },
      learningRate: { peak: 4e-4, floor: 0.02, warmUp: 50_000, hold: null },
      versatile: 0.2,
      habits: lateHabits,
      given: 0.5,
      choice: 4,
      times: 2,
    },
    {
      budget: { tokens: 700_000 },
      learningRate: { peak: 2e-4, floor: 0.02, warmUp: 30_000, hold: null },
      versatile: 0.1,
      habits: { ...lateHabits, add: 0.68, update: 0.42, filter: 0.017, summarise: 0.006, retrieve: 0.87 },
      given: 0.4,
      choice: 4,
      times: 1,
    },
  ],
  microBatches: 3,
  batching: { tokens: 1536, lengths },
  adamW: { betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0.05 },
  maxNorm: 1,
  loss: { exact: 4, environment: 0.05, scored: 1 / 3 },
  evaluation: { episodes: 128 },
}

/** Two minutes on two cores: shows that everything works and that the loss falls. */
export const smokeSettings: PretrainSettings = {
  ...nanoSettings,
  model: { hidden_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 352 },
  tokenizer: { vocabulary: 2048, episodes: 200 },
  phases: [
    { budget: { tokens: 200_000 }, learningRate: { peak: 4e-3, floor: 0.05, warmUp: 20_000, hold: null }, versatile: 0.65, habits: untrainedHabits, given: 0, choice: 1, times: 3 },
    { budget: { tokens: 20_000 }, learningRate: { peak: 5e-4, floor: 0.05, warmUp: 4000, hold: null }, versatile: 0.3, habits: lateHabits, given: 0.5, choice: 4, times: 1 },
  ],
  batching: { tokens: 2048, lengths: [256, 512] },
  microBatches: 2,
  evaluation: { episodes: 24 },
}

const shareSchema = z.object({ right: z.number(), of: z.number() })
/** One evaluation in the course of a run. */
export const curvePointSchema = z.object({
  step: z.number(),
  tokens: z.number(),
  /** Of training, evaluation and waiting left out. */
  seconds: z.number(),
  /** Mean since the last point, environment tokens included; null at the beginning. */
  train_loss: z.number().nullable(),
  loss: z.number(),
  copies: shareSchema,
  copied_tokens: shareSchema,
  answers: z.record(z.string(), shareSchema),
})
export type CurvePoint = z.infer<typeof curvePointSchema>

export const progressSchema = z.object({
  /** Number of the phase, and where it began: tokens, seconds, points of the curve. */
  phase: z.object({ number: z.number().int().nonnegative(), tokens: z.number(), seconds: z.number(), points: z.number().int().nonnegative() }),
  /** Over all phases, as the rest here. */
  step: z.number().int().nonnegative(),
  tokens: z.number().int().nonnegative(),
  seconds: z.number().nonnegative(),
  loader: loaderStateSchema,
  /** Losses of the steps since the last evaluation. */
  recent: z.array(z.number()),
  curve: z.array(curvePointSchema),
})
type Progress = z.infer<typeof progressSchema>

/** All that a run needs to go on as if it had not been interrupted. */
export interface PretrainState {
  progress: Progress
  tokenizer: TokenizerText
  trainer: AdapterState
}

export interface PretrainHooks {
  /** Monotonic, ms. */
  now(): number
  /** Keeps a state; called now and then, and when the run ends. */
  save(state: PretrainState): Promise<void>
  /** Milliseconds between states. */
  saveEvery: number
  onStart?: (config: ModelConfig) => void
  onStep?: (step: { progress: Progress; done: number; loss: number; learningRate: number; gradNorm: number }) => void
  onPoint?: (point: CurvePoint) => void
  signal?: AbortSignal
}

export interface Pretrained {
  config: ModelConfig
  tokenizer: TokenizerText
  parameters: Map<string, Float32Array>
  progress: Progress
  /** False when it was interrupted; save() has had its state. */
  complete: boolean
}

/** Episodes that are played at once. */
const block = 64
/** So many blocks lie between the episodes of two phases. */
const blocksApart = 5_000_000
/** Where the tokenizer's episodes begin, far from those of the corpus. */
const tokenizerFrom = 1_000_000_000
/** So many steps in a row that are not finite mean that it will not recover. */
const lostSteps = 20

async function learnTokenizer({ seed, tokenizer, phases }: PretrainSettings): Promise<TokenizerText> {
  const source: EpisodeSource = { seed, split: 'train', versatile: phases[0].versatile, habits: phases[0].habits }
  const texts: string[] = []
  for (let from = 0; from < tokenizer.episodes; from += block) {
    const episodes = await playCorpus(source, tokenizerFrom + from, Math.min(block, tokenizer.episodes - from))
    texts.push(...episodes.map(textOf))
  }
  return nanoTokenizer(texts, tokenizer.vocabulary)
}

function pretrainConfig({ model }: PretrainSettings, vocabulary: number): ModelConfig {
  return readModelConfig({ model_type: 'llama', ...model, vocab_size: vocabulary, tie_word_embeddings: true, rms_norm_eps: 1e-5, rope_theta: 1_000_000, max_position_embeddings: nanoWindow })
}

/** How much of the phase is done, from 0 to 1. */
function shareDone({ budget }: Phase, { tokens, seconds, phase }: Pick<Progress, 'tokens' | 'seconds' | 'phase'>): number {
  return Math.min(1, 'tokens' in budget ? (tokens - phase.tokens) / budget.tokens : (seconds - phase.seconds) / (60 * budget.minutes))
}

/** How much of the whole training is done, from 0 to 1; phases count by their budgets where these are of one kind. */
function shareOfAll({ phases }: PretrainSettings, progress: Progress): number {
  const sizes = phases.map(({ budget }) => ('tokens' in budget ? budget.tokens / 250_000 : budget.minutes))
  const before = sum(sizes.slice(0, progress.phase.number))
  const phase = phases[progress.phase.number]
  return phase ? (before + shareDone(phase, progress) * (sizes[progress.phase.number] ?? 0)) / sum(sizes) : 1
}

/**
 * Linear warm-up, then a cosine down to the floor, or as `hold` has it.
 * @param tokens of the phase, with those of the step; @param before without; @param done share of the phase before the step
 */
export function learningRateAt({ learningRate, budget }: Pick<Phase, 'learningRate' | 'budget'>, { tokens, before, done }: { tokens: number; before: number; done: number }): number {
  const { peak, floor, warmUp, hold } = learningRate
  const cosine = (share: number) => floor + ((1 - floor) * (1 + Math.cos(Math.PI * share))) / 2
  const warm = Math.min(1, tokens / warmUp)
  if (!hold || !('tokens' in budget)) return peak * warm * cosine(done)
  const falling = cosine(Math.min(1, before / hold.period))
  if (before < hold.until) return peak * warm * Math.max(falling, hold.level)
  return peak * (floor + ((hold.level - floor) * (budget.tokens - before)) / (budget.tokens - hold.until))
}

/** Held-out episodes of both manners as sequences. */
export async function heldOutSequences(settings: PretrainSettings, tokenizer: Tokenizer): Promise<CorpusSequence[]> {
  const { seed, phases, evaluation, batching } = settings
  const [{ versatile, habits }] = phases
  const episodes = await playCorpus({ seed, split: 'held-out', versatile, habits }, 0, evaluation.episodes)
  return episodes.flatMap((episode) => sequencesOf(episode, tokenizer, Math.max(...batching.lengths)))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** As the values are when they were stored in float16. */
const stored = (parameters: ReadonlyMap<string, Float32Array>) =>
  new Map([...parameters].map(([name, values]) => [name, values.map((value) => halfToFloat(floatToHalf(value)))]))

/** What phase `number` begins with when the ones before it made this. */
export function phaseStart(number: number, progress: Omit<Progress, 'phase' | 'loader' | 'recent'>): Progress {
  const { tokens, seconds, curve } = progress
  return { ...progress, phase: { number, tokens, seconds, points: curve.length }, loader: { block: number * blocksApart, dealt: 0, waiting: [] }, recent: [] }
}

/**
 * Trains to the end of the last phase, or until the signal fires.
 * @param resumed the state to go on from; it must be of the same settings. Without optimizer state the phase begins.
 * @throws Error when the loss is not finite any more
 */
export async function pretrain(runtime: Runtime, settings: PretrainSettings, hooks: PretrainHooks, resumed?: PretrainState): Promise<Pretrained> {
  const tokenizer = resumed?.tokenizer ?? (await learnTokenizer(settings))
  const config = pretrainConfig(settings, new Tokenizer(tokenizer).size)
  hooks.onStart?.(config)
  const trainer = resumed?.trainer ?? { step: 0, parameters: circuitWeights(config, createRandom(`nano/${settings.seed}`)), first: new Map(), second: new Map() }
  let state: PretrainState = { tokenizer, trainer, progress: resumed?.progress ?? phaseStart(0, { step: 0, tokens: 0, seconds: 0, curve: [] }) }
  const heldOut = await heldOutSequences(settings, new Tokenizer(tokenizer))
  for (;;) {
    const { number } = state.progress.phase
    const phase = settings.phases[number]
    if (!phase) throw new Error(`There is no phase ${number}.`)
    state = await runPhase(runtime, settings, phase, { config, heldOut, hooks }, state)
    const done = { config, tokenizer, parameters: state.trainer.parameters, progress: state.progress }
    if (shareDone(phase, state.progress) < 1) return { ...done, complete: false }
    if (number + 1 >= settings.phases.length) return { ...done, complete: true }
    state = { tokenizer, trainer: { step: 0, parameters: stored(state.trainer.parameters), first: new Map(), second: new Map() }, progress: phaseStart(number + 1, state.progress) }
  }
}

interface PhaseTools {
  config: ModelConfig
  heldOut: readonly CorpusSequence[]
  hooks: PretrainHooks
}

/** Trains to the end of the phase, or until the signal fires; what it returns was saved. */
async function runPhase(runtime: Runtime, settings: PretrainSettings, phase: Phase, { config, heldOut, hooks }: PhaseTools, begun: PretrainState): Promise<PretrainState> {
  const { seed, batching } = settings
  const weights = { layout: 'huggingface', dtype: 'float32' } as const
  const options = { loss: { kind: 'cross-entropy' }, trainable: 'all', lora: null, weights, recompute: 0, adamW: settings.adamW, batching} as const
  const trainer = await Trainer.create(runtime, config, options, {}, begun.trainer.parameters)
  if (begun.trainer.step > 0) await trainer.restore(begun.trainer)

  const source: EpisodeSource = { seed, split: 'train', versatile: phase.versatile, habits: phase.habits, given: phase.given }
  const tokenizer = new Tokenizer(begun.tokenizer)
  const limit = Math.max(...batching.lengths)
  const play = async (number: number) => (await playCorpus(source, number * block, block)).flatMap((episode) => sequencesOf(episode, tokenizer, limit))
  const loader = new CorpusLoader(play, batching, begun.progress.loader)
  const progress: Progress = { ...begun.progress, recent: [...begun.progress.recent], curve: [...begun.progress.curve] }

  const save = async () => {
    const state: PretrainState = { progress: { ...progress, loader: loader.state }, tokenizer: begun.tokenizer, trainer: await trainer.state() }
    await hooks.save(state)
    return state
  }
  const evaluate = async () => {
    const report: ForcedReport = await teacherForced(runtime, config, trainer.parameters, heldOut, batching)
    const { step, tokens, seconds, recent } = progress
    const { loss, copies, copiedTokens, answers } = report
    const point = { step, tokens, seconds, train_loss: recent.length > 0 ? sum(recent) / recent.length : null, loss, copies, copied_tokens: copiedTokens, answers }
    progress.curve.push(point)
    progress.recent = []
    hooks.onPoint?.(point)
  }

  let saved = hooks.now()
  let lost = 0
  try {
    for (let done = shareDone(phase, progress); done < 1 && hooks.signal?.aborted !== true; done = shareDone(phase, progress)) {
      if (progress.curve.length - progress.phase.points <= done * phase.times) await evaluate()
      const started = hooks.now()
      const batches = []
      while (batches.length < settings.microBatches) batches.push(await loader.next())
      const sequences = weigh(batches, () => batching.tokens, { ...settings.loss, choice: phase.choice, seed })
      const tokens = sum(sequences.map(({ ids }) => ids.length))
      const before = progress.tokens - progress.phase.tokens
      const learningRate = learningRateAt(phase, { tokens: before + tokens, before, done })
      const report = await trainer.update(sequences, { learningRate, maxNorm: settings.maxNorm, beta: 0 })
      lost = report.applied ? 0 : lost + 1
      if (lost >= lostSteps) throw new Error(`The loss has not been finite for ${lostSteps} steps: use a smaller learning rate.`)
      progress.step++
      progress.tokens += tokens
      if (report.applied) progress.recent.push(report.loss)
      progress.seconds += (hooks.now() - started) / 1000
      hooks.onStep?.({ progress, done: shareOfAll(settings, progress), loss: report.loss, learningRate, gradNorm: report.grad_norm })
      if (hooks.now() - saved >= hooks.saveEvery) {
        await save()
        saved = hooks.now()
      }
    }
    if (shareDone(phase, progress) >= 1 && progress.recent.length > 0) await evaluate()
    return await save()
  } finally {
    await trainer.dispose()
  }
}
