// Arguments of a call held against the tool's schema: puts right what is another spelling of the same value, and says
// in words what is wrong with the rest. Knows nothing of replies or of memories.
import { misfits } from '../../../fit.ts'
import { quoted } from '../../../text.ts'
import { isToolName, tools, type ToolName } from '../tools/index.ts'
import { isObject } from '../../../is-object.ts'
import { objectIn } from './lenient-json.ts'
import { toolParameters, type Property } from './parameters.ts'

/** Is this a name that the tool has an argument of? */
export function isParameter(tool: string, name: string): boolean {
  return isToolName(tool) && Object.hasOwn(toolParameters[tool].properties, name)
}

/** The same value as this type has it; undefined when there is none. */
function fitted({ type }: Property, value: unknown): unknown {
  switch (type) {
    case 'string':
      return Number.isSafeInteger(value) ? String(value) : undefined
    case 'integer':
      return typeof value === 'string' && /^\s{0,4}\d{1,9}\s{0,4}$/.test(value) ? Number(value) : undefined
    case 'boolean':
      return typeof value === 'string' && /^\s{0,4}(?:true|false)\s{0,4}$/i.test(value)
        ? value.trim().toLowerCase() === 'true'
        : undefined
    case 'object':
      return typeof value === 'string' ? (objectIn(value) ?? undefined) : undefined
  }
}

const has = ({ type }: Property, value: unknown) =>
  type === 'object' ? isObject(value) : type === 'integer' ? typeof value === 'number' : typeof value === type

/**
 * The arguments with numbers, booleans and objects as the schema has them where they came as text, or the other way
 * round, and without null for what may be left out. What has no one reading is left for the tool to refuse.
 */
export function fitArguments(
  tool: string,
  given: Record<string, unknown>,
): { arguments: Record<string, unknown>; changed: string[] } {
  const changed: string[] = []
  if (!isToolName(tool)) return { arguments: given, changed }
  const parameters = toolParameters[tool]
  const entries = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    const property = Object.hasOwn(parameters.properties, name) ? parameters.properties[name] : undefined
    if (!property || has(property, value)) return [[name, value]]
    if (value === null && !parameters.required.includes(name)) {
      changed.push(`"${name}" is null and was left out`)
      return []
    }
    const fit = fitted(property, value)
    if (fit === undefined) return [[name, value]]
    changed.push(`"${name}" was read as ${wanted(property)}`)
    return [[name, fit]]
  })
  return changed.length === 0 ? { arguments: given, changed } : { arguments: Object.fromEntries(entries), changed }
}

function wanted({ type, minimum, maximum }: Property): string {
  switch (type) {
    case 'string':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'object':
      return 'a JSON object'
    case 'integer':
      return minimum === undefined || maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
        ? 'a whole number'
        : `a whole number from ${minimum} to ${maximum}`
  }
}

/** What keeps the tool from taking these arguments, in words; null when nothing does. */
export function problemsOf(tool: ToolName, given: Record<string, unknown>): string | null {
  const { properties, required } = toolParameters[tool]
  const wrong = misfits(tools[tool].arguments, given)
  const names = Object.keys(properties)
  // What the schema does not know would be lost without a word.
  const strange = Object.keys(given).filter((name) => !isParameter(tool, name))
  if (wrong.length === 0 && strange.length === 0) return null
  const problems = new Map<string, string>()
  for (const { path } of wrong) {
    const [name = ''] = path.split('.')
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!property || problems.has(name)) continue
    const missing = !Object.hasOwn(given, name) || given[name] === undefined
    const empty = property.type === 'string' && typeof given[name] === 'string'
    problems.set(
      name,
      missing && required.includes(name)
        ? `${name} is missing: it must be ${wanted(property)}`
        : empty
          ? `${name} must not be empty`
          : `${name} must be ${wanted(property)}`,
    )
  }
  const said = [...problems.values()]
  if (strange.length > 0)
    said.push(`there is no argument ${strange.slice(0, 3).map(quoted).join(', ')}: it takes ${names.join(', ')}`)
  return said.length > 0 ? said.join('; ') : 'they are not what it takes'
}
