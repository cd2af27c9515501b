import { describe, expect, it } from 'vitest'
import { misfitWords } from '../fit.ts'
import { miraTask, summarise, trajectoryOf } from './fixture.ts'
import { readTrajectory } from './read-record.ts'
import { toVersion1 } from './version-1.fixture.ts'

const task = miraTask()
const whole = trajectoryOf({ task, steps: [{ phase: 'answer', says: task.query, calls: [summarise('She moved.')], answer: 'Oslem' }] })
const words = (value: unknown) => {
  const read = readTrajectory(value)
  return read.success ? 'fits' : misfitWords(read.misfit)
}

describe('readTrajectory', () => {
  it('gives a record of the present version as it is', () => {
    expect(readTrajectory(JSON.parse(JSON.stringify(whole)))).toEqual({ success: true, data: whole })
  })

  it('checks the task by its family, and says which field does not fit', () => {
    expect(words({ ...whole, task: { ...task, family: 'question' } })).toBe('fits')
    expect(words({ ...whole, task: { ...task, facts: 'none' } })).toBe('task.facts: needs a list, not text')
    expect(words({ ...whole, task: { ...task, build: [{ text: 'a' }] } })).toMatch(/^task\.build\.0\.kind: is missing/)
    const other = { id: 't', family: 'chess', source: 's', kind: 'k', split: 'none' }
    expect(words({ ...whole, task: other })).toMatch(/^task\.family: There is no family of tasks chess\. The families are /)
    expect(words({ ...whole, task: { ...other, family: 7 } })).toBe('task.family: needs text, not 7')
    expect(words({ ...whole, task: { ...other, family: 'toString' } })).toMatch(/^task\.family: There is no family/)
  })

  it('takes the names of version 1 for what they told, and no more', () => {
    const setup = (policy: string, embedder = 'hash@1') => {
      const read = readTrajectory({ ...toVersion1(whole), policy, embedder })
      return read.success ? read.data.setup : read.misfit
    }
    expect(setup('careless')).toMatchObject({ agent: 'agemem', policy: { kind: 'scripted', name: 'careless' }, embedder: 'hash' })
    // With which adapter, and how probable each habit was, it did not say.
    expect(setup('nano')).toMatchObject({ policy: { kind: 'onnx', model: 'nano', source: null } })
    expect(setup('nano')).not.toHaveProperty('policy.adapter')
    const webllm = (model: string, constrained: boolean) => ({ policy: { kind: 'webllm', model, options: { constrained } } })
    expect(setup('Qwen3-4B-q4f16_1-MLC')).toMatchObject(webllm('Qwen3-4B-q4f16_1-MLC', true))
    expect(setup('Qwen3-4B-q4f16_1-MLC-1k (unconstrained)')).toMatchObject(webllm('Qwen3-4B-q4f16_1-MLC-1k', false))
    expect(setup('mine (unconstrained)')).toMatchObject(webllm('mine', false))
    expect(setup('mine', 'arctic-MLC-b4@2')).toMatchObject({ policy: { kind: 'named', name: 'mine' }, embedder: 'arctic-MLC-b4' })
  })

  it('takes ids and sources of tasks of version 1 for where they came from', () => {
    const source = (more: Partial<typeof task>) => {
      const read = readTrajectory({ ...toVersion1(whole), task: { ...task, ...more } })
      return read.success ? read.data.setup.source : read.misfit
    }
    const drawn = { kind: 'generated', generator: 'world', seed: 7, index: 12, split: 'held-out', options: null }
    expect(source({ id: 'world-held-out-7-12-0a1b2c3d', split: 'held-out' })).toEqual(drawn)
    expect(source({ id: 'world-train-7-12', split: 'train' })).toEqual({ ...drawn, split: 'train' })
    expect(source({ id: 'mira' })).toEqual({ kind: 'given' })
    expect(source({ source: 'scenario' })).toEqual({ kind: 'built-in' })
    expect(source({ source: 'musique' })).toEqual({ kind: 'file', name: null })
  })
})
