import { describe, expect, it } from 'vitest'
import { problemsOf } from './protocol/arguments.ts'
import { parseReply } from './protocol/parser.ts'
import { compactSystemPrompt, fullSystemPrompt } from './prompts.ts'
import { isToolName, toolDefinitions, toolNames } from './tools/index.ts'

const full = fullSystemPrompt()

describe('the full prompt', () => {
  it('names every tool with every argument, and which may be left out', () => {
    const signatures = full.split('\n').filter((line) => toolNames.some((name) => line.startsWith(`${name}(`)))
    expect(signatures).toHaveLength(toolNames.length)
    for (const [i, { name, description, parameters }] of toolDefinitions().entries()) {
      expect(signatures[i]).toContain(`${name}(`)
      expect(signatures[i]).toContain(description)
      for (const key of Object.keys(parameters.properties)) expect(signatures[i]).toMatch(new RegExp(`[(,] ?${key}${parameters.required.includes(key) ? '' : '\\?'}: \\w+`))
    }
    expect(full).toContain('Delete_memory(memory_id: string, confirmation: boolean): ')
    expect(full).toContain('Retrieve_memory(query: string, top_k?: integer, metadata_filter?: object): ')
  })
  it('shows replies that keep the protocol', () => {
    const replies = full.split('\n').filter((line) => line.startsWith('you: ')).map((line) => parseReply(line.slice('you: '.length)))
    expect(replies.map(({ violations }) => violations)).toEqual([[], []])
    expect(replies[1]?.answer).toBe('Noted.')
    const [call] = replies[0]?.calls ?? []
    expect(call && isToolName(call.name) && problemsOf(call.name, call.arguments)).toBeNull()
  })
  it('stays short, for it stands before every conversation: 599 tokens of SmolLM2', () => {
    expect(full.length).toBeLessThan(2700)
  })
})

it('nano keeps the prompt that it was trained with, to the letter', () => {
  expect(compactSystemPrompt()).toBe(
    'You keep memories. Reply <think>…</think> then <tool_call>[{"name": …, "arguments": {…}}]</tool_call> or <answer>…</answer>. Tools: Add_memory, Update_memory, Delete_memory, Retrieve_memory, Summary_context, Filter_context.',
  )
})
