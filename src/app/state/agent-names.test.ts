import { describe, expect, it } from 'vitest'
import { agentNamed, agentNames as known } from '../../core/agents/agents.ts'
import { agentNames, asksBesides, hasTools, isAgent } from './agent-names.ts'

describe('the agents by name', () => {
  it('are those that there are, with what each can do', () => {
    expect([...agentNames].sort()).toEqual([...known].sort())
    for (const name of known) {
      const { tools, asides } = agentNamed(name)
      expect([name, hasTools(name), asksBesides(name)]).toEqual([name, tools, !tools && asides.some(({ byRule }) => byRule !== null)])
    }
  })

  it('leave an agent of another program as it is', () => {
    expect(isAgent('toString')).toBe(false)
    expect(hasTools('of-another-program')).toBe(true)
  })
})
