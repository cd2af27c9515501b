import { afterEach, describe, expect, it } from 'vitest'
import { miraTask } from '../../core/episode/fixture.ts'
import type { Reason } from '../../core/evaluation/why.ts'
import { en } from '../locales/en/index.ts'
import { speak } from '../locales/index.ts'
import { zh } from '../locales/zh/index.ts'
import { whySentence, whyShort } from './why-words.ts'

const ended = { task: miraTask(), answer: 'Velmora.' }
const fact = 'The works were founded in 1907.'
const overwritten: Reason = { kind: 'overwritten', step: 8, memory: 'm2', fact, by: 'The works make kettles.' }

afterEach(() => {
  speak('en', en)
})

describe('why an episode ended as it did, in words', () => {
  it('is one sentence with what was lost, where, and by what', () => {
    expect(whySentence({ outcome: 'wrong', reason: overwritten, missing: 1 }, ended)).toBe(
      'Wrong: at step 9 it overwrote m2, which said “The works were founded in 1907”, with “The works make kettles”, so the answer was lost.',
    )
    expect(whyShort({ reason: overwritten }, ended)).toBe('overwrote m2 at step 9')
    speak('zh', zh)
    expect(whySentence({ outcome: 'wrong', reason: overwritten, missing: 1 }, ended)).toBe(
      '答错了：第 9 步把 m2 里的 “The works were founded in 1907” 覆盖成了 “The works make kettles”，答案就此丢失。',
    )
  })

  it('says what was remembered, one fact, two, or more', () => {
    const right = (facts: number, updated: number) =>
      whySentence({ outcome: 'right', reason: { kind: 'remembered', step: 5, facts, updated }, missing: 0 }, ended)
    expect(right(1, 0)).toBe('Right: it stored the fact and found it again.')
    expect(right(2, 0)).toBe('Right: it stored both facts and found them again.')
    expect(right(3, 1)).toBe('Right: it stored all 3 facts, kept up with the correction, and found them again.')
  })

  it('says how much more was missing, and what it said where all was there', () => {
    const lost: Reason = { kind: 'never-stored', step: 1, fact }
    const missing = (count: number) => whySentence({ outcome: 'unknown', reason: lost, missing: count }, ended)
    expect(missing(1)).toBe(
      'It did not know: it never stored “The works were founded in 1907”, which it was told at step 2.',
    )
    expect(missing(2)).toBe(`${missing(1)} It lacked 2 of the facts it needed.`)
    const misread: Reason = { kind: 'misread', step: 7, fact }
    expect(whySentence({ outcome: 'wrong', reason: misread, missing: 0 }, ended)).toBe(
      'Wrong: everything it needed was in the context, yet it answered “Velmora” instead of “Oslem”.',
    )
    expect(whySentence({ outcome: 'unknown', reason: misread, missing: 0 }, ended)).toContain(
      'still it said that it does not know',
    )
  })

  it('quotes no more of a long text than a line holds', () => {
    const long: Reason = { kind: 'never-stored', step: 0, fact: 'word '.repeat(100) }
    expect(whySentence({ outcome: 'wrong', reason: long, missing: 1 }, ended).length).toBeLessThan(200)
  })
})
