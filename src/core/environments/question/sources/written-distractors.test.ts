import { describe, expect, it } from 'vitest'
import { miraTask } from '../../../episode/fixture.ts'
import { readDistractors, writeDistractors } from './written-distractors.ts'

const second = { text: 'Lena Brack plays the flute.', kind: 'distractor', facts: [] } as const
const task = miraTask({ resist: [{ text: 'Jon Voss lives in Velmora.', kind: 'distractor', facts: [] }, { ...second, facts: [] }] })

describe('written distractors', () => {
  it('keeps whole sentences that say no fact and not the answer', () => {
    const reply = ['1. Jon Voss has moved to Velmora again.', '- Oslem is pretty in spring.', 'Mira Voss plays the cello.', 'Yes.', 'x'.repeat(301), 'Jon Voss has moved to Velmora again.'].join('\n')
    expect(readDistractors(reply, task)).toEqual([{ text: 'Jon Voss has moved to Velmora again.', kind: 'distractor', facts: [] }])
  })
  it('fills up with the task\'s own, and says how many the model wrote', async () => {
    const { messages, written } = await writeDistractors(task, () => Promise.resolve('Jon Voss has moved to Velmora again.'), 1)
    expect([messages.map(({ text }) => text), written]).toEqual([['Jon Voss has moved to Velmora again.', second.text], 1])
  })
  it('is the task\'s own when the model fails', async () => {
    expect(await writeDistractors(task, () => Promise.reject(new Error('lost')), 1)).toEqual({ messages: task.resist, written: 0 })
  })
})
