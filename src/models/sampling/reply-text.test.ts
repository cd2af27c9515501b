import { beforeAll, describe, expect, it } from 'vitest'
import { fixtureTokenizer } from '../fixtures/nano-fixture.ts'
import { ReplyText, stopIdsOf } from './reply-text.ts'
import { Tokenizer } from '../files/tokenizer.ts'

let tokenizer: Tokenizer
beforeAll(async () => {
  tokenizer = new Tokenizer(await fixtureTokenizer())
})

function feed(text: string, stop: string[], chunk: number) {
  const told: string[] = []
  const reply = new ReplyText(tokenizer, stop, (piece) => told.push(piece))
  const ids = tokenizer.encode(text)
  for (let at = 0; at < ids.length; at += chunk) reply.push(ids.slice(at, at + chunk))
  const length = reply.end()
  return { reply, told: told.join(''), length, ids }
}

describe('ReplyText', () => {
  it('ends where a stop string ends, whatever comes in one piece', () => {
    for (const chunk of [1, 3, 100]) {
      const { reply, told, length, ids } = feed('<think>Keep this.</think><answer>Noted.</answer> and more words', ['</tool_call>', '</answer>'], chunk)
      expect(reply.text).toBe('<think>Keep this.</think><answer>Noted.</answer>')
      expect(told).toBe(reply.text)
      expect(reply.stopped).toBe(true)
      expect(tokenizer.decode(ids.slice(0, length))).toBe(reply.text)
    }
  })
  it('takes everything when nothing stops it, characters of several tokens whole', () => {
    const text = 'Mira Voss lives in Łódź 🙂'
    const { reply, told, length, ids } = feed(text, [], 1)
    expect([reply.text, told, reply.stopped, length]).toEqual([text, text, false, ids.length])
  })
  it('finds a stop string that two pieces share', () => {
    const { reply } = feed('abc stop here', ['p he'], 1)
    expect(reply.text).toBe('abc stop he')
  })
})

describe('stopIdsOf', () => {
  it('names every token in which a stop string stands, and no other', () => {
    const ids = stopIdsOf(tokenizer, ['</answer>', '</tool_call>'])
    const texts = ids.map((id) => tokenizer.decode([id]))
    expect(texts).toContain('</answer>')
    expect(texts).toContain('"}}]</tool_call>')
    for (const text of texts) expect(text).toMatch(/<\/(answer|tool_call)>/)
  })
})
