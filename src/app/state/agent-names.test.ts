import { describe, expect, it } from 'vitest'
import { agentNamed, agentNames } from '../../core/agents/agents.ts'
import { agentsWithTools } from '../../core/agents/names.ts'
import { asksBesides, hasTools, toolsOf } from './agent-names.ts'

describe('what the page knows of the agents', () => {
  it.each(agentNames)('is so of %s', (name) => {
    const { tools, asides } = agentNamed(name)
    expect(agentsWithTools.includes(name)).toBe(tools)
    expect([hasTools(name), asksBesides(name)]).toEqual([tools, !tools && asides.some(({ byRule }) => byRule !== null)])
  })

  it('leaves an agent of another program as it is', () => {
    expect(toolsOf('of-another-program')).toHaveLength(6)
  })
})
