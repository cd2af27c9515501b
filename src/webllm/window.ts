// With how many tokens at once a model is loaded. WebLLM's list says 4,096 of nearly every model, so that its cache of keys
// and values stays small; the compiled libraries take any window, and the cache is allocated for it when a model is loaded.
import { z } from 'zod'
import { settingsPresets } from '../core/episode/settings.ts'
import type { GpuLimits } from '../core/policy/webllm.ts'

/** The paper's T_max: no model is loaded with more. */
export const longestWindow = settingsPresets.paper.t_max
/** What WebLLM's list gives nearly every model. */
const usualWindow = 4096

const count = z.number().int().positive()

/** What of mlc-chat-config.json decides about the window. */
export const windowConfigSchema = z.object({
  /** −1: it slides instead. */
  context_window_size: z.number().int().optional(),
  sliding_window_size: z.number().int().nullish(),
  model_config: z
    .looseObject({ num_hidden_layers: count, num_key_value_heads: count, num_attention_heads: count, hidden_size: count, head_dim: count.nullish(), sliding_window_size: z.number().int().nullish() })
    .partial()
    .optional()
    .catch(undefined),
})
export type WindowConfig = z.infer<typeof windowConfigSchema>

/** Keys and values of one token in one layer, bytes; null when the configuration does not say. @param bits of a number */
function bytesALayer({ model_config }: WindowConfig, bits: 16 | 32): number | null {
  const { num_key_value_heads: heads, num_attention_heads: queries, hidden_size: width, head_dim } = model_config ?? {}
  const size = head_dim ?? (width !== undefined && queries !== undefined ? width / queries : undefined)
  return heads === undefined || size === undefined ? null : (2 * heads * size * bits) / 8
}

/** Keys and values of one token in all layers, bytes; null when the configuration does not say. */
export function cacheBytesAToken(config: WindowConfig, quantisation: string): number | null {
  const layer = bytesALayer(config, quantisation.includes('f32') ? 32 : 16)
  const layers = config.model_config?.num_hidden_layers
  return layer === null || layers === undefined ? null : layer * layers
}

interface Given {
  /** What WebLLM's list says; null: the model is not in it. */
  listed: number | null
  /** The list would allow more: every layer attends to everything. */
  long: boolean
  quantisation: string
  config: WindowConfig
  limits: Pick<GpuLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>
}

/**
 * The windows to load it with, the one that is wished for first; a smaller one for a card whose memory does not suffice,
 * which no browser tells beforehand. Empty: as its configuration says.
 */
export function windowsOf({ listed, long, quantisation, config, limits }: Given): number[] {
  const own = config.context_window_size ?? 0
  if (own <= 0) return listed === null ? [] : [listed]
  const slides = (config.sliding_window_size ?? 0) > 0 || (config.model_config?.sliding_window_size ?? 0) > 0
  const most = Math.min(own, listed === null ? longestWindow : long && !slides ? longestWindow : listed)
  const least = Math.min(most, listed ?? usualWindow)
  const layer = bytesALayer(config, quantisation.includes('f32') ? 32 : 16)
  // The cache of a layer is one buffer.
  const fits = layer === null || most * layer <= Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  return most > least && fits ? [most, least] : [least]
}
