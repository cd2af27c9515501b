// Which scripted policies there are, and how careless the careless one is. Apart from what they do, which a page that only
// names them does not need.
import { z } from 'zod'

export const scriptedNames = ['oracle', 'store-all', 'store-none', 'careless'] as const
export type ScriptedName = (typeof scriptedNames)[number]

const probability = z.number().min(0).max(1)

/** How often `careless` does each thing when there is reason to (or, for small talk, none). */
export const carelessSchema = z.object({
  add: probability,
  add_small_talk: probability,
  update: probability,
  delete: probability,
  retrieve: probability,
  filter: probability,
  summarise: probability,
  /** Leaves out the think block, or the closing tag. */
  break_format: probability,
  /** Uses an id that does not exist. */
  wrong_id: probability,
})
export type Careless = z.infer<typeof carelessSchema>

/** The habits of an untrained model (Table 3, before training, in miniature). */
export const defaultCareless: Careless = {
  add: 0.6,
  add_small_talk: 0.3,
  update: 0.1,
  delete: 0.02,
  retrieve: 0.85,
  filter: 0.05,
  summarise: 0.05,
  break_format: 0.03,
  wrong_id: 0.03,
}
