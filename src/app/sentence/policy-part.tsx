// Who plays: language models, the scripted policies, and how careless the careless one is.
import type { Careless } from '../../core/demonstrations/scripted.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { policyNames, type PolicyName } from '../state/config.ts'
import { useActions, useConfig, useModel, useRuns, useStores } from '../state/context.tsx'
import { Choices, SliderField, type Choice } from '../ui/fields.tsx'
import { WebLlmPanel } from './webllm-model.tsx'
import { OwnModelPanel } from './own-model.tsx'
import { Part } from './part.tsx'
import { policyWords } from './wording.ts'

const habits = ['add', 'add_small_talk', 'update', 'delete', 'retrieve', 'filter', 'summarise', 'break_format', 'wrong_id'] as const satisfies readonly (keyof Careless)[]

/** nano with the adapter that came with the page, among the choices. */
const trained = 'nano-trained'

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
  const adapter = useConfig((state) => state.adapter)
  const kept = useRuns((state) => state.checkpoints?.find(({ key }) => key === adapter)?.name ?? null)
  const isTrained = policy === 'nano' && adapter === trainedAdapterKey
  const nanoWords = kept !== null && !isTrained ? words.withAdapter(policy, kept) : policyWords({ policy, adapter })
  const chosen = policy === 'own' ? (own?.name ?? words.own) : policy === 'webllm' ? (model ?? words.webllm) : policy === 'person' ? t().play.person.inSentence : policy === 'nano' ? nanoWords : policy
  const after: Choice<typeof trained> = { value: trained, name: words.trained, about: words.aboutTrained }
  const choices = policyNames.flatMap((name): Choice<PolicyName | typeof trained>[] => [
    name === 'person'
      ? { value: name, name: t().play.person.name, about: t().play.person.about }
      : { value: name, name: names[name] ?? name, about: words.about[name] },
    ...(name === 'nano' ? [after] : []),
  ])
  const choose = (name: PolicyName | typeof trained) => {
    if (name === trained || name === 'nano') {
      choosePolicy('nano')
      set({ adapter: name === trained ? trainedAdapterKey : null })
    } else choosePolicy(name)
  }
  return (
    <Part label={words.label} words={chosen}>
      <Choices label={words.label} value={isTrained ? trained : policy} choices={choices} onChange={choose} />
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
