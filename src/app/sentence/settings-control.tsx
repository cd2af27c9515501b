// The limits of the environment: window, threshold, rounds.
import { settingLimits, settingsPresets } from '../../core/episode/settings.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { useConfig, useModel, useStores, useWebLlm } from '../state/context.tsx'
import { localWindow } from '../state/room.ts'
import { Button } from '../ui/button.tsx'
import { Choices, SliderField } from '../ui/fields.tsx'
import { Term } from '../ui/term.tsx'
import { Similarity } from './similarity-field.tsx'
import { windowWords } from './wording.ts'

const prompts = ['compact', 'full'] as const
const rounds = ['build', 'resist', 'answer'] as const

/** What the model takes at once, beside the T_max that it should not pass. */
function WindowNote() {
  const policy = useConfig((state) => state.policy)
  const model = useConfig((state) => state.model)
  const tMax = useConfig((state) => state.settings.t_max)
  const known = useWebLlm((state) => (state.card.state === 'ready' && state.card.id === model ? state.card.info.window : null))
  const expected = useWebLlm((state) => state.models?.find(({ id }) => id === model)?.window ?? null)
  const local = useModel((state) => localWindow(policy, state))
  if (policy === 'webllm' ? model === null : local === null) return null
  return <p className="quiet field-note">{policy === 'webllm' ? windowWords(tMax, known, expected) : windowWords(tMax, local, null)}</p>
}

export function SettingsControl() {
  const { config } = useStores()
  const settings = useConfig((state) => state.settings)
  const { set, setSettings } = config.getState()
  const words = t().sentence.settings
  return (
    <>
      <div className="popover-head">
        <h2 className="label">{words.label}</h2>
        <span className="popover-actions">
          <Button size="small" onClick={() => { set({ settings: settingsPresets.playground }) }}>
            {words.usual}
          </Button>
          <Button size="small" onClick={() => { set({ settings: settingsPresets.paper }) }}>
            {words.paper}
          </Button>
        </span>
      </div>
      <div className="fields">
        <SliderField label={<Term name="tMax">{words.tMax}</Term>} name={words.tMax} value={settings.t_max} min={settingLimits.t_max[0]} max={settingLimits.t_max[1]} step={64} onChange={(t_max) => { setSettings({ t_max }) }} />
        <WindowNote />
        <SliderField label={<Term name="theta">{words.theta}</Term>} name={words.theta} value={settings.theta} min={0} max={1} step={0.01} show={(value) => decimal(value)} onChange={(theta) => { setSettings({ theta }) }} />
        <Similarity theta={settings.theta} />
        <SliderField label={<Term name="topK">{words.topK}</Term>} name={words.topK} value={settings.top_k} min={settingLimits.top_k[0]} max={settingLimits.top_k[1]} onChange={(top_k) => { setSettings({ top_k }) }} />
        <SliderField label={<Term name="exchanges">{words.exchanges}</Term>} name={words.exchangesName} value={settings.exchanges} min={settingLimits.exchanges[0]} max={settingLimits.exchanges[1]} onChange={(exchanges) => { setSettings({ exchanges }) }} />
        <h3 className="label">
          <Term name="nMax">{words.nMax}</Term>
        </h3>
        {rounds.map((key) => (
          <SliderField key={key} {...words.rounds[key]} value={settings.n_max[key]} min={settingLimits.n_max[0]} max={settingLimits.n_max[1]} onChange={(value) => { setSettings({ n_max: { ...settings.n_max, [key]: value } }) }} />
        ))}
      </div>
      <h3 className="label">{words.prompt}</h3>
      <Choices
        label={words.prompt}
        value={settings.prompt}
        choices={prompts.map((value) => ({ value, ...words.prompts[value] }))}
        onChange={(prompt) => { setSettings({ prompt }) }}
      />
    </>
  )
}
