// The agents to choose among: what each does, where it comes from, what was simplified.
import { t } from '../locales/index.ts'
import { agentNames, type AgentName } from '../../core/agents/names.ts'
import { useAgentTexts } from '../ui/agent-texts.ts'
import { Choices, type Choice } from '../ui/fields.tsx'

export function AgentChoices({ value, onChange }: { value: AgentName; onChange: (agent: AgentName) => void }) {
  const words = t().agents
  const texts = useAgentTexts()
  const choices = agentNames.map((name): Choice<AgentName> => {
    const { about = '', source = null, simplified = null } = texts?.[name] ?? {}
    const notes = [...(source === null ? [] : [`${words.from}: ${source}.`]), ...(simplified === null ? [] : [`${words.simplified}: ${simplified}`])]
    return {
      value: name,
      name: words.names[name],
      about: (
        <>
          {about}
          {notes.length > 0 && <span className="choice-source">{notes.join(' ')}</span>}
        </>
      ),
    }
  })
  return <Choices label={words.label} value={value} choices={choices} onChange={onChange} />
}
