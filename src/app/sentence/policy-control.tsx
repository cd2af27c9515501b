// Who plays: language models, the scripted policies, and how careless the careless one is.
import type { Careless } from '../../core/demonstrations/habits.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { policyNames, type PolicyName } from '../state/config.ts'
import { useActions, useConfig, useModel, useStores } from '../state/context.tsx'
import { Choices, SliderField, type Choice } from '../ui/fields.tsx'
import { WebLlmPanel } from './webllm-model.tsx'
import { OwnModelPanel } from './own-model.tsx'

const habits = ['add', 'add_small_talk', 'update', 'delete', 'retrieve', 'filter', 'summarise', 'break_format', 'wrong_id'] as const satisfies readonly (keyof Careless)[]

/** nano with the adapter that came with the page, among the choices. */
const trained = 'nano-trained'

export function PolicyControl() {
  const { config } = useStores()
  const policy = useConfig((state) => state.policy)
  const careless = useConfig((state) => state.careless)
  const nano = useModel((state) => state.nano)
  const { choosePolicy } = useActions()
  const { set } = config.getState()
  const words = t().sentence.policy
  const names: Partial<Record<string, string>> = words.names
  const adapter = useConfig((state) => state.adapter)
  const isTrained = policy === 'nano' && adapter === trainedAdapterKey
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
    <>
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
    </>
  )
}
