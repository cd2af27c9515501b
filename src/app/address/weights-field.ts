// Somebody's own weights of the reward in an address: what differs from the preset that stands before it,
// "memory:0.5,alpha.storage:0.2". A sharer's terms that this page does not have are refused, not left out.
import { z } from 'zod'
import { fit, type Fit } from '../../core/fit.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import { rewardWeightsSchema, type RewardWeights } from '../../core/reward/reward.ts'
import { weightsOf, withWeights } from '../state/config.ts'
import { number, type Field } from './field.ts'

/** The largest weight that a slider gives. */
const largest = 2

const isNumbers = (value: unknown): value is Record<string, number> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every number of the weights by its path: "memory", "alpha.compression", "penalty.rounds". */
function flat(weights: RewardWeights): Map<string, number> {
  const found = new Map<string, number>()
  for (const [name, value] of Object.entries(weights)) {
    if (typeof value === 'number') found.set(name, value)
    else if (isNumbers(value)) for (const [part, share] of Object.entries(value)) found.set(`${name}.${part}`, share)
  }
  return found
}

/** The weights with the numbers at these paths. */
function changed(weights: RewardWeights, numbers: ReadonlyMap<string, number>): unknown {
  const at = (path: string, before: number) => numbers.get(path) ?? before
  return Object.fromEntries(
    Object.entries(weights).map(([name, value]) => {
      if (typeof value === 'number') return [name, at(name, value)]
      if (!isNumbers(value)) return [name, value]
      return [name, Object.fromEntries(Object.entries(value).map(([part, share]) => [part, at(`${name}.${part}`, share)]))]
    }),
  )
}

const pairs = z
  .string()
  .max(600, 'is too long')
  .transform((text) => text.split(',').map((pair) => pair.split(':')))
  .pipe(z.array(z.tuple([z.string(), number.pipe(z.number().min(0).max(largest))], 'needs name:number')))

export const weightsField: Field = {
  name: 'weights',
  read(text, link): Fit<typeof link> {
    const read = fit(pairs, text)
    if (!read.success) return read
    const base = rewardPresets[link.config.reward]
    const known = flat(base)
    const paths = fit(z.array(z.string().refine((path) => known.has(path), 'is not a weight that this page has')), read.data.map(([path]) => path))
    if (!paths.success) return paths
    const weights = fit(rewardWeightsSchema, changed(base, new Map(read.data)))
    if (!weights.success) return weights
    return { success: true, data: { ...link, config: { ...link.config, ...withWeights(weights.data) } } }
  },
  write({ config }) {
    if (config.weights === null) return null
    const usual = flat(rewardPresets[config.reward])
    const own = [...flat(weightsOf(config))].filter(([path, value]) => value !== usual.get(path))
    return own.length === 0 ? null : own.map(([path, value]) => `${path}:${value}`).join(',')
  },
}
