import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import type { ToolCall } from '../record/trajectory.ts'
import { parseReply } from '../agents/agemem/protocol/parser.ts'
import { isToolName, tools } from '../agents/agemem/tools/index.ts'
import { correctedCall, spoil } from './mistakes.ts'

const calls: ToolCall[] = [
  { name: 'Add_memory', arguments: { content: 'Ada lives in Oslem.' } },
  { name: 'Update_memory', arguments: { memory_id: 'm2', content: 'Ada lives in Tarn.' } },
  { name: 'Delete_memory', arguments: { memory_id: 'm2', confirmation: true } },
  { name: 'Retrieve_memory', arguments: { query: 'Ada' } },
  { name: 'Summary_context', arguments: { span: 'all' } },
  { name: 'Filter_context', arguments: { criteria: 'Ada' } },
]

/** Would the tool take it, in an LTM that holds m2 alone? */
function works({ name, arguments: args }: ToolCall): boolean {
  if (!isToolName(name) || !tools[name].arguments.safeParse(args).success) return false
  return (args['memory_id'] ?? 'm2') === 'm2' && args['confirmation'] !== false && (args['span'] ?? 'all') === 'all'
}

describe.each(calls)('a slip in $name', (call) => {
  const slips = Array.from({ length: 60 }, (_, i) => spoil({ calls: [call] }, createRandom(i)))
  it('is always one', () => {
    for (const slip of slips) {
      if ('calls' in slip) expect(slip.calls.some(works)).toBe(false)
      else expect(parseReply(slip.text.replace('{think}', 'Hm.')).violations.length).toBeGreaterThan(0)
    }
  })
  it('can be put right', () => {
    const wrong = slips.flatMap((slip) => ('calls' in slip ? slip.calls : []))
    expect(wrong.length).toBeGreaterThan(20)
    for (const each of wrong) expect(correctedCall(each, 'm2')).toEqual(call)
  })
})

describe('spoil', () => {
  it('breaks the protocol of a reply that has no call, or several', () => {
    for (let i = 0; i < 20; i++) {
      expect(spoil({ answer: 'Oslem.' }, createRandom(i))).toHaveProperty('text')
      expect(spoil({ calls: calls.slice(0, 2) }, createRandom(i))).toHaveProperty('text')
    }
  })
})

describe('correctedCall', () => {
  it('has nothing to put right in a call that was right', () => {
    expect(correctedCall({ name: 'Retrieve_memory', arguments: { query: 'Ada' } }, null)).toBeNull()
    expect(correctedCall({ name: 'Bake_cake', arguments: {} }, null)).toBeNull()
    expect(correctedCall({ name: 'Delete_memory', arguments: { memory_id: 'm9' } }, null)).toBeNull()
  })
})
