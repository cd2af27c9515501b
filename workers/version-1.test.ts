// What earlier releases have written opens for ever: src/core/record/fixtures/v1, which their own code made.
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dispatch } from '../cli/dispatch.ts'
import { filesInFolder } from '../cli/model-folder.ts'
import { readLink } from '../src/app/address/link.ts'
import { defaultConfig } from '../src/app/state/config.ts'
import { restoreConfig } from '../src/app/state/restore.ts'
import { defaultCareless } from '../src/core/demonstrations/scripted.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { contextAt, memoryAt } from '../src/core/record/replay.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { trainingSetup } from '../src/core/training/config.ts'
import { packTrajectory } from '../src/core/training/packing.ts'
import { readAdapterFiles } from '../src/lab/files/peft-zip.ts'
import { importRun } from '../src/lab/import-run.ts'
import { parseTrajectories } from '../src/lab/read-trajectories.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { readAdapter } from '../src/models/files/adapter.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { Disk } from '../src/storage/fixture.ts'
import type { Storage } from '../src/storage/storage.ts'

const folder = new URL('../src/core/record/fixtures/v1/', import.meta.url)
const text = (name: string) => readFile(new URL(name, folder), 'utf8')
const file = async (name: string) => new File([new Uint8Array(await readFile(new URL(name, folder)))], name)
const sha = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

const runtime = createNodeRuntime(1)
let nano: LocalModel
beforeAll(async () => {
  nano = await LocalModel.create(runtime, 'nano', await loadModel(await filesInFolder('public/models/nano'), 2 ** 30))
}, 120_000)
afterAll(async () => {
  await nano.dispose()
  await runtime.dispose()
})

const tagged = z.union([
  z.object({ $map: z.array(z.tuple([z.string(), z.unknown()])) }).strict(),
  z.object({ $float32: z.string() }).strict(),
  z.object({ $uint8: z.string() }).strict(),
])
/** A row of the database as it lay there. */
function decoded(value: unknown): unknown {
  const read = tagged.safeParse(value)
  if (read.success) {
    if ('$map' in read.data) return new Map(read.data.$map.map(([key, each]) => [key, decoded(each)]))
    if ('$float32' in read.data) return new Float32Array(new Uint8Array(Buffer.from(read.data.$float32, 'base64')).buffer)
    return new Uint8Array(Buffer.from(read.data.$uint8, 'base64'))
  }
  if (Array.isArray(value)) return value.map(decoded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decoded(each)]))
}
const databaseSchema = z.object({
  version: z.number(),
  stores: z.record(z.string(), z.string()),
  tables: z.record(z.string(), z.array(z.unknown())),
})

/** A browser in which the release has been used, opened by the page of today. */
async function openedBrowser(): Promise<Storage> {
  const { version, stores, tables } = databaseSchema.parse(JSON.parse(await text('release/database.json')))
  const disk = new Disk()
  const db = new Dexie('test', { indexedDB: disk.indexedDB, IDBKeyRange })
  db.version(version).stores(stores)
  for (const [table, rows] of Object.entries(tables)) await db.table(table).bulkPut(rows.map(decoded))
  await db.table('meta').put({ key: 'incarnation', value: 'v1' })
  db.close()
  return disk.tab()
}

/** It is of version 2, and everything that it says of its own memory holds when it is replayed. */
function replays(trajectory: Trajectory): void {
  expect(trajectory.schema_version).toBe(2)
  const { steps } = trajectory
  for (const [i, { prompt }] of steps.entries()) {
    expect(contextAt({ steps }, i, 'prompt').map(({ id }) => id), `step ${i}`).toEqual(prompt)
  }
}

const paperReward = (trajectory: Trajectory) => scoreTrajectory(trajectory, rewardPresets.paper).reward.total

describe('episodes', () => {
  it('of the release open, each line whole', async () => {
    const episodes = parseTrajectories(await text('release/episodes.jsonl'))
    expect(episodes.map(({ policy, steps, status }) => [policy, steps.length, status])).toEqual([
      ['oracle', 13, 'complete'],
      ['careless', 14, 'complete'],
      ['nano', 8, 'complete'],
      ['store-all', 3, 'partial'],
    ])
    episodes.forEach(replays)
    expect(episodes.map((each) => memoryAt(each, each.steps.length, 'after').length)).toEqual([2, 4, 1, 2])
    expect(episodes.map((each) => each.steps.flatMap(({ violations }) => violations).length)).toEqual([0, 4, 0, 0])
    expect([...new Set(episodes[0]?.steps.map(({ phase }) => phase))]).toEqual(['build', 'resist', 'answer'])
    expect(episodes.map((each) => each.steps.flatMap(({ asides }) => asides).length)).toEqual([0, 1, 1, 0])
    const [summary] = episodes[2]?.steps.flatMap(({ asides }) => asides) ?? []
    expect(summary?.purpose).toBe('summarise')
    expect(summary?.prompt.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(summary?.prompt[1]?.content).toMatch(/^Summarise these messages in a few sentences\./)
    // As the release measured them.
    const measured = [0.9605034722222221, 0.767433449074074, 0.3243272569444444, -0.0763888888888889]
    expect(episodes.map(paperReward)).toEqual(measured)
  })

  it('of the release open as the page exports one', async () => {
    const [one, ...more] = parseTrajectories(await text('release/episode.json'))
    expect(more).toEqual([])
    expect(one).toEqual(parseTrajectories(await text('release/episodes.jsonl'))[3])
  })

  it('of the last code that wrote version 1 open, with prompt_tokens and verdicts', async () => {
    const episodes = parseTrajectories(await text('last/episodes.jsonl'))
    expect(episodes.map(({ policy, embedder }) => [policy, embedder])).toEqual([
      ['nano', 'hash@1'],
      ['Qwen3-0.6B-q4f16_1-MLC (unconstrained)', 'snowflake-arctic-embed-s-q0f32-MLC-b4@2'],
      ['store-none', 'hash@1'],
    ])
    episodes.forEach(replays)
    expect(episodes.map(({ setup }) => setup)).toEqual([
      {
        agent: 'agemem',
        policy: { kind: 'onnx', model: 'nano', source: null },
        embedder: 'hash',
        source: { kind: 'generated', generator: 'world', seed: 7, index: expect.any(Number), split: 'train', options: null },
      },
      {
        agent: 'agemem',
        policy: { kind: 'webllm', model: 'Qwen3-0.6B-q4f16_1-MLC', options: { constrained: false } },
        embedder: 'snowflake-arctic-embed-s-q0f32-MLC-b4',
        source: { kind: 'generated', generator: 'world', seed: 7, index: 4, split: 'train', options: null },
      },
      { agent: 'agemem', policy: { kind: 'scripted', name: 'store-none' }, embedder: 'hash', source: { kind: 'built-in' } },
    ])
    for (const step of episodes[0]?.steps ?? []) expect(step.reply.prompt_tokens).toBe(step.prompt_tokens)
    const verdict = { judge: 'Qwen3-0.6B-q4f16_1-MLC', rubric: 'answer', score: 0.25, words: 'Score: 0.25' }
    expect(episodes[2]?.verdicts).toEqual([verdict])
  })

  it('of nano become the sequences that they were trained on, filter and summary included', async () => {
    const texts = await Promise.all([text('release/episodes.jsonl'), text('last/episodes.jsonl')])
    const sampled = texts.flatMap(parseTrajectories).filter(({ policy }) => policy === 'nano')
    const packed = sampled.map((each) => packTrajectory(each, nano.encoder, nano.window))
    expect(packed.map(({ sequences, tooLong }) => [sequences.length, tooLong])).toEqual([[5, 0], [5, 0]])
    // As the release packed them.
    expect(packed.map(({ sequences }) => sha(sequences))).toEqual(['8d7cf8cda01b6ded', '8d7cf8cda01b6ded'])
  })
})

describe('a browser in which the release was used', () => {
  it('lists and opens its episodes', async () => {
    const { archive } = await openedBrowser()
    const list = await archive.list()
    expect(list.map(({ key, policy, status, saved }) => [key, policy, status, saved])).toEqual([
      ['episode-adapted', 'nano', 'complete', true],
      ['episode-nano', 'nano', 'complete', true],
      ['episode-partial', 'store-all', 'partial', true],
    ])
    for (const { key, query, steps, reward } of list) {
      const trajectory = await archive.get(key)
      expect(trajectory?.task).toMatchObject({ query })
      expect(trajectory?.steps).toHaveLength(steps)
      if (trajectory && reward !== null) expect(paperReward(trajectory)).toBeCloseTo(reward, 12)
    }
  })

  it('writes an episode of then once more, and has it', async () => {
    const { archive } = await openedBrowser()
    const [line] = await archive.list()
    const trajectory = await archive.get('episode-adapted')
    if (!line || !trajectory) throw new Error('The episode is not there.')
    expect(await archive.put('again', trajectory, { ...line, key: 'again' })).toEqual({ saved: true })
    expect(await archive.get('again')).toEqual(trajectory)
  })

  it('has its run with steps, rollouts, evaluations and a checkpoint to go on from', async () => {
    const { runs } = await openedBrowser()
    const [run, ...more] = await runs.listRuns()
    expect(more).toEqual([])
    expect(run).toMatchObject({ name: 'Quick of version 1', model: 'nano', steps: 2, status: 'finished' })
    expect((await runs.steps('run-v1')).map(({ step, episodes }) => [step, episodes])).toEqual([[1, 2], [2, 2]])
    for (const step of [1, 2]) {
      const rollouts = await runs.rollouts('run-v1', step)
      expect(rollouts.map(({ id }) => [id.run, id.batch, id.rollout])).toEqual([0, 1].map((i) => ['run-v1', step, i]))
      rollouts.forEach(replays)
    }
    expect((await runs.evaluations('run-v1')).map(({ step }) => step)).toEqual([0, 2])
    const checkpoints = await runs.checkpoints()
    expect(checkpoints.map(({ key, step, resumable }) => [key, step, resumable])).toEqual([['run-v1/2', 2, true]])
    const state = await runs.checkpointState('run-v1/2')
    expect(state?.step).toBe(2)
    if (!run) throw new Error('The run is not there.')
    await nano.beginTraining(trainingSetup(run.config), state)
    expect((await nano.adapterState()).first).toEqual(state?.first)
    await nano.endTraining()
  })
})

describe('files', () => {
  it.each(['release', 'last'])('a run of %s comes back with its rollouts', async (from) => {
    const { runs } = new Disk().tab()
    const whole = { name: 'Quick of version 1', step: 2, steps: 2 }
    expect(await importRun(runs, await file(`${from}/run.zip`), 'here', () => undefined)).toEqual(whole)
    expect((await runs.steps('here')).map(({ step }) => step)).toEqual([1, 2])
    expect((await runs.evaluations('here')).map(({ step }) => step)).toEqual([0, 2])
    for (const step of [1, 2]) {
      const rollouts = await runs.rollouts('here', step)
      expect(rollouts).toHaveLength(2)
      rollouts.forEach(replays)
    }
  })

  it('an adapter fits nano', async () => {
    const adapter = readAdapter(nano.config, await readAdapterFiles([await file('release/adapter.zip')]))
    expect([adapter.lora.rank, adapter.lora.alpha, adapter.lora.targets]).toEqual([1, 2, ['q_proj']])
    await nano.useAdapter(adapter)
    await nano.useAdapter(null)
  })

  it('a folder of a training is gone on with', async () => {
    const out = await mkdtemp(join(tmpdir(), 'agemem-v1-'))
    try {
      await cp(new URL('release/train', folder), out, { recursive: true })
      const said: string[] = []
      const tell = (line: string) => { said.push(line) }
      const io = { out: () => Promise.resolve(), tell, signal: new AbortController().signal, now: () => 0 }
      const more = ['--model', 'public/models/nano', '--threads', '1', '--steps', '2', '--resume']
      expect(await dispatch(['train', '--out', out, ...more], io), said.join('\n')).toBe(0)
      expect((await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(2)
      for (const step of ['step-0001', 'step-0002']) {
        const lines = await readFile(join(out, 'trajectories', `${step}.jsonl`), 'utf8')
        expect(parseTrajectories(lines)).toHaveLength(2)
      }
    } finally {
      await rm(out, { recursive: true })
    }
  }, 60_000)
})

describe('links', () => {
  const linksSchema = z.record(z.string(), z.string())

  it('mean what they meant', async () => {
    const texts = await Promise.all([text('release/links.json'), text('last/links.json')])
    const [release, last] = texts.map((json) => linksSchema.parse(JSON.parse(json)))
    expect(last).toMatchObject(release ?? {})
    const links = Object.fromEntries(Object.entries(last ?? {}).map(([name, hash]) => [name, readLink(hash, ['watch', 'train', 'group'])]))
    expect(Object.values(links).flatMap(({ problems }) => problems)).toEqual([])
    const shown = { view: 'watch', episode: 'episode-nano', step: 3, config: defaultConfig }
    expect(links['episode']?.link).toMatchObject(shown)
    const settings = { ...settingsPresets.paper, temperature: 0.5 }
    expect(links['adapted']?.link).toMatchObject({
      episode: 'episode-adapted',
      config: { policy: 'nano', adapter: 'run-v1/2', index: 5, reward: 'answer-only', settings },
    })
    const careless = { ...defaultCareless, break_format: 0.3 }
    expect(links['careless']?.link.config).toMatchObject({ source: 'scenario', policy: 'careless', seed: 42, careless })
    expect(links['large']?.link.config).toMatchObject({
      policy: 'webllm',
      model: 'Qwen3-0.6B-q4f16_1-MLC',
      constrained: false,
      embedder: 'snowflake-arctic-embed-s-q0f32-MLC-b4',
      settings: settingsPresets.paper,
    })
    expect(links['run']?.link).toMatchObject({ view: 'group', training: { run: 'run-v1', step: 2, group: 0 } })
  })

  it('and their episodes give back what played them', async () => {
    const [, large, judged] = parseTrajectories(await text('last/episodes.jsonl'))
    const [, , played, partial] = parseTrajectories(await text('release/episodes.jsonl'))
    if (!large || !judged || !played || !partial) throw new Error('Episodes are missing.')
    const restored = [large, judged, played, partial].map((each) => restoreConfig(each, defaultConfig, null))
    expect(restored.map(({ policy, model, constrained, embedder }) => [policy, model, constrained, embedder])).toEqual([
      ['webllm', 'Qwen3-0.6B-q4f16_1-MLC', false, 'snowflake-arctic-embed-s-q0f32-MLC-b4'],
      ['store-none', null, null, null],
      ['nano', null, null, null],
      ['store-all', null, null, null],
    ])
    expect(restored.map(({ seed, settings }) => [seed, settings.exchanges])).toEqual([[7, 2], [7, 1], [11, 2], [7, 2]])
    expect(restored.map(({ source }) => source)).toEqual(['again', 'scenario', 'again', 'again'])
  })
})
