// adapter_config.json of PEFT, as far as it says something about plain LoRA: W + scale·B·A. What asks for another
// computation is refused by its name. Knows no tensors.
import { isObject } from '../../core/is-object.ts'
import { mistakenText } from './mistaken.ts'

export class AdapterError extends Error {
  override readonly name = 'AdapterError'
}

export interface PeftConfig {
  rank: number
  /** So that alpha/rank is the scale, also where PEFT's own is alpha/√rank (rsLoRA, arXiv 2312.03732). */
  alpha: number
  /** Ends of module paths, or all of them; null: a pattern or nothing, so that the tensors say. */
  targets: readonly string[] | 'all' | null
  /** Layers that it is said to be for; null: all that have tensors. */
  layers: ReadonlySet<number> | null
  /** Ends of module paths that it is said to leave alone. */
  excluded: readonly string[]
}

/** Fields that say nothing about the sum: bookkeeping, and settings of the training that is over. */
const idle = [
  'peft_type', 'task_type', 'base_model_name_or_path', 'revision', 'auto_mapping', 'inference_mode', 'peft_version', 'r', 'lora_alpha',
  'target_modules', 'exclude_modules', 'use_rslora', 'layers_to_transform', 'layers_pattern', 'rank_pattern', 'alpha_pattern', 'bias',
  'init_lora_weights', 'modules_to_save', 'lora_dropout', 'megatron_config', 'megatron_core', 'runtime_config', 'eva_config', 'corda_config',
  'lora_ga_config', 'loftq_config', 'qalora_group_size', 'ensure_weight_tying',
  // PEFT itself leaves it out for the projections of these families.
  'fan_in_fan_out',
] as const

/** Fields of other computations that are no `use_…` and no `…_config`. */
const others = ['lora_bias', 'trainable_token_indices', 'layer_replication', 'target_parameters', 'alora_invocation_tokens'] as const

/** First values of A and B that leave the base weights as they were. */
const plainStarts = ['gaussian', 'eva', 'orthogonal']

const most = { rank: 1024, scale: 10_000 }

const isText = (value: unknown): value is string => typeof value === 'string'
const nothing = (value: unknown) => value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0)
const short = (value: unknown) => {
  const text = isText(value) ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function refuse(field: string, words: string): never {
  throw new AdapterError(`adapter_config.json: ${field} ${words}`)
}

const plainOnly = 'is not supported: only plain LoRA, W + alpha/r·B·A, can be loaded.'

function parse(text: string): Record<string, unknown> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new AdapterError(`adapter_config.json ${mistakenText(new TextEncoder().encode(text.slice(0, 1000))) ?? 'is not valid JSON.'}`)
  }
  if (!isObject(json)) throw new AdapterError('adapter_config.json must hold an object.')
  return json
}

function checkFields(json: Record<string, unknown>): void {
  if (json['peft_type'] !== 'LORA') refuse('peft_type', `${short(json['peft_type'])} ${plainOnly}`)
  for (const [field, value] of Object.entries(json)) {
    if (nothing(value) || idle.some((each) => each === field)) continue
    if (others.some((each) => each === field) || /^use_|_config$/.test(field)) refuse(field, plainOnly)
  }
  const { bias = 'none', init_lora_weights: start = true } = json
  if (bias !== 'none' && bias !== null) refuse('bias', `${short(bias)} is not supported: biases cannot be trained or changed here.`)
  if (!nothing(json['modules_to_save'])) refuse('modules_to_save', 'is not supported: whole modules cannot be exchanged by an adapter here.')
  if (isText(start) && !plainStarts.includes(start)) {
    refuse('init_lora_weights', `${short(start)} is not supported: it changes the base weights too. Save it with path_initial_model_for_weight_conversion, which makes plain LoRA of it.`)
  }
  if (!nothing(json['layers_to_transform']) && !nothing(json['layers_pattern']) && [json['layers_pattern']].flat().some((each) => each !== 'layers')) {
    refuse('layers_pattern', `${short(json['layers_pattern'])} is not supported: the layers of this model are called layers.`)
  }
}

function numberOf(json: Record<string, unknown>, field: string): number {
  const value = json[field] ?? 8
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value)) refuse(field, 'must be a positive number.')
  return value
}

/** Patterns of single modules may say what is so anyway. */
function checkPattern(json: Record<string, unknown>, field: 'rank_pattern' | 'alpha_pattern', usual: number): void {
  const pattern = json[field] ?? {}
  if (!isObject(pattern)) refuse(field, 'must hold an object.')
  const [other] = Object.entries(pattern).filter(([, value]) => value !== usual)
  if (other) refuse(field, `is not supported: ${short(other[0])} has ${short(other[1])} where the others have ${usual}. All modules must have the same rank and alpha.`)
}

function layersOf(value: unknown): ReadonlySet<number> | null {
  if (nothing(value)) return null
  const layers: unknown[] = Array.isArray(value) ? value : [value]
  const numbers = layers.flatMap((layer) => (typeof layer === 'number' && Number.isInteger(layer) && layer >= 0 ? [layer] : []))
  if (numbers.length !== layers.length) refuse('layers_to_transform', 'must be a list of whole numbers.')
  return new Set(numbers)
}

function modulesOf(json: Record<string, unknown>, field: 'target_modules' | 'exclude_modules'): readonly string[] | string | null {
  const value = json[field] ?? null
  if (value === null || isText(value)) return value
  if (!Array.isArray(value) || value.length > 100_000) refuse(field, 'must be a list of names, or a pattern.')
  const names: unknown[] = value
  return names.map((name) => (isText(name) ? name : refuse(field, 'must be a list of names, or a pattern.')))
}

/** @throws AdapterError naming the field that asks for more than plain LoRA, or that is none */
export function readPeftConfig(text: string): PeftConfig {
  const json = parse(text)
  checkFields(json)
  const [rank, alpha] = [numberOf(json, 'r'), numberOf(json, 'lora_alpha')]
  if (!Number.isInteger(rank) || rank > most.rank) refuse('r', `${rank} must be a whole number of ${most.rank} at most.`)
  checkPattern(json, 'rank_pattern', rank)
  checkPattern(json, 'alpha_pattern', alpha)
  const scale = alpha / (json['use_rslora'] === true ? Math.sqrt(rank) : rank)
  if (scale > most.scale) refuse('lora_alpha', `${alpha} is absurd: the adapter would be multiplied by ${scale.toPrecision(3)}.`)
  const targets = modulesOf(json, 'target_modules')
  const excluded = modulesOf(json, 'exclude_modules')
  return {
    rank,
    alpha: json['use_rslora'] === true ? alpha * Math.sqrt(rank) : alpha,
    // A pattern is Python's, and somebody else's program: it is not run, the tensors say what it matched.
    targets: targets === 'all-linear' ? 'all' : isText(targets) ? null : targets,
    layers: layersOf(json['layers_to_transform']),
    excluded: isText(excluded) ? [] : (excluded ?? []),
  }
}
