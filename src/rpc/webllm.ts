// What webllm.worker offers: WebLLM's models listed, fetched, loaded, asked. The library comes into the worker with
// the first call that needs it; capabilities(), catalogue() and cached() do without.
import type { ModelInfo, ModelProgress } from '../core/policy/model.ts'
import type { ChatMessage } from '../core/policy/policy.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import type { Capabilities, CustomModel, GoneModel, Outcome, WebLlmModel, WebLlmSource } from '../core/policy/webllm.ts'
import type { StreamApi } from './streams.ts'

export interface DownloadProgress {
  /** Bytes that are here, those of an earlier attempt included. */
  bytes: number
  /** Of the whole; null until the manifest was read. */
  total: number | null
  /** Files that are here, and all of them. */
  files: number
  ofFiles: number | null
}

/** What of a model is in this browser's cache. */
export interface CachedModel {
  id: string
  /** Bytes of what is here. */
  bytes: number
  /** Files of weights that are here, and all of them; `ofFiles` null when its manifest is not here. */
  files: number
  ofFiles: number | null
  /** Everything is here: it loads without a network. */
  complete: boolean
}

/**
 * webllm.worker. One model at a time is loaded for chat, and one for embeddings beside it. Requests are answered one
 * after another; the cache of the last prompt is kept where the next one goes on from it. serve() rejects with the
 * problem in words when no model is loaded, or the device is lost.
 */
export interface WebLlmApi extends StreamApi {
  /** Looks anew at each call. */
  capabilities(): Promise<Capabilities>
  /** WebLLM's own models and the custom ones, smallest first. */
  catalogue(): Promise<WebLlmModel[]>
  /**
   * Reads a custom model's configuration, checks it, and puts it into the catalogue of this session and later ones.
   * Its id is its name.
   */
  addCustom(model: CustomModel): Promise<Outcome<WebLlmModel>>
  /** Out of the catalogue and out of the cache. */
  removeCustom(id: string): Promise<void>
  /** Every model of which something is here. */
  cached(): Promise<CachedModel[]>
  /**
   * Fetches what is missing into the cache, in the place where WebLLM looks for it. One download at a time of each
   * model. Ends with `aborted` after cancelDownload(); what has come stays, and the next call goes on there: that is
   * what a pause is.
   */
  download(id: string, onProgress: (progress: DownloadProgress) => void): Promise<Outcome<CachedModel>>
  cancelDownload(id: string): Promise<void>
  /** Deletes a model's files from the cache. */
  remove(id: string): Promise<void>
  /**
   * Loads a model in the place of the one before; nothing happens when it is there. Fetches what is missing. Its window is
   * the paper's T_max where the model and the card allow; `window` of what it gives says.
   */
  load(source: WebLlmSource, onProgress: (progress: ModelProgress) => void): Promise<Outcome<ModelInfo>>
  /** Ends what is being loaded, with `aborted`: no model is on the graphics card then, and what was fetched stays. */
  cancelLoad(): Promise<void>
  /** Frees the graphics card. */
  unload(): Promise<void>
  /** Resolves when a model leaves the card though nobody asked for it: the card was lost, or its weights are no checkpoint's. */
  gone(): Promise<GoneModel>
  /** What the model thinks of given tokens behind a conversation. */
  inspect(conversation: ChatMessage[], ids: number[], alternatives: number): Promise<TokenView[]>
  /** One plain reply at temperature 0, without the protocol: for judging, summarising and writing. */
  ask(conversation: ChatMessage[], maxTokens: number, seed: number): Promise<string>
  /** Loads an embedding model beside the chat model; nothing happens when it is there. */
  loadEmbedder(id: string, onProgress: (progress: ModelProgress) => void): Promise<Outcome<{ name: string; dimensions: number }>>
  /** One unit vector a text. @throws when no embedding model is loaded */
  embed(texts: string[]): Promise<Float32Array[]>
}
