// WebLLM's model as the policy: which one, and whether it may reply outside the protocol.
import { t } from '../locales/index.ts'
import { useConfig, useStores, useWebLlm } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { ConstrainedBox } from './constrained-box.tsx'

export function WebLlmPanel() {
  const { ui } = useStores()
  const model = useConfig((state) => state.model)
  const card = useWebLlm((state) => state.card)
  const words = t().sentence.webllm
  return (
    <div className="fields own-model" role="group" aria-label={words.region}>
      <p>
        {model === null ? (
          words.none
        ) : (
          <>
            <strong>{model}</strong>
            {card.state === 'ready' && card.id === model && `: ${card.info.device}`}
          </>
        )}
      </p>
      <Button size="small" onClick={() => { ui.getState().setView('models') }}>
        {model === null ? words.choose : words.chooseOther}
      </Button>
      <ConstrainedBox />
    </div>
  )
}
