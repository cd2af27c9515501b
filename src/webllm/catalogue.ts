// WebLLM's models in our words: family, size, licence, what they need. Knows the list, no library and no browser.
import { addressProblem } from '../core/address.ts'
import { WebLlmError, type CustomModel, type WebLlmModel } from '../core/policy/webllm.ts'
import { listed } from './list.ts'
import { longestWindow } from './window.ts'

interface Family {
  name: RegExp
  family: string
  licence: { name: string; url: string }
  /** The training engine knows its layers. */
  trains: boolean
  /** Every layer attends to everything, and its makers trained it on 8,192 tokens or more. */
  long?: boolean
}

const apache = { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' }
const llama = (version: string, page: string) => ({ name: `Llama ${version} Community`, url: `https://www.llama.com/${page}/license/` })
const gemma = { name: 'Gemma terms of use', url: 'https://ai.google.dev/gemma/terms' }

/** The first that fits. */
const families: readonly Family[] = [
  { name: /^SmolLM2/, family: 'SmolLM2', licence: apache, trains: true, long: true },
  { name: /^Qwen2\.5-3B/, family: 'Qwen2.5', licence: { name: 'Qwen Research', url: 'https://huggingface.co/Qwen/Qwen2.5-3B-Instruct/blob/main/LICENSE' }, trains: true, long: true },
  { name: /^Qwen2\.5/, family: 'Qwen2.5', licence: apache, trains: true, long: true },
  { name: /^Qwen3\.5/, family: 'Qwen3.5', licence: apache, trains: false },
  { name: /^Qwen3/, family: 'Qwen3', licence: apache, trains: true, long: true },
  { name: /^Hermes-3-Llama-3\.2/, family: 'Hermes 3 (Llama 3.2)', licence: llama('3.2', 'llama3_2'), trains: true, long: true },
  { name: /^Llama-3\.2/, family: 'Llama 3.2', licence: llama('3.2', 'llama3_2'), trains: true, long: true },
  { name: /^Llama-3\.1/, family: 'Llama 3.1', licence: llama('3.1', 'llama3_1'), trains: true, long: true },
  { name: /^Phi-4/, family: 'Phi-4', licence: { name: 'MIT', url: 'https://huggingface.co/microsoft/Phi-4-mini-instruct/blob/main/LICENSE' }, trains: false },
  { name: /^gemma3/, family: 'Gemma 3', licence: gemma, trains: false },
  { name: /^gemma-2/, family: 'Gemma 2', licence: gemma, trains: false },
  { name: /^snowflake-arctic-embed/, family: 'Snowflake Arctic Embed', licence: apache, trains: false },
]

/** Sizes of models whose names do not say them. */
const sizes: readonly [RegExp, number][] = [
  [/^Phi-4-mini/, 3.8e9],
  [/^snowflake-arctic-embed-m/, 109e6],
  [/^snowflake-arctic-embed-s/, 33e6],
]

function parametersOf(id: string): number | null {
  const known = sizes.find(([name]) => name.test(id))
  if (known) return known[1]
  const size = /-(\d+(?:\.\d+)?)(M|B)(?:-|$)/i.exec(id)
  return size ? Number(size[1]) * (size[2]?.toUpperCase() === 'M' ? 1e6 : 1e9) : null
}

/** May it be loaded with more than the window of WebLLM's list? */
export function isLong(id: string): boolean {
  return families.find(({ name }) => name.test(id))?.long ?? false
}

/** As MLC names its forms: q0f16, q4f32_1 … */
const quantisationOf = (id: string) => /-(q\d+f\d+(?:_\d)?)(?:-|$)/.exec(id)?.[1] ?? 'unknown'

/** Bytes of one weight as it is stored: 32-bit weights are stored as bfloat16, and 4 bits have a scale for each 32. */
const storedBytes = (quantisation: string) => (quantisation.startsWith('q0') ? 2 : quantisation.startsWith('q4') ? 0.5625 : null)

function describe(id: string, url: string, library: string): WebLlmModel {
  const family = families.find(({ name }) => name.test(id))
  const quantisation = quantisationOf(id)
  const parameters = parametersOf(id)
  const perWeight = storedBytes(quantisation)
  const twin = id.replace(/(q\d+)f16/, '$1f32')
  const embedding = /embed/i.test(id)
  return {
    id,
    kind: embedding ? 'embedding' : 'chat',
    family: family?.family ?? id,
    parameters,
    quantisation,
    trainable: !embedding && quantisation.startsWith('q0') && (family?.trains ?? false),
    needsF16: quantisation.includes('f16'),
    f32Twin: twin !== id && listed.some((each) => each.id === twin) ? twin : null,
    vram: null,
    download: { bytes: parameters !== null && perWeight !== null ? Math.round(parameters * perWeight) : null, exact: false },
    window: null,
    licence: family?.licence ?? null,
    url,
    library,
    custom: false,
  }
}

const models: readonly WebLlmModel[] = listed
  .map(({ id, url, library, vramMegabytes, window }) => ({ ...describe(id, url, library), vram: vramMegabytes * 1e6, window: window === null ? (/embed/.test(id) ? 512 : null) : isLong(id) ? longestWindow : window }))
  .sort((a, b) => a.vram - b.vram)

/** WebLLM's own, the smallest first. */
export function listedModels(): WebLlmModel[] {
  return models.map((model) => ({ ...model, download: { ...model.download } }))
}

/** The same model with whole weights, the smaller form that this card can calculate with; null: it has none in the list. */
export function unquantised({ id }: Pick<WebLlmModel, 'id'>, shaderF16: boolean): WebLlmModel | null {
  const forms = (shaderF16 ? ['q0f16', 'q0f32'] : ['q0f32']).map((form) => id.replace(/-q\d+f\d+(?:_\d)?(?=-|$)/, `-${form}`))
  return models.find((each) => each.trainable && forms.includes(each.id)) ?? null
}

/** What can be said of a model by address before anything is read. @throws WebLlmError when an address cannot be one */
export function customModel({ name, url, library }: CustomModel): WebLlmModel {
  for (const address of [url, library]) {
    const problem = addressProblem(address)
    if (problem !== null) throw new WebLlmError({ kind: 'unknown-model', model: name, detail: `“${address.slice(0, 200)}” ${problem}.` })
  }
  if (name.trim() === '' || listed.some(({ id }) => id === name)) throw new WebLlmError({ kind: 'unknown-model', model: name, detail: 'It needs a name that no other model has.' })
  return { ...describe(name, url, library), custom: true }
}
