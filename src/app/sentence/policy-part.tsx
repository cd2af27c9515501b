// Who plays: language models, the scripted policies, and how careless the careless one is.
import type { Careless } from '../../core/demonstrations/scripted.ts'
import { decimal } from '../format.ts'
import { policyNames, type PolicyName } from '../state/config.ts'
import { useActions, useConfig, useModel, useStores } from '../state/context.tsx'
import { Choices, SliderField } from '../ui/fields.tsx'
import { WebLlmPanel } from './webllm-model.tsx'
import { OwnModelPanel } from './own-model.tsx'
import { Part } from './part.tsx'
import { policyWords } from './wording.ts'

const displayNames: Partial<Record<PolicyName, string>> = { own: 'a model of your own', webllm: 'a WebLLM model' }

const habits: { key: keyof Careless; label: string }[] = [
  { key: 'add', label: 'stores a fact' },
  { key: 'add_small_talk', label: 'stores small talk' },
  { key: 'update', label: 'corrects what changed' },
  { key: 'delete', label: 'deletes what changed' },
  { key: 'retrieve', label: 'looks up before it answers' },
  { key: 'filter', label: 'filters a distractor' },
  { key: 'summarise', label: 'summarises the context' },
  { key: 'break_format', label: 'breaks the format' },
  { key: 'wrong_id', label: 'uses a wrong id' },
]

export function PolicyPart() {
  const { config } = useStores()
  const policy = useConfig((state) => state.policy)
  const careless = useConfig((state) => state.careless)
  const own = useModel((state) => state.ownSource)
  const nano = useModel((state) => state.nano)
  const model = useConfig((state) => state.model)
  const { choosePolicy } = useActions()
  const { set } = config.getState()
  return (
    <Part label="Policy" words={policy === 'own' ? (own?.name ?? 'a model of your own') : policy === 'webllm' ? (model ?? 'a WebLLM model') : policy}>
      <Choices label="Policy" value={policy} choices={policyNames.map((name) => ({ value: name, name: displayNames[name] ?? name, about: policyWords[name] }))} onChange={choosePolicy} />
      {policy === 'own' && <OwnModelPanel />}
      {policy === 'webllm' && <WebLlmPanel />}
      {policy === 'nano' && nano.state === 'ready' && <p className="popover-note quiet">{nano.words}.</p>}
      {policy === 'nano' && nano.state === 'failed' && <p className="field-error">nano could not be loaded. {nano.message}</p>}
      {policy === 'careless' && (
        <div className="fields" role="group" aria-label="How often careless does each thing">
          {habits.map(({ key, label }) => (
            <SliderField key={key} label={label} name={label} value={careless[key]} min={0} max={1} step={0.01} show={(value) => decimal(value)} onChange={(value) => { set({ careless: { ...careless, [key]: value } }) }} />
          ))}
        </div>
      )}
      {policy !== 'nano' && policy !== 'own' && policy !== 'webllm' && <p className="popover-note quiet">It plays by rule: it knows the task, but may answer only from what stands in its context.</p>}
    </Part>
  )
}
