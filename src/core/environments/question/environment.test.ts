import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../episode/settings.ts'
import { questionObservations } from './environment.ts'
import { scenarios } from './sources/scenarios.ts'
import { referredMessages, type Task } from './task.ts'

const told = ['a', 'b', 'c', 'd', 'e'].map((text) => ({ text, kind: 'fact' as const, facts: [text] }))
const [scenario] = scenarios
if (!scenario) throw new Error('There is no scenario.')
const task: Task = { ...scenario, build: told, resist: told.slice(0, 2) }
const heard = (build: number, of: Task = task) =>
  questionObservations(of, { ...settingsPresets.playground, n_max: { build, resist: 9, answer: 6 } })
const texts = (phase: string, build: number) =>
  heard(build).filter((each) => each.phase === phase).map(({ messages }) => messages.map(({ text }) => text).join('|'))

describe('what is heard of a question', () => {
  it('loses no message when there are more than turns', () => {
    expect(texts('build', 9)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(texts('build', 2)).toEqual(['a\nb\nc', 'd\ne'])
  })

  it('says of each turn which messages of the task it delivers', () => {
    const [first, second] = heard(2)
    expect(referredMessages(task, first?.messages[0]?.about).map(({ text }) => text)).toEqual(['a', 'b', 'c'])
    expect(referredMessages(task, second?.messages[0]?.about).map(({ text }) => text)).toEqual(['d', 'e'])
    expect(heard(2).map(({ messages }) => messages[0]?.about)).toEqual([['build/0', 'build/1', 'build/2'], ['build/3', 'build/4'], ['resist/0'], ['resist/1'], ['query']])
  })

  it('empties the context once, before the first that comes after stage 1, also where stages are empty', () => {
    expect(heard(5).map(({ resets }) => resets)).toEqual([false, false, false, false, false, true, false, false])
    expect(heard(5, { ...task, build: [], resist: [] }).map(({ resets, phase }) => [resets, phase])).toEqual([[true, 'answer']])
  })
})
