// The seed of what Run plays, beside the sentence that it belongs to.
import { Dices } from 'lucide-react'
import { t } from '../locales/index.ts'
import { maxSeed, type ConfigState } from '../state/config.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { useDraft } from '../ui/draft.ts'
import { Hint, Term } from '../ui/term.tsx'

export function Seed() {
  const seed = useConfig((state: ConfigState) => state.seed)
  const { config } = useStores()
  const { name, label, draw, hint } = t().frame.seed
  const put = (next: number) => { config.getState().set({ seed: next }) }
  const draft = useDraft(seed, (text) => (/^\d{1,4}$/.test(text) ? Number(text) : null), put)
  const digits = String(maxSeed).length
  return (
    <div className="seed">
      <label>
        <Term name="seed">{name}</Term>
        <input type="text" inputMode="numeric" aria-label={label} maxLength={digits} size={digits} {...draft} />
      </label>
      <Hint text={hint}>
        <Button
          look="bare"
          shape="icon"
          size="small"
          aria-label={draw}
          onClick={() => { put(Math.floor(Math.random() * (maxSeed + 1))) }}
        >
          <Dices aria-hidden />
        </Button>
      </Hint>
    </div>
  )
}
