import { describe, expect, it } from 'vitest'
import { askAll } from '../src/core/policy/ask.ts'
import { readOptions } from './arguments.ts'
import { openPolicy } from './open-policy.ts'
import type { Io } from './io.ts'

const io: Io = { out: () => Promise.resolve(), tell: () => undefined, signal: new AbortController().signal, now: () => 0 }

describe('--grammar', () => {
  it('makes nano reply by the grammar, which it does not by itself', async () => {
    const said = async (...args: string[]) => {
      const options = readOptions(['--policy', 'nano', ...args])
      if (options === 'help') throw new Error('No help was asked for.')
      const { of, spec, dispose } = await openPolicy(options, io)
      const [reply] = await askAll(of(() => undefined), [{ conversation: [{ role: 'user', content: 'Hello.' }], thread: 't', purpose: 'act', stop: [], grammar: 'root ::= "Oslem"', seed: 1 }], { temperature: 1, maxTokens: 8 })
      await dispose()
      return { text: reply?.text, spec }
    }
    const bound = await said('--grammar', 'on')
    expect(bound).toMatchObject({ text: 'Oslem', spec: { constrained: true } })
    const free = await said()
    expect(free.text).not.toBe('Oslem')
    expect(free.spec).not.toHaveProperty('constrained')
  })
})
