// Whether the model can reply outside the protocol.
import { t } from '../locales/index.ts'
import { isConstrained } from '../state/config.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Term } from '../ui/term.tsx'

export function ConstrainedBox() {
  const { config } = useStores()
  const constrained = useConfig(isConstrained)
  return (
    <label className="check">
      <input type="checkbox" checked={constrained} onChange={() => { config.getState().set({ constrained: !constrained }) }} />{' '}
      <span>
        <Term name="constrained">{t().sentence.constrained}</Term>
      </span>
    </label>
  )
}
