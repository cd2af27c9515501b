// What an episode must be, from the core alone: the same rules, played in this process without a browser.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { runEpisodes } from '../src/core/episode/simulator.ts'
import { recordSchema } from '../src/core/episode/read-record.ts'
import type { PolicySpec, TaskOrigin } from '../src/core/record/setup.ts'
import type { EpisodeSettings, Trajectory } from '../src/core/record/trajectory.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import { defaultCareless, scriptedPolicy, type Careless, type ScriptedName } from '../src/core/demonstrations/scripted.ts'
import { rewardPresets, type RewardPreset } from '../src/core/reward/presets.ts'
import { wordCounter } from '../src/core/policy/word-counter.ts'
import { readTaskFile } from '../src/core/environments/question/sources/read.ts'
import { scenarios } from '../src/core/environments/question/sources/scenarios.ts'
import { defaultDifficulty, worldTask, type WorldDifficulty } from '../src/core/environments/question/sources/world.ts'
import type { Task } from '../src/core/environments/question/task.ts'

/** Where the tasks that are made here came from; others are built in. */
const origins = new WeakMap<Task, TaskOrigin>()

function from(origin: TaskOrigin, task: Task): Task {
  origins.set(task, origin)
  return task
}

export interface Play {
  task: Task
  policy: ScriptedName
  /** 7 is what the page begins with. */
  seed?: number
  settings?: EpisodeSettings
  careless?: Careless
  /** Whose weights are recorded with it. */
  reward?: RewardPreset
  /** Names the run in the record; the page draws one for each episode. */
  key?: string
}

/** Plays an episode as the page would. */
export async function playHeadless({ task, policy, seed = 7, settings = settingsPresets.playground, careless, reward = 'paper', key = 'headless' }: Play): Promise<Trajectory> {
  const embedder = new HashEmbedder()
  const rules: PolicySpec = { kind: 'scripted', name: policy, ...(policy === 'careless' && { careless: careless ?? defaultCareless }) }
  const setup = { policy: rules, reward: rewardPresets[reward], source: origins.get(task) ?? { kind: 'built-in' as const } }
  const [played] = await runEpisodes([{ key, id: { run: key, batch: 0, rollout: 0 }, task, setup, seed, settings }], {
    policy: scriptedPolicy(policy, () => task, careless),
    memory: new InMemoryStore(embedder), embedder,
    counter: wordCounter,
  })
  return recordSchema.parse(played)
}

/** The page's task of a number, from 1, in the world of a seed. */
export function worldTaskOf(number: number, seed = 7, difficulty: WorldDifficulty = defaultDifficulty): Task {
  const drawn = { seed, index: number - 1, split: 'train' } as const
  return from({ kind: 'generated', generator: 'world', ...drawn, options: difficulty }, worldTask({ ...drawn, difficulty }))
}

/** @throws Error when there is no such scenario */
export function scenarioOf(id: string): Task {
  const found = scenarios.find((each) => each.id === id)
  if (!found) throw new Error(`There is no scenario ${id}.`)
  return found
}

export function fixturePath(name: string): string {
  return join(import.meta.dirname, 'fixtures', name)
}

export function fixtureText(name: string): string {
  return readFileSync(fixturePath(name), 'utf8')
}

export function fixtureTasks(name: string): Task[] {
  return readTaskFile(fixtureText(name), name).tasks.map((task) => from({ kind: 'file', name }, task))
}
