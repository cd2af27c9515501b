// Who plays: language models, the scripted policies, and how careless the careless one is.
import type { Careless } from '../../core/demonstrations/scripted.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { policyNames } from '../state/config.ts'
import { useActions, useConfig, useModel, useStores } from '../state/context.tsx'
import { Choices, SliderField } from '../ui/fields.tsx'
import { WebLlmPanel } from './webllm-model.tsx'
import { OwnModelPanel } from './own-model.tsx'
import { Part } from './part.tsx'

const habits = ['add', 'add_small_talk', 'update', 'delete', 'retrieve', 'filter', 'summarise', 'break_format', 'wrong_id'] as const satisfies readonly (keyof Careless)[]

export function PolicyPart() {
  const { config } = useStores()
  const policy = useConfig((state) => state.policy)
  const careless = useConfig((state) => state.careless)
  const own = useModel((state) => state.ownSource)
  const nano = useModel((state) => state.nano)
  const model = useConfig((state) => state.model)
  const { choosePolicy } = useActions()
  const { set } = config.getState()
  const words = t().sentence.policy
  const names: Partial<Record<string, string>> = words.names
  const chosen = policy === 'own' ? (own?.name ?? words.own) : policy === 'webllm' ? (model ?? words.webllm) : policy === 'person' ? t().play.person.inSentence : policy
  const choices = policyNames.map((name) => ({ value: name, name: name === 'person' ? t().play.person.name : (names[name] ?? name), about: name === 'person' ? t().play.person.about : words.about[name] }))
  return (
    <Part label={words.label} words={chosen}>
      <Choices label={words.label} value={policy} choices={choices} onChange={choosePolicy} />
      {policy === 'own' && <OwnModelPanel />}
      {policy === 'webllm' && <WebLlmPanel />}
      {policy === 'nano' && nano.state === 'ready' && <p className="popover-note quiet">{words.nanoReady(nano.device, (nano.milliseconds / 1000).toFixed(1))}</p>}
      {policy === 'nano' && nano.state === 'failed' && <p className="field-error">{words.nanoFailed(nano.message)}</p>}
      {policy === 'careless' && (
        <div className="fields" role="group" aria-label={words.careless}>
          {habits.map((key) => (
            <SliderField
              key={key}
              label={words.habits[key]}
              name={words.habits[key]}
              value={careless[key]}
              min={0}
              max={1}
              step={0.01}
              show={(value) => decimal(value)}
              onChange={(value) => { set({ careless: { ...careless, [key]: value } }) }}
            />
          ))}
        </div>
      )}
      {policy !== 'nano' && policy !== 'own' && policy !== 'webllm' && policy !== 'person' && <p className="popover-note quiet">{words.scripted}</p>}
    </Part>
  )
}
