// --set NAME=VALUE: settings of a configuration by their names. Knows no command.
import type { z } from 'zod'
import { fit, misfitWords } from '../src/core/fit.ts'
import { isObject } from '../src/core/is-object.ts'
import { ArgumentError } from './options.ts'

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The configuration with `name` (a path like episode.temperature) set. @throws ArgumentError when there is no such setting */
function withSetting(config: Record<string, unknown>, name: string, value: unknown, whole = name): Record<string, unknown> {
  const [key = '', ...rest] = name.split('.')
  if (!Object.hasOwn(config, key)) throw new ArgumentError(`--set: there is no setting "${whole}". Here there are ${Object.keys(config).join(', ')}.`)
  if (rest.length === 0) return { ...config, [key]: value }
  const inner = config[key]
  // A setting that is null until it is given, as clip.
  return { ...config, [key]: isObject(inner) ? withSetting(inner, rest.join('.'), value, whole) : { [rest.join('.')]: value } }
}

/** The configuration with every NAME=VALUE of the list set, in order. @throws ArgumentError naming what does not fit */
export function withSettings<T>(config: Record<string, unknown>, settings: readonly string[], schema: z.ZodType<T>): T {
  let changed = config
  for (const setting of settings) {
    const at = setting.indexOf('=')
    if (at < 1) throw new ArgumentError(`--set: "${setting}" is not allowed. It takes NAME=VALUE.`)
    changed = withSetting(changed, setting.slice(0, at), jsonOr(setting.slice(at + 1)))
  }
  const read = fit(schema, changed)
  if (read.success) return read.data
  throw new ArgumentError(`--set: ${misfitWords(read.misfit, 'configuration')}.`)
}
