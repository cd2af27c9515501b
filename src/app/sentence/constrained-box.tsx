// Whether the model can reply outside the protocol.
import { t } from '../locales/index.ts'
import { hasTools } from '../state/agent-names.ts'
import { isConstrained } from '../state/config.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Term } from '../ui/term.tsx'

export function ConstrainedBox() {
  const { config } = useStores()
  const constrained = useConfig(isConstrained)
  const always = useConfig(({ agent, policy }) => policy === 'own' && !hasTools(agent))
  return (
    <label className="check">
      <input type="checkbox" checked={constrained} disabled={always} onChange={() => { config.getState().set({ constrained: !constrained }) }} />{' '}
      <span>
        <Term name="constrained">{t().sentence.constrained}</Term>
      </span>
    </label>
  )
}
