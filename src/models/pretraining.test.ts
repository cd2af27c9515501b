import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeRuntime } from '../runtime/node.ts'
import { readPretrainState, writePretrainState, type StateFiles } from './pretrain-state.ts'
import { heldOutSequences, learningRateAt, pretrain, smokeSettings, type PretrainHooks, type Pretrained, type PretrainSettings, type PretrainState } from './pretraining.ts'
import { Tokenizer } from './tokenizer.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const settings: PretrainSettings = {
  ...smokeSettings,
  model: { hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 64 },
  tokenizer: { vocabulary: 700, episodes: 40 },
  budget: { tokens: 12_000 },
  microBatches: 1,
  batching: { tokens: 768, lengths: [256, 384] },
  learningRate: { peak: 1e-2, floor: 0.1, warmUp: 3000, hold: null },
  evaluation: { episodes: 6, times: 2 },
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

describe('pretrain', () => {
  it('makes the loss fall', () => {
    const [first, ...rest] = whole.progress.curve
    // It knows no token yet: ln 700 = 6.55, less what it copies by its circuit, more where it copies wrongly.
    expect(Math.abs((first?.loss ?? NaN) - 6.55)).toBeLessThan(1)
    expect(rest).toHaveLength(2)
    expect(rest.at(-1)?.loss).toBeLessThan(5.6)
    expect(whole.complete).toBe(true)
    expect(whole.progress.tokens).toBeGreaterThanOrEqual(12_000)
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
  it('keeps states on the way', async () => {
    const kept = hooks({ saveEvery: 5000 })
    await pretrain(runtime, settings, kept)
    expect(kept.states.length).toBeGreaterThan(2)
    const steps = kept.states.map(({ progress }) => progress.step)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })
  it('ends after so many minutes of training when told so', async () => {
    // Each step looks at the clock twice, a second apart: 6 steps are 6 seconds.
    const made = await pretrain(runtime, { ...settings, budget: { minutes: 0.1 } }, hooks())
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
  const at = (schedule: Pick<PretrainSettings, 'learningRate' | 'budget'>, before: number, tokens = before) => learningRateAt(schedule, { tokens, before, done: before / 10_000 })
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
  it('are read as they were written', async () => {
    const { progress, trainer } = await reading({})
    expect(progress.step).toBe(1)
    expect(trainer.step).toBe(1)
    expect(trainer.first.size).toBe(trainer.parameters.size)
    expect(trainer.second.size).toBe(trainer.parameters.size)
  })
})
