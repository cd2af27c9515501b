// Steps that an engine outside made on an exported run, as its script notes them (engine.jsonl), turned into what is recorded of
// a step here: its replies are played once more through our own environment, so that every number is measured as ours are.
import { playingAs } from '../../agents/playing-as.ts'
import { runEpisodes } from '../../episode/simulator.ts'
import { evaluationOf } from '../../evaluation/evaluate.ts'
import type { EvaluationMetrics } from '../../evaluation/evaluation-metrics.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { InMemoryStore } from '../../memory/in-memory-store.ts'
import { streamOf } from '../../policy/ask.ts'
import type { Policy } from '../../policy/policy.ts'
import { wordCounter } from '../../policy/word-counter.ts'
import type { Generation, Trajectory } from '../../record/trajectory.ts'
import { scoreTrajectory } from '../../reward/score.ts'
import { evaluationTemperature, type TrainConfig } from '../../training/config.ts'
import { checkHealth, type Health } from '../../training/guard-rails.ts'
import { rolloutMeasures } from '../../training/loop.ts'
import type { StepMetrics } from '../../training/metrics.ts'
import { adapterOfRun } from '../../training/runs.ts'
import type { EngineLine } from './engine-line.ts'

type EngineStep = Extract<EngineLine, { kind: 'step' }>
type EngineEvaluation = Extract<EngineLine, { kind: 'evaluation' }>

/** Where the run belongs. */
export interface EngineRun {
  run: string
  /** The base model's name. */
  model: string
  config: TrainConfig
}

/** Rewards are equal up to here. */
const tolerance = 1e-6

/** The policy that says what was said, thread by thread. */
function replaying(name: string, said: ReadonlyMap<string, EngineLine['rollouts'][number]>): Policy {
  const next = new Map<string, number>()
  const reply = ({ thread }: { thread: string }): Generation => {
    const at = next.get(thread) ?? 0
    next.set(thread, at + 1)
    const of = said.get(thread)?.[at]
    if (!of) throw new Error('the episode asks for more replies than the engine gave')
    return { text: of.text, tokens: of.token_ids.length, token_ids: of.token_ids, logprobs: null, finish: of.finish, prompt_tokens: of.prompt_tokens }
  }
  return { name, open: (options) => streamOf(reply, options) }
}

/** @throws Error when the replies do not give the episodes that the engine had: it is another release's environment */
async function replayed({ run, model, config }: EngineRun, line: EngineLine, temperature: number, k: number): Promise<Trajectory[]> {
  const embedder = new HashEmbedder()
  const agent = config.agent ?? 'agemem'
  const finished = line.kind === 'step' ? line.step - 1 : line.step
  const { setup } = playingAs(agent, { kind: 'onnx', model, source: null, adapter: adapterOfRun(run, finished) })
  const specs = line.rollouts.flatMap((_, i) => {
    const task = line.tasks[Math.floor(i / k)]
    if (!task) throw new Error(`Step ${line.step} of ${line.engine} has ${line.rollouts.length} rollouts of ${line.tasks.length} tasks: the file is damaged.`)
    return [{ key: String(i), id: { run, batch: line.step, rollout: i % k }, task, setup: { ...setup, reward: config.reward.weights, source: { kind: 'given' as const } }, agent, seed: config.seed, settings: { ...config.episode, temperature } }]
  })
  const policy = replaying(model, new Map(line.rollouts.map((said, i) => [String(i), said])))
  const trajectories = await runEpisodes(specs, { policy, memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
  for (const [i, trajectory] of trajectories.entries()) {
    const where = `Step ${line.step} of ${line.engine}, rollout ${i + 1}`
    if (trajectory.status !== 'complete') throw new Error(`${where} cannot be played again: ${trajectory.failure ?? 'it did not end'}. It was played in the environment of another release.`)
    const { total } = scoreTrajectory(trajectory, config.reward.weights).reward
    const had = line.rewards[i] ?? NaN
    if (!(Math.abs(total - had) <= tolerance)) throw new Error(`${where} got the reward ${had} there and ${total} here: it was played in the environment of another release, or under other weights.`)
  }
  return trajectories
}

/** A step as it would have been recorded here. @param before of the steps before, oldest first. @throws Error, see replayed() */
export async function stepOfEngine(of: EngineRun, line: EngineStep, before: readonly Health[]): Promise<{ metrics: StepMetrics; trajectories: Trajectory[] }> {
  const trajectories = await replayed(of, line, line.temperature, of.config.k)
  const { measured } = rolloutMeasures(trajectories, of.config, line.step)
  const { updates, sampled, tokens, sequences, seconds } = line
  const mean = (value: (update: EngineStep['updates'][number]) => number | null) => {
    const known = updates.map(value).filter((each) => each !== null)
    return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length
  }
  const unchecked = {
    ...measured,
    loss: mean(({ loss }) => loss),
    surrogate_loss: null,
    kl: of.config.beta > 0 ? mean(({ kl }) => kl) : null,
    entropy: mean(({ entropy }) => entropy),
    clip_ratio: mean(({ clip_ratio }) => clip_ratio),
    mean_ratio: null,
    grad_norm: mean(({ grad_norm }) => grad_norm),
    learning_rate: updates[0]?.learning_rate ?? 0,
    updates: { applied: updates.length, skipped: 0 },
    tokens: { sampled, ...tokens },
    sequences,
    seconds,
    engine: line.engine,
  }
  return { metrics: { ...unchecked, ...checkHealth(unchecked, before) }, trajectories }
}

/** An evaluation as it would have been recorded here. @throws Error, see replayed() */
export async function evaluationOfEngine(of: EngineRun, line: EngineEvaluation): Promise<EvaluationMetrics> {
  const trajectories = await replayed(of, line, evaluationTemperature(of.config), 1)
  const rollouts = trajectories.map((trajectory) => ({ trajectory, scored: scoreTrajectory(trajectory, of.config.reward.weights) }))
  return evaluationOf(rollouts, { id: { run: of.run, batch: line.step }, seed: of.config.evaluation.seed }, line.seconds)
}
