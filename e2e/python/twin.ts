// The environment in Python against ours: replies, answers, texts, and episodes of scripted policies, many of each.
import type { ScriptedName } from '../../src/core/demonstrations/scripted.ts'
import { noDataSets } from '../../src/core/environments/family.ts'
import { questionIn } from '../../src/core/environments/question/task.ts'
import { tasksOfRun } from '../../src/core/export/files.ts'
import { answers, episodesOf, replies } from '../../src/core/export/python/material.fixture.ts'
import { differences } from '../../src/core/export/python/twin.fixture.ts'
import { trlFiles } from '../../src/core/export/trl.ts'
import { trainPresets, type TrainConfig } from '../../src/core/training/config.ts'
import { evaluationTasks } from '../../src/core/training/tasks-of-step.ts'
import type { Check } from '../outside/checks.ts'

const told = (count: number, found: readonly string[]) => `${count - found.length} of ${count}${found.length === 0 ? '' : `; ${found.slice(0, 3).join('; ')}`}`

export async function twinChecks(python: string, count: number, check: Check): Promise<void> {
  const config: TrainConfig = { ...trainPresets.quick, steps: 1, evaluation: { ...trainPresets.quick.evaluation, tasks: 60 } }
  const files = trlFiles({ name: 'twin', config, tasks: await tasksOfRun(config, noDataSets), model: { name: 'nano', place: null }, adapter: null })
  const words = await differences.words(files, { replies: replies(count, 101), answers: answers(count, 102) }, python)
  check('replies read, answers judged, currency and similarity as here', words.length === 0, told(2 * count, words))
  const tasks = (await evaluationTasks(config, noDataSets)).map(({ task }) => questionIn(task))
  const players: readonly (readonly [ScriptedName, number])[] = [['oracle', 0], ['store-all', 0], ['store-none', 0], ['careless', 0], ['careless', 0.5], ['oracle', 0.3]]
  for (const [name, share] of players) {
    const episodes = await episodesOf(name, tasks, config.episode, share)
    const found = differences.episodes(files, config, episodes, python)
    check(`episodes of ${name}${share === 0 ? '' : `, ${100 * share} % of whose replies are spoilt`}: all terms of the reward within 1e-9, prompts, context`, found.length === 0, told(episodes.length, found))
  }
}
