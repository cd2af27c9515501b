// Who tends the memory.
import { t } from '../locales/index.ts'
import { useConfig } from '../state/context.tsx'
import { agentWords } from '../ui/agents.ts'
import { Controls } from './controls.ts'
import { Part } from './part.tsx'

export function AgentPart() {
  const agent = useConfig((state) => state.agent)
  return (
    <Part label={t().agents.label} words={agentWords(agent)}>
      <Controls.agent />
    </Part>
  )
}
