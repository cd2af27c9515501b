// What an episode must be, from the core alone: the same rules, played in this process without a browser.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { runEpisodes } from '../src/core/episode/simulator.ts'
import { recordSchema } from '../src/core/episode/read-record.ts'
import type { EpisodeSettings, Trajectory } from '../src/core/record/trajectory.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import { scriptedPolicy, type Careless, type ScriptedName } from '../src/core/demonstrations/scripted.ts'
import { wordCounter } from '../src/core/policy/word-counter.ts'
import { readTaskFile } from '../src/core/environments/question/sources/read.ts'
import { scenarios } from '../src/core/environments/question/sources/scenarios.ts'
import { defaultDifficulty, worldTask, type WorldDifficulty } from '../src/core/environments/question/sources/world.ts'
import type { Task } from '../src/core/environments/question/task.ts'

export interface Play {
  task: Task
  policy: ScriptedName
  /** 7 is what the page begins with. */
  seed?: number
  settings?: EpisodeSettings
  careless?: Careless
  /** Names the run in the record; the page draws one for each episode. */
  key?: string
}

/** Plays an episode as the page would. */
export async function playHeadless({ task, policy, seed = 7, settings = settingsPresets.playground, careless, key = 'headless' }: Play): Promise<Trajectory> {
  const embedder = new HashEmbedder()
  const [played] = await runEpisodes([{ key, id: { run: key, batch: 0, rollout: 0 }, task, seed, settings }], {
    policy: scriptedPolicy(policy, () => task, careless),
    memory: new InMemoryStore(embedder), embedder,
    counter: wordCounter,
  })
  return recordSchema.parse(played)
}

/** The page's task of a number, from 1, in the world of a seed. */
export function worldTaskOf(number: number, seed = 7, difficulty: WorldDifficulty = defaultDifficulty): Task {
  return worldTask({ seed, index: number - 1, split: 'train', difficulty })
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
  return readTaskFile(fixtureText(name), name).tasks
}
