// What an agent without tools does, where it comes from, what was simplified, and whether rules answered for the policy.
import { isAgentName } from '../../core/agents/names.ts'
import { useAgentTexts } from './agent-texts.ts'
import { t } from '../locales/index.ts'

/** @param agent by its name in the record. @param byRules rules answer what it asks besides its replies */
export function AgentNote({ agent, byRules }: { agent: string; byRules: boolean }) {
  const words = t().agents
  const texts = useAgentTexts()
  if (!isAgentName(agent)) return <p className="quiet">{agent}</p>
  const name = words.names[agent]
  const { about = '', source = null, simplified = null } = texts?.[agent] ?? {}
  return (
    <section className="agent-note" aria-label={`${words.label}: ${name}`}>
      <h2 className="label">
        {words.label}: {name}
      </h2>
      <p>{about}</p>
      {byRules && <p className="agent-ruled">{words.ruled}</p>}
      {source !== null && (
        <p className="quiet">
          {words.from}: {source}
        </p>
      )}
      {simplified !== null && (
        <p className="quiet">
          {words.simplified}: {simplified}
        </p>
      )}
    </section>
  )
}
