// WebLLM's list as the page shows it: the forms of one model together, the useful ones first, the smallest first among
// them. Pure.
import type { WebLlmModel } from '../../../core/policy/webllm.ts'

/** One model with all its forms: quantisations, windows. */
export interface ModelGroup {
  /** Its id without the form: `Qwen3-0.6B`. */
  name: string
  suits: Suits
  /** The one that suits this machine best comes first. */
  forms: [WebLlmModel, ...WebLlmModel[]]
}

/** paper: the model that the paper used. general: follows instructions of every kind. other: made for something else, or old. */
type Suits = 'paper' | 'general' | 'other'

const form = /-q\d+f\d+(?:_\d+)?-MLC(?:-\w+)?$/

/** The name that all forms of a model share. */
export function baseName(id: string): string {
  return id.replace(form, '')
}

/** The models of §4.1. */
const ofPaper = new Set(['Qwen2.5-7B-Instruct', 'Qwen3-4B'])

/** Families whose instruct models keep to a format of think blocks and JSON calls well enough to be worth a try. */
const general = [/^Qwen(?:2\.5|3|3\.5)-/, /^Llama-3(?:\.\d)?-/, /^SmolLM2-/, /^Hermes-3-/, /^Ministral-3-/, /^gemma-?[234]-/, /^Phi-(?:3\.5|4)-/, /^Mistral-7B-Instruct-v0\.3$/, /^OLMo-2-/]
const special = /coder|math|vision|base|reasoning|distill|jpn/i

/** How useful a model is for memory tasks, by its name: nobody has measured them all. */
export function suitsOf(name: string): Suits {
  if (ofPaper.has(name)) return 'paper'
  return general.some((family) => family.test(name)) && !special.test(name) ? 'general' : 'other'
}

/** Forms that this machine can run, then with a whole window, then four bits, then the smaller. */
function formOrder(shaderF16: boolean) {
  const refused = (model: WebLlmModel) => Number(model.needsF16 && !shaderF16)
  const cut = (model: WebLlmModel) => Number(/-1k$/.test(model.id))
  // Without shader-f16 only what calculates in 32 bits is sure to run.
  const likely = (model: WebLlmModel) => Number(model.quantisation.includes('f16') !== shaderF16)
  return (a: WebLlmModel, b: WebLlmModel) => refused(a) - refused(b) || cut(a) - cut(b) || Number(a.trainable) - Number(b.trainable) || likely(a) - likely(b) || sizeOf(a) - sizeOf(b)
}

const sizeOf = (model: WebLlmModel): number => model.vram ?? model.download.bytes ?? 0

/** Models of one kind, their forms together, the smallest first; a custom model stands alone and first. */
export function groupsOf(models: readonly WebLlmModel[], kind: WebLlmModel['kind'], shaderF16: boolean): ModelGroup[] {
  const byName = new Map<string, WebLlmModel[]>()
  for (const model of models) {
    if (model.kind !== kind) continue
    const name = model.custom ? model.id : baseName(model.id)
    byName.set(name, [...(byName.get(name) ?? []), model])
  }
  const groups = [...byName].flatMap(([name, all]): ModelGroup[] => {
    const [first, ...rest] = all.toSorted(formOrder(shaderF16))
    return first ? [{ name, suits: first.custom ? 'general' : suitsOf(name), forms: [first, ...rest] }] : []
  })
  return groups.toSorted((a, b) => Number(b.forms[0].custom) - Number(a.forms[0].custom) || sizeOf(a.forms[0]) - sizeOf(b.forms[0]))
}

export interface Wanted {
  /** A part of the name. */
  text: string
  /** Can be trained here: none of these. */
  learns: boolean
  /** Ids of which something is in the cache; null: all. */
  here: ReadonlySet<string> | null
}

/** Only the groups, and in them only the forms, that are asked for. */
export function wantedGroups(groups: readonly ModelGroup[], { text, learns, here }: Wanted): ModelGroup[] {
  const word = text.trim().toLowerCase()
  return groups.flatMap((group) => {
    if (!group.name.toLowerCase().includes(word)) return []
    const [first, ...rest] = group.forms.filter((each) => !learns && (here === null || here.has(each.id)))
    return first ? [{ ...group, forms: [first, ...rest] }] : []
  })
}
