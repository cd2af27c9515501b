import { describe, expect, it } from 'vitest'
import type { Task } from '../environments/question/task.ts'
import { miraTask } from './fixture.ts'
import { roomFor, tokensNeeded } from './room.ts'
import { settingsPresets } from './settings.ts'

const said = (text: string) => ({ text, kind: 'fact' as const, facts: [] })
const task: Task = { ...miraTask(), build: [said('aaaa'), said('bbbb')], resist: [said('c')], query: 'dd' }
const changed = (changes: Partial<Task>): Task => ({ ...task, ...changes })
/** A letter is a token; a message has one of its own. */
const letters = {
  name: 'letters',
  count: (text: string) => text.length,
  message: ({ role, content }: { role: string; content: string }) => (role === 'system' ? 100 : content.length + 1),
}

describe('tokensNeeded', () => {
  it('is the system prompt and the longer of the two conversations', () => {
    // Stage 1: 5 + 5. Stages 2 and 3: 2 + 3.
    expect(tokensNeeded(task, settingsPresets.playground, letters)).toBe(110)
    expect(tokensNeeded(changed({ resist: [said('c'.repeat(20))] }), settingsPresets.playground, letters)).toBe(124)
    // In one turn both messages stand on lines of their own: 4 + 1 + 4, and 1.
    expect(
      tokensNeeded(task, { ...settingsPresets.playground, n_max: { build: 1, resist: 1, answer: 1 } }, letters),
    ).toBe(110)
  })
})

describe('roomFor', () => {
  it('goes by the smaller of T_max and the window', () => {
    const settings = { ...settingsPresets.playground, t_max: 2048 }
    expect(roomFor([task], settings, { counter: letters, window: 1024 })).toEqual({
      limit: 1024,
      needs: [110],
      counter: 'letters',
    })
    expect(roomFor([task], settings, { counter: letters, window: 4096 }).limit).toBe(2048)
    expect(roomFor([task], settings, { counter: letters }).limit).toBe(2048)
  })
})
