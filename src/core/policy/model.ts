// A language model as the rest of the project speaks of it: where it comes from, what it is, how its loading goes.
import type { WebLlmSource } from './webllm.ts'

/** Where a model for this project's own engine lies, in Hugging Face form. */
export type EngineSource =
  /** `files`: all that lie there, where that is known; no other is asked for. */
  | { kind: 'url'; name: string; url: string; files?: readonly string[] }
  /** Fetched into this browser (rpc/weights.ts), under this key. */
  | { kind: 'kept'; name: string; key: string }
  /** A folder that somebody picked. */
  | { kind: 'files'; name: string; files: File[] }

/** Where a model that can learn lies. */
export type ModelSource =
  | EngineSource
  /** A model of WebLLM, which samples, and is trained in the same place. */
  | { kind: 'webllm'; name: string; source: WebLlmSource }

/** What an adapter belongs to, whatever form the weights are in: WebLLM's names say the form behind the model's own name. */
export const baseNameOf = (model: string): string => model.replace(/-q\d+f\d+(_\d)?(-MLC.*)?$/, '')

/** What is being done while a model comes to where it runs; who shows it has the words. */
export type LoadStep =
  | { step: 'starting' | 'configuration' | 'weights-read' | 'programs' | 'further-workers' | 'ready' }
  | { step: 'reading'; file: string }
  /** Of WebLLM: files over the network, its model or its embedding model, then onto the card. */
  | { step: 'fetching' | 'fetching-embedder' | 'onto-card' | 'shaders' | 'smaller-window' }

export interface ModelProgress {
  doing: LoadStep
  /** Of the whole load, 0 to 1. */
  share: number
}

/** The tokenizer's files, so that others can count and encode as the model does. */
export interface TokenizerText {
  /** tokenizer.json */
  tokenizer: string
  /** tokenizer_config.json */
  config: string
  /** chat_template.jinja, which newer models keep apart. */
  template?: string
  /** generation_config.json, which knows ends of a reply that the tokenizer does not. */
  generation?: string
}

/** What a model will need, said before its weights are read. */
export interface ModelNeeds {
  parameters: number
  /** Bytes of the tab's process while it plays. */
  bytes: number
  /** The same while it learns: in an update of its adapter. */
  learning: number
  /** Tokens that it takes at once. */
  window: number
  /** Bytes that it may take. */
  limit: number
}

/** What a model runs on, and why. */
export interface RunsOn {
  device: 'wasm' | 'node' | 'webgpu'
  /** `name` of the graphics card; null: it has none. `software`: there is none, the CPU does its work. */
  hardware: { kind: 'cpu'; threads: number } | { kind: 'gpu'; name: string | null; software: boolean }
  /** What a step takes there, ms; null: it was not measured, for want of another choice. */
  milliseconds: number | null
  /** Those that were not chosen: slower, or not usable, with what is wrong in words. */
  others: { device: 'wasm' | 'node' | 'webgpu'; milliseconds: number | null; problem: string | null }[]
}

export interface ModelInfo {
  /** As it is recorded in trajectories. */
  name: string
  family: string
  parameters: number
  vocabulary: number
  /** Tokens that it takes at once. */
  window: number
  /** Bytes in use. */
  bytes: number
  runsOn: RunsOn
  /** The same as data: on the CPU several workers can have it side by side. */
  processor: 'cpu' | 'gpu'
  /** WebLLM samples and our trainer learns; left out: one program does both. */
  live?: true
  /** How long it took from the first byte to the first token, ms. */
  milliseconds: number
  tokenizer: TokenizerText
}
