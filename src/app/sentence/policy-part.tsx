// Who plays.
import { taughtKey } from '../../core/policy/taught.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { t } from '../locales/index.ts'
import { useConfig, useModel, useRuns } from '../state/context.tsx'
import { Controls } from './controls.ts'
import { Part } from './part.tsx'
import { policyWords } from './wording.ts'

export function PolicyPart() {
  const policy = useConfig((state) => state.policy)
  const own = useModel((state) => state.ownSource)
  const model = useConfig((state) => state.model)
  const adapter = useConfig((state) => state.adapter)
  const kept = useRuns((state) => state.checkpoints?.find(({ key }) => key === adapter)?.name ?? null)
  const words = t().sentence.policy
  const ownName = own?.name ?? words.own
  // What comes with the page is kept when it is first asked for.
  const learnt = adapter !== null && adapter === taughtKey(ownName) ? t().lesson.shippedName : kept
  const ownWords = learnt === null ? ownName : words.withAdapter(ownName, learnt)
  const nanoWords = kept !== null && adapter !== trainedAdapterKey ? words.withAdapter(policy, kept) : policyWords({ policy, adapter })
  const chosen = policy === 'own' ? ownWords : policy === 'webllm' ? (model ?? words.webllm) : policy === 'person' ? t().play.person.inSentence : policy === 'nano' ? nanoWords : policy
  return (
    <Part label={words.label} words={chosen}>
      <Controls.policy />
    </Part>
  )
}
