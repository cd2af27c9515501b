// In which fields the configurations of runs differ. Pure.
import type { TrainConfig } from '../../../core/training/config.ts'

export interface Difference {
  /** With dots, as in an exported run: lora.rank. */
  field: string
  /** Of each run, in their order. */
  values: string[]
}

/** Every field by its path; lists as one value. */
function fieldsOf(of: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(of)) {
    const at = path === '' ? name : `${path}.${name}`
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) for (const [inner, text] of fieldsOf(value, at)) found.set(inner, text)
    else found.set(at, Array.isArray(value) ? value.join(', ') : String(value))
  }
  return found
}

/** What a run lacks is written as a dash. */
export function differences(configs: readonly TrainConfig[]): Difference[] {
  const each = configs.map((config) => fieldsOf(config))
  const fields = [...new Set(each.flatMap((of) => [...of.keys()]))]
  return fields.flatMap((field) => {
    const values = each.map((of) => of.get(field) ?? '–')
    return new Set(values).size > 1 ? [{ field, values }] : []
  })
}
