// A model of one's own for WebLLM: a folder of weights in MLC form and a library that was compiled for it.
import { useId, useState, type FormEvent } from 'react'
import { misfits } from '../../../core/fit.ts'
import { useStores, useWebLlm } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { customModelSchema } from '../../state/custom-model.ts'
import { Problem } from '../../ui/webllm-problem.tsx'

const fields = [
  { key: 'name', label: 'Name', type: 'text', placeholder: 'my-model-q0f32' },
  { key: 'url', label: 'Folder of its weights', type: 'url', placeholder: 'https://…/resolve/main/' },
  { key: 'library', label: 'Library', type: 'url', placeholder: 'https://…/my-model-webgpu.wasm' },
] as const

const empty = { name: '', url: '', library: '' }

export function CustomForm() {
  const { webllm } = useStores()
  const adding = useWebLlm((state) => state.adding)
  const taken = useWebLlm((state) => state.models)
  const [given, setGiven] = useState(empty)
  const [wrong, setWrong] = useState<Partial<Record<keyof typeof empty, string>>>({})
  const id = useId()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = customModelSchema.safeParse(given)
    const problems = Object.fromEntries(misfits(customModelSchema, given).toReversed().map(({ path, message }) => [path, message]))
    if (read.success && taken?.some((each) => each.id === read.data.name && !each.custom)) problems['name'] = 'is the name of a model in the list'
    setWrong(problems)
    if (!read.success || Object.keys(problems).length > 0) return
    if (await webllm.getState().addCustom(read.data)) setGiven(empty)
  }
  return (
    <form className="custom-form" aria-label="A model by its address" noValidate onSubmit={(event) => void submit(event)}>
      <p className="quiet">
        A folder with <span className="wrote">mlc-chat-config.json</span>, the tokenizer and the weights as MLC writes them, and the library (<span className="wrote">.wasm</span>) that was compiled for the model and for this version of WebLLM. The host must allow requests from other pages (CORS).
      </p>
      {fields.map(({ key, label, type, placeholder }) => (
        <div key={key} className="custom-field">
          <label htmlFor={`${id}-${key}`}>{label}</label>
          <input
            id={`${id}-${key}`}
            type={type}
            value={given[key]}
            placeholder={placeholder}
            aria-invalid={wrong[key] !== undefined}
            aria-describedby={wrong[key] === undefined ? undefined : `${id}-${key}-wrong`}
            onChange={(event) => { setGiven({ ...given, [key]: event.target.value }) }}
          />
          {wrong[key] !== undefined && (
            <p id={`${id}-${key}-wrong`} className="custom-wrong" role="alert">
              {label} {wrong[key]}.
            </p>
          )}
        </div>
      ))}
      <Button type="submit" disabled={adding.state === 'reading'}>
        {adding.state === 'reading' ? 'Reading its configuration…' : 'Add'}
      </Button>
      {adding.state === 'failed' && <Problem problem={adding.problem} />}
    </form>
  )
}
