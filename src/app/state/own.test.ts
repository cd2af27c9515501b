import { describe, expect, it } from 'vitest'
import type { DataSet } from '../../core/environments/data-sets.ts'
import { questionOptionsOf, trainsOnAll } from '../../core/environments/question/training-tasks.ts'
import { exampleOwn, readOwn } from '../../core/environments/question/sources/own.ts'
import { trainPresets } from '../../core/training/config.ts'
import { createConfigStore } from './config.ts'
import { optionsFor, planOn, rememberedOwn, rememberOwn } from './own.ts'

function browser() {
  const kept = new Map<string, string>()
  return { get: (key: string) => kept.get(key) ?? null, set: (key: string, value: string) => { kept.set(key, value) } }
}

describe('a task of one’s own in the page', () => {
  it('is there again after a reload, and an example where nothing can be read', () => {
    const remembered = browser()
    expect(rememberedOwn(remembered)).toEqual(exampleOwn)
    const config = createConfigStore(rememberedOwn(remembered))
    rememberOwn(config, remembered)
    const own = readOwn('+ Lena lives in Bergen.\n? Where does')
    config.getState().setOwn(own)
    config.getState().set({ seed: 3 })
    expect(rememberedOwn(remembered)).toEqual(own)
    remembered.set('agemem.own', 'x'.repeat(5000))
    expect(rememberedOwn(remembered)).toEqual(exampleOwn)
  })

  it('is trained on alone, one task a step, without a test; another source brings both back', () => {
    const set: DataSet = { name: 'mine', hash: 'a'.repeat(64), source: 'own', tasks: 1, imported: 0 }
    const plan = { ...trainPresets.quick, b: 4 }
    const change = planOn(plan, { family: 'question', options: optionsFor(set) }, set.tasks)
    expect(change).toMatchObject({ b: 1, evaluation: { every: 0 } })
    const planned = { ...plan, ...change }
    expect(questionOptionsOf(planned.tasks)).toMatchObject({ source: 'own', data: { hash: set.hash }, held_out: null })
    expect(trainsOnAll(planned.tasks)).toBe(true)
    const { b, evaluation, tasks } = trainPresets.quick
    expect(planOn(planned, tasks, Infinity)).toEqual({ b, evaluation, tasks })
    expect(planOn(plan, { family: 'question', options: optionsFor({ ...set, tasks: 20 }) }, 20)).not.toHaveProperty('b')
  })
})
