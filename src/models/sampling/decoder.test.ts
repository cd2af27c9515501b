import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { scoreProgram } from '../../nn/training/gradient-program.ts'
import { parameterShapes, projections } from '../../nn/transformer/config.ts'
import { loraShapes } from '../../nn/transformer/weights.ts'
import { createNodeRuntime } from '../../runtime/node.ts'
import { isOnDevice, readFloats, type Runtime, type Value, type Values } from '../../runtime/runtime.ts'
import { generateRows, type GenerateSettings } from '../fixtures/generate-rows.ts'
import { Decoder, type GeneratedRow } from './decoder.ts'
import { randomWeights, tinyConfig } from '../fixtures/tiny-model.ts'
import { createHostEngine, inGroups, loadHostPrograms, type HostPrograms } from './host-engine.ts'
import { createResidentEngine } from './resident-engine.ts'
import type { ReplyGrammar } from './grammar.ts'
import { drawAllowed, drawToken } from './sampler.ts'

const config = tinyConfig()
const values = randomWeights(config)
const capacity = 96
const runtime = createNodeRuntime(1)
const valueOf = (name: string) => values.get(name) ?? new Float32Array(0)
const builtIn = { layout: 'huggingface', dtype: 'float32', values: valueOf } as const
let programs: HostPrograms

const random = createRandom('prompts')
const prompts = [7, 12, 3].map((length) => Array.from({ length }, () => random.int(config.vocabSize)))
const settings: GenerateSettings = { temperature: 1, maxTokens: 20, stopIds: [], seeds: [1, 2, 3] }

const hostDecoder = (batch: number) => new Decoder(createHostEngine(programs, config, capacity, batch, () => ({})), batch)
async function residentDecoder(batch: number, on: Runtime = runtime) {
  const weights: Values = {}
  for (const [name, shape] of parameterShapes(config)) weights[name] = { dtype: 'float32', shape, data: valueOf(name) }
  const options = { batch, capacity, chunk: 8, layout: 'huggingface', dtype: 'float32', lora: null } as const
  return new Decoder(await createResidentEngine(on, config, options, () => weights), batch)
}

const lora = { rank: 3, alpha: 6, targets: projections }
const adapter: Values = Object.fromEntries(
  [...loraShapes(config, lora)].map(([name, shape]) => {
    const random = createRandom(name)
    return [name, { dtype: 'float32', shape, data: Float32Array.from({ length: shape[0] * shape[1] }, () => random.next() - 0.5) }]
  }),
)

/** log π of each generated token, by one pass over the whole sequence. */
async function scored(prompt: readonly number[], ids: readonly number[], adapted = false): Promise<Float32Array> {
  const sequence = [...prompt, ...ids]
  const at = ids.map((_, i) => prompt.length + i - 1)
  const program = await runtime.load(
    scoreProgram('score', config, { batch: 1, length: sequence.length, positions: ids.length, lora: adapted ? lora : null, weights: builtIn, entropy: false }),
  )
  const results = await program.run({
    ids: { dtype: 'int32', shape: [1, sequence.length], data: Int32Array.from(sequence) },
    at: { dtype: 'int32', shape: [ids.length], data: Int32Array.from(at) },
    labels: { dtype: 'int32', shape: [ids.length], data: Int32Array.from(ids) },
    ...(adapted ? adapter : {}),
  })
  await program.dispose()
  return readFloats(results, 'logps')
}

/** The t-th token leaves the remainder t by three. */
function inTurn(): ReplyGrammar {
  let at = 0
  return {
    accept(id) {
      const fits = id % 3 === at % 3
      if (fits) at++
      return fits
    },
    allowed: () => Promise.resolve(bits((id) => id % 3 === at % 3)),
    dispose: () => undefined,
  }
}

const bits = (allowed: (id: number) => boolean) =>
  Int32Array.from({ length: Math.ceil(config.vocabSize / 32) }, (_, word) => Array.from({ length: 32 }, (_, bit) => (allowed(32 * word + bit) ? 1 << bit : 0)).reduce((all, each) => all | each))

/** Whole replies by that grammar, but for the second row of several, which has none. */
async function inTurns(decoder: Decoder, given: GenerateSettings, asked: readonly (readonly number[])[] = prompts, first = true): Promise<GeneratedRow[]> {
  for (const [row, prompt] of asked.entries()) decoder.begin(row, prompt, { ...given, seed: given.seeds[row] ?? 0, grammar: row === 1 || !first ? null : inTurn() })
  const done = new Set<number>()
  const all = [...asked.keys()]
  while (done.size < asked.length) for (const row of await decoder.advance(all.filter((row) => !done.has(row)), given)) done.add(row)
  return all.map((row) => decoder.take(row))
}

const idsOf = (rows: readonly GeneratedRow[]) => rows.map((row) => row.ids)

beforeAll(async () => {
  programs = await loadHostPrograms(runtime, config, capacity, builtIn, null)
})
afterAll(() => runtime.dispose())

describe('Decoder', () => {
  it('reports the log-probabilities that one pass over the sequence gives', async () => {
    const rows = await generateRows(hostDecoder(3), prompts, settings)
    for (const [i, row] of rows.entries()) {
      expect(row.ids).toHaveLength(20)
      const logps = await scored(prompts[i] ?? [], row.ids)
      for (const [t, logp] of row.logps.entries()) expect(logp).toBeCloseTo(logps[t] ?? NaN, 4)
      // At temperature 1 with nothing cut off, both distributions are the same.
      for (const [t, logp] of row.sampledLogps.entries()) expect(logp).toBeCloseTo(row.logps[t] ?? NaN, 5)
    }
  })

  it('applies an adapter', async () => {
    const adapted = await loadHostPrograms(runtime, config, capacity, builtIn, lora)
    const rows = await generateRows(new Decoder(createHostEngine(adapted, config, capacity, 3, () => adapter), 3), prompts, settings)
    await adapted.dispose()
    for (const [i, row] of rows.entries()) {
      const logps = await scored(prompts[i] ?? [], row.ids, true)
      for (const [t, logp] of row.logps.entries()) expect(logp).toBeCloseTo(logps[t] ?? NaN, 4)
    }
    expect(idsOf(rows)).not.toEqual(idsOf(await generateRows(hostDecoder(3), prompts, settings)))
  })

  it('draws the same tokens with the matrices where they lie, with and without an adapter', async () => {
    for (const each of [null, lora]) {
      const feeds = () => (each ? adapter : {})
      const [copied, lying] = [await loadHostPrograms(runtime, config, capacity, builtIn, each), await loadHostPrograms(runtime, config, capacity, { ...builtIn, apart: true }, each)]
      const bytes = ({ generate: { program } }: HostPrograms) => program.model.length
      // All but the norms: of two layers, and of the embedding.
      expect(bytes(copied) - bytes(lying)).toBeGreaterThan(0.9 * 4 * [...values.values()].reduce((sum, { length }) => sum + length, 0))
      const [one, other] = [await generateRows(new Decoder(createHostEngine(copied, config, capacity, 3, feeds), 3), prompts, settings), await generateRows(new Decoder(createHostEngine(lying, config, capacity, 3, feeds), 3), prompts, settings)]
      expect(idsOf(other)).toEqual(idsOf(one))
      for (const [i, row] of other.entries()) for (const [t, logp] of row.logps.entries()) expect(logp).toBeCloseTo(one[i]?.logps[t] ?? NaN, 4)
      await copied.dispose()
      await lying.dispose()
    }
  })

  it('draws the same tokens with matrices that are not packed, which takes one copy of them less', async () => {
    const wide = tinyConfig({ hidden_size: 512, intermediate_size: 1536, num_hidden_layers: 4 })
    const noise = createRandom('wide')
    // Matrices of the same values would share what is packed.
    const weights = new Map([...parameterShapes(wide)].map(([name, shape]) => [name, Float32Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, () => (name.includes('norm') ? 1 : 0.1 * (noise.next() - 0.5)))]))
    const built = { layout: 'huggingface', dtype: 'float32', values: (name: string) => weights.get(name) ?? new Float32Array(0), apart: true } as const
    const resident = () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
    const load = async (packed: boolean) => {
      const before = process.platform === 'linux' ? resident() : NaN
      const loaded = await loadHostPrograms(runtime, wide, capacity, built, null, packed)
      const taken = process.platform === 'linux' ? resident() - before : NaN
      const rows = await generateRows(new Decoder(createHostEngine(loaded, wide, capacity, 3, () => ({})), 3), prompts, settings)
      return { taken, rows, dispose: () => loaded.dispose() }
    }
    // The first takes what memory was free; all stay, so that none has another's.
    const [first, plain, packed] = [await load(true), await load(false), await load(true)]
    expect(idsOf(plain.rows)).toEqual(idsOf(packed.rows))
    for (const [i, row] of plain.rows.entries()) for (const [t, logp] of row.logps.entries()) expect(logp).toBeCloseTo(packed.rows[i]?.logps[t] ?? NaN, 4)
    const bytes = 4 * [...weights.values()].reduce((sum, { length }) => sum + length, 0)
    if (process.platform === 'linux') expect((packed.taken - plain.taken) / bytes).toBeGreaterThan(0.7)
    for (const each of [first, plain, packed]) await each.dispose()
  })

  it('draws the same tokens step by step with the cache on the device', async () => {
    for (const each of [settings, { ...settings, temperature: 0 }, { ...settings, minP: 0.2 }, { ...settings, temperature: 0.7, minP: 0.05 }]) {
      const inLoop = await generateRows(hostDecoder(3), prompts, each)
      const resident = await residentDecoder(3)
      const stepByStep = await generateRows(resident, prompts, each)
      await resident.dispose()
      expect(idsOf(stepByStep)).toEqual(idsOf(inLoop))
      for (const [i, row] of stepByStep.entries()) {
        for (const [t, logp] of row.sampledLogps.entries()) expect(logp).toBeCloseTo(inLoop[i]?.sampledLogps[t] ?? NaN, 3)
      }
    }
  })

  it('frees the cache of each step on the device when the next one has it', async () => {
    let held = 0
    const onDevice = (value: Value): Value => {
      if (isOnDevice(value)) return value
      held++
      const kept = { dtype: value.dtype, shape: value.shape, download: () => Promise.resolve(value.data), dispose: () => { held-- } }
      return kept
    }
    // A CPU has no memory of its own to fill: what would stay on a device is counted.
    const device: Runtime = {
      ...runtime,
      upload: async (tensor) => onDevice(await runtime.upload(tensor)),
      load: async (program, options) => {
        const loaded = await runtime.load(program)
        return {
          ...loaded,
          run: async (feeds) => {
            const host = Object.fromEntries(await Promise.all(Object.entries(feeds).map(async ([name, value]) => [name, isOnDevice(value) ? { dtype: value.dtype, shape: value.shape, data: await value.download() } : value] as const)))
            const results = await loaded.run(host)
            return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, options?.keep?.(name) === true ? onDevice(value) : value]))
          },
          dispose: () => loaded.dispose(),
        }
      },
    }
    const resident = await residentDecoder(3, device)
    // Keys and values of two layers.
    expect([config.layers, held]).toEqual([2, 4])
    const rows = await generateRows(resident, prompts, settings)
    expect(held).toBe(4)
    expect(idsOf(rows)).toEqual(idsOf(await generateRows(hostDecoder(3), prompts, settings)))
    await resident.dispose()
    expect(held).toBe(0)
  })

  it('gives a row the same tokens alone and among others', async () => {
    const together = await generateRows(hostDecoder(3), prompts, settings)
    for (const [i, prompt] of prompts.entries()) {
      const [alone] = await generateRows(hostDecoder(1), [prompt], { ...settings, seeds: [i + 1] })
      expect(alone?.ids).toEqual(together[i]?.ids)
    }
  })

  it('continues from its cache as it would from nothing', async () => {
    const decoder = hostDecoder(2)
    const first = await generateRows(decoder, [prompts[0] ?? [], prompts[1] ?? []], { ...settings, seeds: [1, 2] })
    // One row goes on from its reply, the other leaves its last prompt early.
    const next = [[...(prompts[0] ?? []), ...(first[0]?.ids ?? []), 5, 6], [...(prompts[1] ?? []).slice(0, 4), 9]]
    const continued = await generateRows(decoder, next, { ...settings, seeds: [4, 5] })
    const fresh = await generateRows(hostDecoder(2), next, { ...settings, seeds: [4, 5] })
    expect(idsOf(continued)).toEqual(idsOf(fresh))
  })

  it('brings in a long prompt beside a row that is almost full', async () => {
    const full = Array.from({ length: 88 }, () => random.int(config.vocabSize))
    const decoder = hostDecoder(2)
    await generateRows(decoder, [full.slice(0, 64), null], { ...settings, maxTokens: 1, seeds: [1, 2] })
    // 24 tokens behind 63, beside 45 behind none: the full row's padding reaches position 107.
    const both = [full, Array.from({ length: 46 }, (_, i) => i % config.vocabSize)]
    const together = await generateRows(decoder, both, { ...settings, seeds: [1, 2] })
    expect(together[0]?.ids).toHaveLength(8)
    for (const [i, prompt] of both.entries()) {
      const [alone] = await generateRows(hostDecoder(1), [prompt], { ...settings, seeds: [i + 1] })
      expect(together[i]?.ids).toEqual(alone?.ids)
    }
  })

  it('gives rows that begin at different times the tokens that they would have alone', async () => {
    const decoder = hostDecoder(3)
    const [a, b, c] = prompts.map((prompt) => prompt)
    decoder.begin(0, a ?? [], { seed: 1, maxTokens: 20, stopIds: [] })
    expect(await decoder.advance([0], settings)).toEqual([])
    decoder.begin(2, b ?? [], { seed: 2, maxTokens: 9, stopIds: [] })
    await decoder.advance([0, 2], settings)
    // Row 0 is left to wait while the others go on.
    expect(await decoder.advance([2], settings)).toEqual([2])
    expect([decoder.isFree(0), decoder.isFree(1), decoder.isFree(2)]).toEqual([false, true, false])
    const second = decoder.take(2)
    decoder.begin(2, c ?? [], { seed: 3, maxTokens: 20, stopIds: [] })
    const done = new Set<number>()
    while (done.size < 2) for (const row of await decoder.advance([0, 2].filter((each) => !done.has(each)), settings)) done.add(row)
    const alone = await generateRows(hostDecoder(3), prompts, settings)
    expect([decoder.take(0).ids, second.ids, decoder.take(2).ids]).toEqual([alone[0]?.ids, alone[1]?.ids.slice(0, 9), alone[2]?.ids])
  })

  it('gives rows of very different lengths, which it decodes in two groups, the tokens that they would have alone', async () => {
    const wide = await loadHostPrograms(runtime, config, 1024, builtIn, null)
    const long = Array.from({ length: 600 }, () => random.int(config.vocabSize))
    const mixed = [long, prompts[0] ?? [], long.slice(0, 500), prompts[1] ?? []]
    const settingsOf = (...seeds: number[]) => ({ ...settings, seeds, stopIds: [3, 4, 5, 6, 7, 8, 9, 10] })
    const decoder = (rows: number) => new Decoder(createHostEngine(wide, config, 1024, rows, () => ({})), rows)
    expect(inGroups([0, 1, 2, 3], (row) => mixed[row]?.length ?? 0)).toEqual([[0, 2], [1, 3]])
    expect(inGroups([0, 1, 2], (row) => [90, 100, 80][row] ?? 0)).toEqual([[0, 1, 2]])
    const together = decoder(4)
    const first = await generateRows(together, mixed, settingsOf(1, 2, 3, 4))
    // And go on from what is cached, ends of different lengths included.
    const next = mixed.map((prompt, i) => [...prompt, ...(first[i]?.ids ?? []), 11])
    const second = await generateRows(together, next, settingsOf(5, 6, 7, 8))
    for (const row of mixed.keys()) {
      const [alone] = await generateRows(decoder(1), [mixed[row] ?? []], settingsOf(row + 1))
      const [after] = await generateRows(decoder(1), [next[row] ?? []], settingsOf(row + 5))
      expect([first[row]?.ids, second[row]?.ids]).toEqual([alone?.ids, after?.ids])
    }
    expect(new Set(first.map(({ ids }) => ids.length)).size).toBeGreaterThan(1)
    await wide.dispose()
  })

  it('computes what prompts begin with once, and comes to the same whoever was there before', async () => {
    const fed: number[] = []
    const counting: Runtime = {
      ...runtime,
      load: async (program, options) => {
        const loaded = await runtime.load(program, options)
        return {
          ...loaded,
          run: (feeds) => {
            fed.push((feeds['ids']?.shape ?? []).reduce((product, size) => product * size, 1))
            return loaded.run(feeds)
          },
        }
      },
    }
    const wide = await loadHostPrograms(counting, config, 512, builtIn, null)
    const decoder = () => new Decoder(createHostEngine(wide, config, 512, 3, () => ({})), 3)
    const told = Array.from({ length: 150 }, () => random.int(config.vocabSize))
    const asked = prompts.map((prompt) => [...told, ...prompt])
    const reply = async (on: Decoder, rows: readonly number[], prefix = told.length) => {
      for (const row of rows) on.begin(row, asked[row] ?? [], { ...settings, seed: row + 1, maxTokens: 8, prefix })
      const done = new Set<number>()
      while (done.size < rows.length) for (const row of await on.advance(rows.filter((each) => !done.has(each)), settings)) done.add(row)
      return rows.map((row) => on.take(row))
    }
    const together = decoder()
    const all = await reply(together, [0, 1, 2])
    // 150 once; 6 and 11 beside each other, 2; then three rows step by step.
    expect(fed).toEqual([150, 22, 2, 3])
    for (const row of [0, 1, 2]) {
      const [alone] = await reply(decoder(), [row])
      const [whole] = await reply(decoder(), [row], 0)
      expect(alone?.ids).toEqual(all[row]?.ids)
      expect(whole?.ids).toEqual(all[row]?.ids)
      const logps = await scored(asked[row] ?? [], alone?.ids ?? [])
      for (const [t, logp] of (alone?.logps ?? []).entries()) expect(logp).toBeCloseTo(logps[t] ?? NaN, 4)
    }
    const [first] = await reply(decoder(), [1])
    const before = decoder()
    await reply(before, [0])
    fed.length = 0
    expect(await reply(before, [1])).toEqual([first])
    expect(fed).toEqual([11, 1])
    // Other weights have other keys and values.
    before.reset()
    fed.length = 0
    await reply(before, [1])
    expect(fed).toEqual([150, 11, 1])
    await wide.dispose()
  })

  it('keeps of the rows that wait what is not too much, the latest ones, and draws the same tokens', async () => {
    const engine = createHostEngine(programs, config, capacity, 3, () => ({}))
    const held = () => [0, 1, 2].map((row) => engine.held?.(row) ?? NaN)
    const ends = async (decoder: Decoder) => {
      const first = await generateRows(decoder, prompts, settings)
      const kept = held()
      return { kept, ids: idsOf(await generateRows(decoder, prompts.map((prompt, i) => [...prompt, ...(first[i]?.ids ?? []), 5]), settings)) }
    }
    const all = await ends(new Decoder(engine, 3))
    expect(Math.min(...all.kept)).toBeGreaterThan(0)
    engine.reset()
    expect(held()).toEqual([0, 0, 0])
    const [, second = 0, third = 0] = all.kept
    const some = await ends(new Decoder(engine, 3, second + third))
    expect(some.kept).toEqual([0, second, third])
    expect(some.ids).toEqual(all.ids)
  })

  it('refuses a row that is under way, and forgets all rows when the weights change', async () => {
    const decoder = hostDecoder(2)
    decoder.begin(0, [1, 2], { seed: 1, maxTokens: 20, stopIds: [] })
    expect(() => { decoder.begin(0, [1], { seed: 1, maxTokens: 2, stopIds: [] }) }).toThrow('under way')
    await decoder.advance([0], settings)
    decoder.reset()
    expect(() => decoder.take(0)).toThrow('other weights')
    expect(decoder.isFree(0)).toBe(true)
  })

  it('ends rows on their own: stop ids, stop tests, token limit, idle rows', async () => {
    const free = await generateRows(hostDecoder(3), prompts, settings)
    const stop = free[0]?.ids[4] ?? -1
    const rows = await generateRows(hostDecoder(3), [prompts[0] ?? [], prompts[1] ?? [], null], {
      ...settings,
      stopIds: [stop],
      isFinished: (row, ids) => row === 1 && ids.length >= 16,
    })
    expect(rows[0]?.ids.at(-1)).toBe(stop)
    expect(rows[0]?.ids).toEqual(free[0]?.ids.slice(0, (free[0]?.ids.indexOf(stop) ?? 0) + 1))
    expect(rows[0]?.finish).toBe('stop')
    expect(rows[2]).toEqual({ ids: [], logps: [], sampledLogps: [], finish: 'length' })
    const [short] = await generateRows(hostDecoder(1), [prompts[0] ?? []], { ...settings, maxTokens: 3 })
    expect(short).toMatchObject({ ids: free[0]?.ids.slice(0, 3), finish: 'length' })
  })

  it('gives a row the tokens that its grammar allows, the same alone, among others, and with the cache on the device', async () => {
    for (const each of [settings, { ...settings, temperature: 0 }, { ...settings, temperature: 0.7, minP: 0.05 }]) {
      const free = await generateRows(hostDecoder(3), prompts, each)
      const resident = await residentDecoder(3)
      const [inLoop, stepByStep] = [await inTurns(hostDecoder(3), each), await inTurns(resident, each)]
      await resident.dispose()
      expect(idsOf(stepByStep)).toEqual(idsOf(inLoop))
      for (const [i, row] of inLoop.entries()) {
        expect(row.ids).toHaveLength(20)
        // Those of the second row are free.
        if (i === 1) expect(row.ids).toEqual(free[1]?.ids)
        else expect(row.ids.map((id) => id % 3)).toEqual(row.ids.map((_, t) => t % 3))
        const alone = await inTurns(hostDecoder(1), { ...each, seeds: [each.seeds[i] ?? 0] }, [prompts[i] ?? []], i !== 1)
        expect(alone[0]?.ids).toEqual(row.ids)
        // What is recorded knows no grammar, as what is trained on.
        const logps = await scored(prompts[i] ?? [], row.ids)
        for (const [t, logp] of row.logps.entries()) expect(logp).toBeCloseTo(logps[t] ?? NaN, 4)
      }
    }
  })

  it('leaves what was free as it was where the grammar refuses nothing', async () => {
    const free = await generateRows(hostDecoder(3), prompts, settings)
    const decoder = hostDecoder(3)
    for (const [row, prompt] of prompts.entries()) decoder.begin(row, prompt, { ...settings, seed: row + 1, grammar: { ...inTurn(), accept: () => true } })
    const done = new Set<number>()
    while (done.size < 3) for (const row of await decoder.advance([0, 1, 2].filter((row) => !done.has(row)), settings)) done.add(row)
    expect([0, 1, 2].map((row) => decoder.take(row))).toEqual(free)
  })

  it('marks a prompt that does not fit, and fills what is left of the window', async () => {
    const long = Array.from({ length: capacity }, (_, i) => i % config.vocabSize)
    const [tooLong] = await generateRows(hostDecoder(1), [long], settings)
    expect(tooLong).toMatchObject({ ids: [], finish: 'overflow' })
    const [last] = await generateRows(hostDecoder(1), [long.slice(0, capacity - 4)], settings)
    expect(last?.ids).toHaveLength(4)
  })
})

describe('drawToken', () => {
  // p = 0.5, 0.25, 0.125, 0.125
  const logits = Float32Array.of(Math.log(4), Math.log(2), 0, 0)
  const plain = { temperature: 1 }

  it('inverts the cumulative distribution', () => {
    expect([0, 0.49, 0.51, 0.74, 0.76, 0.999].map((u) => drawToken(logits, u, plain).id)).toEqual([0, 0, 1, 1, 2, 3])
    expect(drawToken(logits, 0.6, plain).logp).toBeCloseTo(Math.log(0.25), 6)
  })

  it('keeps tokens that are likely enough beside the likeliest, after the temperature', () => {
    expect(drawToken(logits, 0.999, { ...plain, minP: 0.49 }).id).toBe(1)
    expect(drawToken(logits, 0.999, { ...plain, minP: 0.51 })).toMatchObject({ id: 0, sampledLogp: 0 })
    expect(drawToken(logits, 0.999, { ...plain, minP: 0.24 })).toEqual(drawToken(logits, 0.999, plain))
    // p² : a quarter and a sixteenth of the likeliest.
    expect(drawToken(logits, 0.999, { ...plain, temperature: 0.5, minP: 0.24 }).id).toBe(1)
    // What is recorded as log π stays that of the whole vocabulary.
    expect(drawToken(logits, 0.999, { ...plain, minP: 0.49 }).logp).toBeCloseTo(Math.log(0.25), 6)
  })

  it('takes the best token at temperature 0', () => {
    expect(drawToken(logits, 0.999, { ...plain, temperature: 0 })).toMatchObject({ id: 0, sampledLogp: 0 })
  })
})

describe('drawAllowed', () => {
  // p = 0.5, 0.25, 0.125, 0.125; the second and the last are allowed: 2/3 and 1/3 of what is left.
  const logits = Float32Array.of(Math.log(4), Math.log(2), 0, 0)
  const allowed = Int32Array.of(0b1010)
  const never = () => { throw new Error('Nothing was refused.') }

  it('keeps what would have been drawn where it is allowed', () => {
    expect(drawAllowed(logits.slice(), allowed, 0.6, never, { temperature: 1 })).toEqual({ ...drawToken(logits, 0.6, { temperature: 1 }), corrected: false })
  })

  it('draws the others by their shares, and so all of them together', () => {
    const at = (u: number, again: number) => drawAllowed(logits.slice(), allowed, u, () => again, { temperature: 1 })
    expect([0.1, 0.66, 0.67, 0.99].map((again) => at(0.2, again).id)).toEqual([1, 1, 3, 3])
    expect(at(0.8, 0.1)).toMatchObject({ id: 1, corrected: true })
    expect(at(0.8, 0.1).logp).toBeCloseTo(Math.log(0.25), 6)
    const random = createRandom('shares')
    const draws = Array.from({ length: 6000 }, () => at(random.next(), random.next()).id)
    // Three standard deviations of 6000 draws are 0.018.
    expect(Math.abs(draws.filter((id) => id === 1).length / 6000 - 2 / 3)).toBeLessThan(0.018)
  })

  it('takes the best that is allowed at temperature 0', () => {
    expect(drawAllowed(logits.slice(), allowed, 0.99, () => 0.99, { temperature: 0 })).toMatchObject({ id: 1, sampledLogp: 0 })
  })

  it('draws anew what is known to be refused, and beside the likeliest allowed where min-p leaves none', () => {
    expect(drawAllowed(logits.slice(), Int32Array.of(0b1000), 0.6, () => 0.2, { temperature: 1 }, true).id).toBe(3)
    const strict = { temperature: 1, minP: 0.9 }
    expect(drawAllowed(logits.slice(), Int32Array.of(0b1110), 0.2, () => 0.99, strict).id).toBe(1)
    expect(drawAllowed(logits.slice(), allowed, 0.2, () => 0.99, { temperature: 1, minP: 0.4 }).id).toBe(1)
  })
})
