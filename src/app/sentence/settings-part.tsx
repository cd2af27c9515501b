// The limits of the environment, in words.
import { t } from '../locales/index.ts'
import { useConfig, useModel, useWebLlm } from '../state/context.tsx'
import { localWindow, webLlmWindow } from '../state/room.ts'
import { Controls } from './controls.ts'
import { Part } from './part.tsx'
import { settingsWords } from './wording.ts'

/** Tokens that the policy of the sentence takes at once, where that is known. */
function useWindow(): number | null {
  const policy = useConfig((state) => state.policy)
  const model = useConfig((state) => state.model)
  const local = useModel((state) => localWindow(policy, state))
  const large = useWebLlm((state) => webLlmWindow(model, state))
  return policy === 'webllm' ? large : local
}

export function SettingsPart() {
  const settings = useConfig((state) => state.settings)
  const takes = useWindow()
  return (
    <Part label={t().sentence.settings.label} words={settingsWords({ settings }, takes)}>
      <Controls.settings />
    </Part>
  )
}
