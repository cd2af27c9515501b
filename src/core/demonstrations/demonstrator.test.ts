import { questionIn, type Task } from '../environments/question/task.ts'
import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../episode/settings.ts'
import { runEpisodes } from '../episode/simulator.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { countHabits, habitEstimates } from '../evaluation/habits.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { admitsIgnorance, ruleJudge } from '../environments/question/judge.ts'
import { defaultDifficulty, worldProblem, type WorldDifficulty } from '../environments/question/sources/world.ts'
import { demonstrator } from './demonstrator.ts'
import { untrainedHabits, versatileHabits, type Habits } from './demonstrator-habits.ts'
import { thoughts } from './demonstrator-phrases.ts'
import { wordCounter } from '../policy/word-counter.ts'

const none: Habits = { add: 0, add_small_talk: 0, add_distractor: 0, update: 0, delete: 0, filter: 0, summarise: 0, retrieve: 0, persist: 0, mistake: 0 }
const diligent: Habits = { ...none, add: 1, update: 1, retrieve: 1, persist: 0.25 }

async function play(habits: Habits, tasks: number, difficulty: Partial<WorldDifficulty> = {}): Promise<Trajectory<Task>[]> {
  const embedder = new HashEmbedder()
  const problems = Array.from({ length: tasks }, (_, index) => worldProblem({ seed: 21, index, split: 'train', difficulty: { ...defaultDifficulty, ...difficulty } }))
  const byKey = new Map(problems.map((problem, i) => [`demo-${i}`, problem]))
  const specs = problems.map(({ task }, i) => ({ key: `demo-${i}`, id: { run: 'demo', batch: 0, rollout: 0 }, task, seed: 3, settings: settingsPresets.playground }))
  const played = await runEpisodes(specs, {
    policy: demonstrator((key) => byKey.get(key), { habits, embedder }),
    memory: new InMemoryStore(embedder), embedder,
    counter: wordCounter,
  })
  return played.map((trajectory) => ({ ...trajectory, task: questionIn(trajectory.task) }))
}

const scoreOf = ({ task, answer }: Pick<Trajectory<Task>, 'task' | 'answer'>) => ruleJudge.score(answer ?? '', task).score
const callsOf = ({ steps }: Trajectory) => steps.flatMap((step) => step.calls)

describe('demonstrator', () => {
  it('answers every question when everything was stored, of every kind', async () => {
    const trajectories = await play(diligent, 150)
    expect(new Set(trajectories.map(({ task }) => task.kind))).toEqual(new Set(['one-hop', 'two-hop', 'comparison', 'update']))
    expect(trajectories.filter((trajectory) => scoreOf(trajectory) !== 1).map(({ task, answer }) => [task.query, task.answer, answer])).toEqual([])
    expect(trajectories.flatMap(callsOf).filter((call) => !call.ok)).toEqual([])
    expect(trajectories.flatMap(({ steps }) => steps.flatMap((step) => step.violations))).toEqual([])
  })
  it('searches again for what the first hit leads to', async () => {
    const trajectories = await play(diligent, 40, { facts: 8, two_hop: 1, one_hop: 0, comparison: 0, update: 0 })
    const searches = trajectories.map(({ steps }) => steps.filter((step) => step.phase === 'answer').flatMap((step) => step.calls))
    const twice = trajectories.filter((_, i) => (searches[i]?.length ?? 0) > 1)
    expect(twice.length).toBeGreaterThan(5)
    for (const trajectory of twice) expect(scoreOf(trajectory) === 1 || admitsIgnorance(trajectory.answer ?? '')).toBe(true)
    expect(trajectories.filter((trajectory) => scoreOf(trajectory) === 1).length).toBeGreaterThan(32)
  })
  it('says that it does not know when nothing was stored, or nothing was looked up', async () => {
    for (const habits of [{ ...diligent, add: 0, update: 0 }, { ...diligent, retrieve: 0 }]) {
      for (const { answer } of await play(habits, 40)) expect(admitsIgnorance(answer ?? '')).toBe(true)
    }
  })
  it('stores a correction as a fact of its own where a search finds nothing to correct', async () => {
    const turns = (await play({ ...none, update: 1 }, 60)).flatMap(({ steps }) =>
      steps.flatMap((step, i) => (step.phase === 'build' && step.calls.some(({ name, ok }) => name === 'Retrieve_memory' && ok) ? [[step, steps[i + 1]]] : [])),
    )
    expect(turns.length).toBeGreaterThan(10)
    for (const [search, next] of turns) {
      expect([next?.phase, next?.turn]).toEqual([search?.phase, search?.turn])
      expect(next?.calls.map(({ name }) => name)).toEqual(['Add_memory'])
    }
    // Some of the thoughts name whom the fact is about.
    const named = turns.filter(([, next]) => {
      const [think = ''] = next?.reply.text.split('</think>') ?? []
      const [first] = String(next?.calls[0]?.arguments['content']).split(' ')
      return first !== undefined && think.includes(first)
    })
    expect(named.length).toBeGreaterThan(2)
  })
  it('stores the new value after it has deleted the old one', async () => {
    const turns = (await play({ ...diligent, update: 0, delete: 1 }, 60)).flatMap(({ steps }) =>
      steps.flatMap((step, i) => (step.calls.some(({ name, ok }) => name === 'Delete_memory' && ok) ? [[step, steps[i + 1]]] : [])),
    )
    expect(turns.length).toBeGreaterThan(15)
    for (const [deletion, next] of turns) {
      expect([next?.phase, next?.turn]).toEqual([deletion?.phase, deletion?.turn])
      expect(next?.calls.map(({ name }) => name)).toContain('Add_memory')
    }
  })
  it('answers with the old value when it did not keep the correction', async () => {
    const kept = await play({ ...diligent, update: 0, add: 0.5 }, 150)
    const outdated = kept.filter(({ task, answer }) => task.kind === 'update' && !admitsIgnorance(answer ?? '') && scoreOf({ task, answer }) < 1)
    expect(outdated.length).toBeGreaterThan(0)
    for (const { task, answer } of outdated) {
      const old = task.facts.find((fact) => fact.superseded_by !== null)
      expect(old?.keys[1]?.some((wording) => answer?.includes(wording))).toBe(true)
    }
  })
  it('filters what it means to filter', async () => {
    const filters = (await play({ ...none, filter: 1 }, 60)).flatMap(({ steps }) => steps.flatMap((step) => step.after.flatMap((event) => (event.type === 'stm.filter' ? [event] : []))))
    expect(filters.length).toBeGreaterThan(150)
    for (const { removed } of filters) expect(removed.length).toBeGreaterThan(0)
  })
  it('keeps in a summary what was told, as it now stands', async () => {
    const summarised = (await play({ ...none, summarise: 0.4 }, 60)).flatMap(({ task, steps }) =>
      steps.flatMap((step) => (step.phase !== 'build' ? [] : step.asides.map(({ generation }) => ({ task, text: generation.text, step })))),
    )
    const telling = summarised.filter(({ task, text }) => task.facts.some((fact) => text.includes(fact.text)))
    expect(telling.length).toBeGreaterThan(20)
    for (const { task, text } of telling) {
      const stated = task.facts.filter((fact) => text.includes(fact.text))
      expect(stated.some((fact) => stated.some((other) => other.id === fact.superseded_by))).toBe(false)
    }
  })
  it('recovers from its mistakes', async () => {
    const trajectories = await play({ ...versatileHabits, mistake: 0.3 }, 60)
    const failures = trajectories.flatMap(({ steps }) => steps.flatMap((step, i) => step.calls.flatMap((call) => (call.ok ? [] : [{ call, next: steps[i + 1], step }]))))
    expect(failures.length).toBeGreaterThan(30)
    const again = failures.filter(({ step, next }) => next?.phase === step.phase && next.turn === step.turn && next.violations.length === 0 && next.calls.every((call) => call.ok))
    // The others make another mistake, or the turn is over.
    expect(again.length / failures.length).toBeGreaterThan(0.4)
    for (const { next } of again) expect(next?.calls.length).toBeGreaterThan(0)
  })
  it('has the habits of an untrained agent', async () => {
    const shares = habitEstimates(countHabits(await play(untrainedHabits, 400)))
    const between = (share: { mean: number } | null, low: number, high: number) => {
      expect(share?.mean).toBeGreaterThanOrEqual(low)
      expect(share?.mean).toBeLessThanOrEqual(high)
    }
    between(shares.add_fact, 0.48, 0.6)
    between(shares.add_small_talk, 0.12, 0.28)
    between(shares.update_correction, 0, 0.1)
    between(shares.delete_correction, 0, 0.03)
    between(shares.filter_episode, 0.005, 0.06)
    between(shares.summarise_episode, 0, 0.05)
    between(shares.retrieve_first, 0.8, 0.9)
    expect(shares.unknown_without_memory?.mean).toBe(1)
  })
  it('is deterministic', async () => {
    expect(await play(versatileHabits, 10)).toEqual(await play(versatileHabits, 10))
  })
})

describe('thoughts', () => {
  it('tell the act with their first word', () => {
    const acts = new Map<string, Set<string>>()
    for (const [act, texts] of Object.entries(thoughts)) {
      for (const text of texts) {
        const word = /^\p{L}+/u.exec(text)?.[0] ?? ''
        acts.set(word, (acts.get(word) ?? new Set()).add(act))
      }
    }
    expect([...acts].filter(([word, of]) => word === '' || of.size > 1)).toEqual([])
  })
})
