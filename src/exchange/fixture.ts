// Episodes of scripted policies, with summaries, broken replies and two agents, as a step of training. Only tests import it.
import { defaultCareless, scriptedPolicy } from '../core/demonstrations/scripted.ts'
import { scenarios } from '../core/environments/question/sources/scenarios.ts'
import { settingsPresets } from '../core/episode/settings.ts'
import { runEpisodes } from '../core/episode/simulator.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { wordCounter } from '../core/policy/word-counter.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { trainPresets } from '../core/training/config.ts'
import { shownStep, type ShownStep } from './episodes.ts'

const settings = settingsPresets.playground

/** Step 4 of a run: three rollouts of each of three tasks. */
export async function playedStep(): Promise<ShownStep> {
  const tasks = scenarios.slice(0, 3)
  const embedder = new HashEmbedder()
  const play = async (rollout: number, policyName: 'oracle' | 'careless'): Promise<Trajectory[]> => {
    const policy = scriptedPolicy(policyName, (key) => tasks.find((task) => key.startsWith(task.id)), { ...defaultCareless, summarise: 0.5, break_format: 0.2 })
    const specs = tasks.map((task) => ({ key: `${task.id}/${rollout}`, id: { run: 'r', batch: 4, rollout }, task, seed: 3, settings }))
    return runEpisodes(specs, { policy, memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
  }
  const played = [await play(0, 'oracle'), await play(1, 'careless'), await play(2, 'careless')]
  return shownStep(4, tasks.flatMap((_, i) => played.flatMap((each) => each[i] ?? [])), trainPresets.quick)
}
