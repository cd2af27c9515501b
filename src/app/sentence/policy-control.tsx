// Who plays: language models, the scripted policies, and how careless the careless one is.
import type { Careless } from '../../core/demonstrations/habits.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { scriptedNames } from '../../core/demonstrations/habits.ts'
import { useActions, useConfig, useModel, useStores } from '../state/context.tsx'
import { Choices, SliderField, type Choice } from '../ui/fields.tsx'
import { LanguageModels } from './language-models.tsx'
import { runsOnWords } from '../ui/runs-on.ts'

const habits = ['add', 'add_small_talk', 'update', 'delete', 'retrieve', 'filter', 'summarise', 'break_format', 'wrong_id'] as const satisfies readonly (keyof Careless)[]

/** nano with the adapter that came with the page, among the choices. */
const trained = 'nano-trained'
/** Any other language model: which one is chosen below. */
const other = 'model'

type Player = 'nano' | typeof trained | typeof other | 'person' | (typeof scriptedNames)[number]

export function PolicyControl() {
  const { config } = useStores()
  const policy = useConfig((state) => state.policy)
  const careless = useConfig((state) => state.careless)
  const nano = useModel((state) => state.nano)
  const { choosePolicy } = useActions()
  const { set } = config.getState()
  const words = t().sentence.policy
  const adapter = useConfig((state) => state.adapter)
  const isTrained = policy === 'nano' && adapter === trainedAdapterKey
  const own = useModel((state) => state.ownSource)
  const listed = useConfig((state) => state.model)
  const choices: Choice<Player>[] = [
    { value: 'nano', name: 'nano', about: words.about.nano },
    { value: trained, name: words.trained, about: words.aboutTrained },
    { value: other, name: words.model, about: words.aboutModel },
    { value: 'person', name: t().play.person.name, about: t().play.person.about },
    ...scriptedNames.map((name): Choice<Player> => ({ value: name, name, about: words.about[name] })),
  ]
  const choose = (name: Player) => {
    if (name === other) choosePolicy(own === null && listed !== null ? 'webllm' : 'own')
    else if (name === trained || name === 'nano') {
      choosePolicy('nano')
      set({ adapter: name === trained ? trainedAdapterKey : null })
    } else choosePolicy(name)
  }
  const isModel = policy === 'own' || policy === 'webllm'
  return (
    <>
      <Choices label={words.label} value={isTrained ? trained : isModel ? other : policy} choices={choices} onChange={choose} />
      {isModel && <LanguageModels />}
      {policy === 'nano' && nano.state === 'ready' && <p className="popover-note quiet">{words.nanoReady(runsOnWords(nano.runsOn), (nano.milliseconds / 1000).toFixed(1))}</p>}
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
      {policy !== 'nano' && !isModel && policy !== 'person' && <p className="popover-note quiet">{words.scripted}</p>}
    </>
  )
}
