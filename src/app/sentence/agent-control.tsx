// Who tends the memory: AgeMem, or one of those that it is compared with.
import { t } from '../locales/index.ts'
import { answersByRule } from '../state/config.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { AgentChoices } from './agent-choices.tsx'
import { policyWords } from './wording.ts'

export function AgentControl() {
  const { config } = useStores()
  const state = useConfig((each) => each)
  const { agent, policy } = state
  const words = t().agents
  return (
    <>
      <p className="popover-note quiet">{words.about}</p>
      <AgentChoices value={agent} onChange={(next) => { config.getState().set({ agent: next }) }} />
      {answersByRule(state) && <p className="popover-note">{policy === 'nano' ? words.byRules(policyWords(state)) : words.scripted}</p>}
    </>
  )
}
