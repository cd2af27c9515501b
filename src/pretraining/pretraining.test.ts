import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untrainedHabits, versatileHabits } from '../core/demonstrations/demonstrator-habits.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import { parameterShapes } from '../nn/transformer/config.ts'
import { readPretrainState, writePretrainState, type StateFiles } from './pretrain-state.ts'
import { heldOutSequences, learningRateAt, phaseStart, pretrain, smokeSettings, type Phase, type PretrainHooks, type Pretrained, type PretrainSettings, type PretrainState } from './pretraining.ts'
import { readSafetensors, toFloat32, writeSafetensors } from '../models/files/safetensors.ts'
import { Tokenizer } from '../models/files/tokenizer.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const settings: PretrainSettings = {
  ...smokeSettings,
  model: { hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 64 },
  tokenizer: { vocabulary: 700, episodes: 40 },
  phases: [
    { budget: { tokens: 12_000 }, learningRate: { peak: 1e-2, floor: 0.1, warmUp: 3000, hold: null }, versatile: 0.65, habits: untrainedHabits, given: 0, choice: 1, times: 2 },
    { budget: { tokens: 3000 }, learningRate: { peak: 2e-3, floor: 0.1, warmUp: 500, hold: null }, versatile: 0.3, habits: versatileHabits, given: 0.5, choice: 3, times: 1 },
  ],
  microBatches: 1,
  batching: { tokens: 768, lengths: [256, 384] },
  evaluation: { episodes: 6 },
}

/** A clock that moves a second at each look, and keeps what is saved. */
function hooks(more: Partial<PretrainHooks> = {}): PretrainHooks & { states: PretrainState[] } {
  let time = 0
  const states: PretrainState[] = []
  return { now: () => (time += 1000), saveEvery: Infinity, save: async (state) => { await Promise.resolve(states.push(state)) }, states, ...more }
}

/** Stops after so many steps. */
function stopping(after: number) {
  const stop = new AbortController()
  let steps = 0
  return hooks({ signal: stop.signal, onStep: () => { if (++steps === after) stop.abort() } })
}

let whole: Pretrained
beforeAll(async () => {
  whole = await pretrain(runtime, settings, hooks())
})

const throughFiles = async (state: PretrainState | undefined): Promise<PretrainState> => {
  if (!state) throw new Error('Nothing was saved.')
  const files = writePretrainState(settings, state)
  return readPretrainState(settings, files.progress, async () => Promise.resolve(files.tensors))
}

/** The weights as they come back from model.safetensors. */
function throughModel({ config, parameters }: Pretrained): Map<string, Float32Array> {
  const tensors = new Map([...parameterShapes(config)].map(([name, shape]) => [name, { shape, values: parameters.get(name) ?? new Float32Array(0) }]))
  return new Map([...readSafetensors(writeSafetensors(tensors, 'F16')).tensors].map(([name, tensor]) => [name, toFloat32(tensor)]))
}

describe('pretrain', () => {
  it('makes the loss fall', () => {
    const [first, ...rest] = whole.progress.curve
    // It knows no token yet: ln 700 = 6.55, less what it copies by its circuit, more where it copies wrongly.
    expect(Math.abs((first?.loss ?? NaN) - 6.55)).toBeLessThan(1)
    // Of the first phase one half way and one at its end; of the second one at either end.
    expect(rest).toHaveLength(4)
    expect(rest.at(-1)?.loss).toBeLessThan(5.6)
    expect(whole.complete).toBe(true)
    expect(whole.progress.tokens).toBeGreaterThanOrEqual(15_000)
  })
  it('makes a model of the tokenizer that it makes', () => {
    const tokenizer = new Tokenizer(whole.tokenizer)
    expect(tokenizer.size).toBe(700)
    expect(whole.config.vocabSize).toBe(700)
    expect(whole.parameters.get('model.embed_tokens.weight')).toHaveLength(700 * 32)
  })
  it('goes on from its files as if it had not been interrupted', async () => {
    const interrupted = stopping(4)
    const part = await pretrain(runtime, settings, interrupted)
    expect(part.complete).toBe(false)
    expect(part.progress.step).toBe(4)
    const resumed = await pretrain(runtime, settings, hooks(), await throughFiles(interrupted.states.at(-1)))
    expect(resumed.progress.step).toBe(whole.progress.step)
    expect(resumed.parameters).toEqual(whole.parameters)
    expect(resumed.progress.curve.map(({ loss }) => loss)).toEqual(whole.progress.curve.map(({ loss }) => loss))
  })
  it('goes on in its second phase as if it had not been interrupted', async () => {
    const steps = whole.progress.step
    const interrupted = stopping(steps - 1)
    const part = await pretrain(runtime, settings, interrupted)
    expect([part.complete, part.progress.phase.number]).toEqual([false, 1])
    const resumed = await pretrain(runtime, settings, hooks(), await throughFiles(interrupted.states.at(-1)))
    expect(resumed.progress.step).toBe(steps)
    expect(resumed.parameters).toEqual(whole.parameters)
  })
  it('trains the last phase on what was stored before it', async () => {
    const [first] = settings.phases
    const before = await pretrain(runtime, { ...settings, phases: [first] }, hooks())
    const progress = phaseStart(1, before.progress)
    const resumed = await pretrain(runtime, settings, hooks(), { tokenizer: before.tokenizer, trainer: { step: 0, parameters: throughModel(before), first: new Map(), second: new Map() }, progress })
    expect(resumed.parameters).toEqual(whole.parameters)
    expect(resumed.parameters).not.toEqual(before.parameters)
  })
  it('keeps states on the way', async () => {
    const kept = hooks({ saveEvery: 5000 })
    await pretrain(runtime, settings, kept)
    expect(kept.states.length).toBeGreaterThan(2)
    const steps = kept.states.map(({ progress }) => progress.step)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })
  it('ends after so many minutes of training when told so', async () => {
    // Each step looks at the clock twice, a second apart: 6 steps are 6 seconds.
    const made = await pretrain(runtime, { ...settings, phases: [{ ...settings.phases[0], budget: { minutes: 0.1 } }] }, hooks())
    expect(made.progress.step).toBe(6)
    expect(made.complete).toBe(true)
  })
  it('evaluates on names that it never learns from', async () => {
    const [train] = whole.progress.loader.waiting
    const heldOut = await heldOutSequences(settings, new Tokenizer(whole.tokenizer))
    expect(heldOut.length).toBeGreaterThan(6)
    expect(heldOut.every(({ ids }) => ids.join() !== train?.ids.join())).toBe(true)
  })
})

describe('learningRateAt', () => {
  const at = (schedule: Pick<Phase, 'learningRate' | 'budget'>, before: number, tokens = before) => learningRateAt(schedule, { tokens, before, done: before / 10_000 })
  const budget = { tokens: 10_000 }

  it('warms up, then falls along a cosine to the floor', () => {
    const schedule = { budget, learningRate: { peak: 1, floor: 0.1, warmUp: 100, hold: null } }
    expect(at(schedule, 0, 50)).toBe(0.5)
    expect(at(schedule, 0, 100)).toBe(1)
    expect(at(schedule, 5000)).toBeCloseTo(0.55, 12)
    expect(at(schedule, 10_000)).toBeCloseTo(0.1, 12)
  })
  it('holds a level where it is asked to, and falls in a line from there', () => {
    const schedule = { budget, learningRate: { peak: 2, floor: 0.1, warmUp: 100, hold: { period: 5000, level: 0.5, until: 6000 } } }
    // Half way along the cosine it is at 0.55 of the peak, a little later at the level.
    expect(at(schedule, 2500)).toBeCloseTo(1.1, 12)
    expect(at(schedule, 4000)).toBe(1)
    expect(at(schedule, 5999)).toBe(1)
    // Half way from 6,000 to the end it is half way from the level to the floor.
    expect(at(schedule, 8000)).toBeCloseTo(0.6, 12)
    expect(at(schedule, 10_000)).toBeCloseTo(0.2, 12)
  })
})

describe('states', () => {
  let files: StateFiles
  beforeAll(async () => {
    const kept = stopping(1)
    await pretrain(runtime, settings, kept)
    const [state] = kept.states
    if (!state) throw new Error('Nothing was saved.')
    files = writePretrainState(settings, state)
  })
  const reading = (changed: Partial<StateFiles>, of = settings) => readPretrainState(of, changed.progress ?? files.progress, async () => Promise.resolve(changed.tensors ?? files.tensors))

  it('are refused when they do not fit', async () => {
    await expect(reading({}, { ...settings, seed: 5 })).rejects.toThrow('other settings')
    await expect(reading({ progress: '{' })).rejects.toThrow('not JSON')
    await expect(reading({ progress: '{}' })).rejects.toThrow('cannot be read')
    await expect(reading({ tensors: files.tensors.subarray(0, 900) })).rejects.toThrow(/cut short/)
    const later = JSON.parse(files.progress)
    later.progress.step = 9
    await expect(reading({ progress: JSON.stringify(later) })).rejects.toThrow('of step 1, its progress of step 9')
  })
  it('are not written with what is no number: the one before stays', async () => {
    const state = await reading({})
    const [name = ''] = state.trainer.first.keys()
    expect(() => writePretrainState(settings, { ...state, trainer: { ...state.trainer, first: new Map([[name, Float32Array.of(NaN)]]) } })).toThrow('holds values that are no numbers. The one before it stays.')
    expect(() => writePretrainState(settings, { ...state, progress: { ...state.progress, seconds: NaN } })).toThrow('seconds: needs a number of at least 0, not NaN')
  })
  it('are read as they were written', async () => {
    const { progress, trainer } = await reading({})
    expect(progress.step).toBe(1)
    expect(trainer.step).toBe(1)
    expect(trainer.first.size).toBe(trainer.parameters.size)
    expect(trainer.second.size).toBe(trainer.parameters.size)
  })
})
