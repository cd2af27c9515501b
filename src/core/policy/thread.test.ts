import { describe, expect, it } from 'vitest'
import { said, tableEncoder } from '../training/fixture.ts'
import type { ChatMessage } from './policy.ts'
import { PromptThread, PromptThreads } from './thread.ts'

const opening: ChatMessage[] = [{ role: 'user', content: 'Hi' }]
const answer: ChatMessage = { role: 'assistant', content: said[3] }
/** The answer as one id, and the end: encoded anew it is an id a character. */
const sampled = [3, 0]

describe('threads of conversation', () => {
  it('go on from what was sampled, each by its name, whatever was asked beside them', () => {
    const threads = new PromptThreads(tableEncoder, 8)
    const begun = threads.prompt({ conversation: opening, thread: 'a' })
    threads.reply({ thread: 'a' }, sampled, said[3])
    const beside = { conversation: [{ role: 'user', content: 'Sum up.' }] satisfies ChatMessage[], thread: 'a', aside: true }
    expect(threads.prompt(beside)).toEqual(new PromptThread(tableEncoder).extend(beside.conversation))
    threads.reply(beside, sampled, said[3])
    const conversation: ChatMessage[] = [...opening, answer, { role: 'user', content: 'And?' }]
    expect(threads.prompt({ conversation, thread: 'a' }).slice(0, begun.length + 2)).toEqual([...begun, ...sampled])
    // Another one has no reply to go on from.
    expect(threads.prompt({ conversation, thread: 'b' })).toEqual(new PromptThread(tableEncoder).extend(conversation))
  })

  it('are forgotten when so many others were asked for since', () => {
    const conversation: ChatMessage[] = [...opening, answer, { role: 'user', content: 'And?' }]
    const whole = new PromptThread(tableEncoder).extend(conversation)
    for (const [others, forgotten] of [[1, false], [2, true]] as const) {
      const threads = new PromptThreads(tableEncoder, 2)
      threads.prompt({ conversation: opening, thread: 'a' })
      threads.reply({ thread: 'a' }, sampled, said[3])
      for (let i = 0; i < others; i++) threads.prompt({ conversation: opening, thread: `other ${i}` })
      expect(threads.prompt({ conversation, thread: 'a' }).length === whole.length).toBe(forgotten)
    }
  })
})
