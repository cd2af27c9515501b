import { describe, expect, it } from 'vitest'
import { defaultCareless, scriptedPolicy, type ScriptedName } from '../demonstrations/scripted.ts'
import { exampleOwn, ownTask } from '../environments/question/sources/own.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { AbortError, type GenerateRequest, type Policy } from '../policy/policy.ts'
import { wordCounter } from '../policy/word-counter.ts'
import type { Change } from '../record/setup.ts'
import { contextAt, memoryAt } from '../record/replay.ts'
import type { EpisodeEvent, Step, Trajectory } from '../record/trajectory.ts'
import { createRandom } from '../random.ts'
import { worldTask, randomDifficulty } from '../environments/question/sources/world.ts'
import type { Task } from '../environments/question/task.ts'
import { readTrajectory } from './read-record.ts'
import { settingsPresets } from './settings.ts'
import { runEpisodes } from './simulator.ts'

interface Played {
  trajectory: Trajectory
  /** What it left in the store. */
  left: string[]
  /** What the policy was asked. */
  asked: GenerateRequest[]
}

const mine = ownTask(exampleOwn)

/** The policy, and what it was asked. */
function listening(policy: Policy, asked: GenerateRequest[]): Policy {
  return {
    ...policy,
    open: (options) => {
      const stream = policy.open(options)
      return {
        ...stream,
        serve: (requests) => {
          asked.push(...requests.map(({ request }) => request))
          return stream.serve(requests)
        },
      }
    },
  }
}

async function play(task: Task, policy: ScriptedName, from?: { recorded: Trajectory; step: number; change: Change }, signal?: AbortSignal): Promise<Played> {
  const embedder = new HashEmbedder()
  const memory = new InMemoryStore(embedder)
  const asked: GenerateRequest[] = []
  const branch = from && { recorded: from.recorded, branch: { of: 'first', step: from.step, change: from.change } }
  const setup = { policy: { kind: 'scripted' as const, name: policy }, source: { kind: 'given' as const }, ...(branch ? { branch: branch.branch } : {}) }
  const spec = { key: 'k', id: { run: from ? 'second' : 'first', batch: 0, rollout: 0 }, task, setup, seed: 7, settings: settingsPresets.playground, branch }
  const [trajectory] = await runEpisodes([spec], { policy: listening(scriptedPolicy(policy, () => task, defaultCareless), asked), memory, embedder, counter: wordCounter, signal })
  if (!trajectory) throw new Error('Nothing was played.')
  return { trajectory, left: (await memory.list('k')).map(({ content }) => content), asked }
}

/** As it is, whoever it belongs to. */
const same = ({ id: _, ...step }: Step) => step
const isEdit = ({ type }: EpisodeEvent) => type === 'stm.edit'
const textAt = (trajectory: Trajectory, step: number) => contextAt(trajectory, step, 'prompt').find(({ kind }) => kind === 'message' || kind === 'query')

describe('an episode that is branched off', () => {
  it('plays on as before when nothing that matters was changed, from every step, whatever the policy asks beside', async () => {
    for (const [index, policy] of (['oracle', 'store-all', 'careless', 'careless', 'careless'] as const).entries()) {
      const random = createRandom(`branch/${index}`)
      const task = worldTask({ seed: 5, index, split: 'train', difficulty: randomDifficulty(random) })
      const { trajectory: recorded, left } = await play(task, policy)
      for (const step of recorded.steps.keys()) {
        const message = textAt(recorded, step)
        if (!message || step % 3 > 0) continue
        const { trajectory, left: now } = await play(task, policy, { recorded, step, change: { what: 'message', id: message.id, text: message.content } })
        expect(trajectory.status).toBe('complete')
        expect(trajectory.steps.map((each) => same({ ...each, before: each.before.filter((event) => !isEdit(event)) }))).toEqual(recorded.steps.map(same))
        expect(trajectory.steps.flatMap(({ before }, at) => (before.some(isEdit) ? [at] : []))).toEqual([step])
        expect(now).toEqual(left)
      }
    }
  })

  it.each<[string, (recorded: Trajectory, last: number) => Change]>([
    ['a memory', (recorded, last) => ({ what: 'memory', id: memoryAt(recorded, last, 'prompt').find(({ content }) => content.includes('Oslo'))?.id ?? '', text: 'Lena Moor lives on the moon.' })],
    ['no memory', (recorded, last) => ({ what: 'memory', id: memoryAt(recorded, last, 'prompt').find(({ content }) => content.includes('Oslo'))?.id ?? '', text: null })],
  ])('answers by what it then finds: %s', async (_, change) => {
    const { trajectory: recorded } = await play(mine, 'oracle')
    expect(recorded.answer).toBe('Oslo')
    const asking = recorded.steps.findIndex(({ phase }) => phase === 'answer')
    const spec = { recorded, step: asking, change: change(recorded, asking) }
    const branch = await play(mine, 'oracle', spec)
    expect(branch.trajectory).toMatchObject({ status: 'complete', answer: 'I do not know.', setup: { branch: { of: 'first', step: asking } } })
    // What was replayed is as it was, and what is replayed from it is what the store holds.
    expect(branch.trajectory.steps.slice(0, asking).map(same)).toEqual(recorded.steps.slice(0, asking).map(same))
    expect(memoryAt(branch.trajectory, Infinity, 'after').map(({ content }) => content)).toEqual(branch.left)
    expect(branch.left).not.toContain('Lena Moor has moved, she lives in Oslo now.')
    // The same branch is the same episode.
    expect((await play(mine, 'oracle', spec)).trajectory).toEqual(branch.trajectory)
    expect(readTrajectory(JSON.parse(JSON.stringify(branch.trajectory)))).toEqual({ success: true, data: branch.trajectory })
  })

  it('asks with the changed text, goes on with another policy, and its record gives what was asked', async () => {
    const { trajectory: recorded } = await play(mine, 'store-none')
    const told = recorded.steps.findIndex((step) => step.before.some((event) => event.type === 'stm.append' && event.message.content.includes('Oslo')))
    const id = contextAt(recorded, told, 'prompt').findLast(({ kind }) => kind === 'message')?.id ?? ''
    const { trajectory, asked } = await play(mine, 'store-all', { recorded, step: told, change: { what: 'message', id, text: 'Lena Moor lives in Tarn now.' } })
    expect(trajectory).toMatchObject({ policy: 'store-all', status: 'complete' })
    expect(asked).toHaveLength(trajectory.steps.length - told)
    expect(asked[0]?.conversation.at(-1)?.content).toBe('Lena Moor lives in Tarn now.')
    for (const [i, { conversation }] of asked.entries()) {
      expect(contextAt(trajectory, told + i, 'prompt').map(({ content }) => content)).toEqual(conversation.map(({ content }) => content))
    }
    expect(trajectory.steps.slice(0, told).every(({ calls }) => calls.length === 0)).toBe(true)
    expect(memoryAt(trajectory, Infinity, 'after')[0]?.content).toBe('Lena Moor lives in Tarn now.')
  })

  it('takes another reply for one that was given', async () => {
    const { trajectory: recorded } = await play(mine, 'oracle')
    const text = '<think></think><tool_call>[{"name":"Add_memory","arguments":{"content":"Lena Moor is a baker on the moon."}}]</tool_call>'
    const { trajectory, left, asked } = await play(mine, 'oracle', { recorded, step: 0, change: { what: 'reply', text } })
    expect(trajectory.steps[0]).toMatchObject({ reply: { text, token_ids: null }, calls: [{ name: 'Add_memory', ok: true }] })
    expect(asked).toHaveLength(trajectory.steps.length - 1)
    expect(left[0]).toBe('Lena Moor is a baker on the moon.')
  })

  it('adds a memory, and says when there is none to change', async () => {
    const { trajectory: recorded } = await play(mine, 'store-none')
    const last = recorded.steps.length - 2
    const added = await play(mine, 'store-none', { recorded, step: last, change: { what: 'memory', id: null, text: 'Lena Moor lives in Oslo.' } })
    expect([added.trajectory.answer, added.left]).toEqual(['Oslo', ['Lena Moor lives in Oslo.']])
    const none = await play(mine, 'store-none', { recorded, step: last, change: { what: 'memory', id: 'm9', text: 'x' } })
    expect(none.trajectory).toMatchObject({ status: 'partial', failure: expect.stringContaining('m9') })
  })

  it('does not go on from a record that comes out otherwise, and can be stopped', async () => {
    const { trajectory: recorded } = await play(mine, 'oracle')
    const step = recorded.steps.length - 1
    const broken = { ...recorded, steps: recorded.steps.map((each, i) => (i === 0 ? { ...each, reply: { ...each.reply, text: '<think></think><answer>Ah.</answer>' } } : each)) }
    const { trajectory } = await play(mine, 'oracle', { recorded: broken, step, change: { what: 'message', id: 'c0', text: 'x' } })
    expect(trajectory).toMatchObject({ status: 'partial', stop: 'failed', failure: expect.stringContaining('does not come out as it was recorded') })
    const stopped = await play(mine, 'oracle', { recorded, step, change: { what: 'message', id: 'c0', text: 'x' } }, AbortSignal.abort(new AbortError()))
    expect(stopped.trajectory).toMatchObject({ status: 'partial', stop: 'aborted' })
    expect(stopped.trajectory.steps.map(same)).toEqual(recorded.steps.slice(0, step).map(same))
  })
})
