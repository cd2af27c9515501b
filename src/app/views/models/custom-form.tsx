// A model of one's own for WebLLM: a folder of weights in MLC form and a library that was compiled for it.
import { useId, useState, type FormEvent } from 'react'
import { misfits } from '../../../core/fit.ts'
import { t } from '../../locales/index.ts'
import { useStores, useWebLlm } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { customModelSchema } from '../../state/custom-model.ts'
import { Problem } from '../../ui/webllm-problem.tsx'

const fields = [
  { key: 'name', type: 'text', placeholder: 'my-model-q0f32' },
  { key: 'url', type: 'url', placeholder: 'https://…/resolve/main/' },
  { key: 'library', type: 'url', placeholder: 'https://…/my-model-webgpu.wasm' },
] as const

const empty = { name: '', url: '', library: '' }

export function CustomForm() {
  const { webllm } = useStores()
  const adding = useWebLlm((state) => state.adding)
  const taken = useWebLlm((state) => state.models)
  const [given, setGiven] = useState(empty)
  const [wrong, setWrong] = useState<Partial<Record<keyof typeof empty, string>>>({})
  const id = useId()
  const words = t().models.custom
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = customModelSchema.safeParse(given)
    const problems = Object.fromEntries(misfits(customModelSchema, given).toReversed().map(({ path, message }) => [path, message]))
    if (read.success && taken?.some((each) => each.id === read.data.name && !each.custom)) problems['name'] = words.taken
    setWrong(problems)
    if (!read.success || Object.keys(problems).length > 0) return
    if (await webllm.getState().addCustom(read.data)) setGiven(empty)
  }
  return (
    <form className="custom-form" aria-label={words.label} noValidate onSubmit={(event) => void submit(event)}>
      <p className="quiet">
        {words.about.folder}
        <span className="wrote">mlc-chat-config.json</span>
        {words.about.library}
        <span className="wrote">.wasm</span>
        {words.about.end}
      </p>
      {fields.map(({ key, type, placeholder }) => (
        <div key={key} className="custom-field">
          <label htmlFor={`${id}-${key}`}>{words[key]}</label>
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
              {words.wrong(words[key], wrong[key])}
            </p>
          )}
        </div>
      ))}
      <Button type="submit" disabled={adding.state === 'reading'}>
        {adding.state === 'reading' ? words.reading : words.add}
      </Button>
      {adding.state === 'failed' && <Problem problem={adding.problem} />}
    </form>
  )
}
