// What weights.worker offers: the weights of models, fetched into this browser's private files and kept there. It alone
// reaches their hosts; model.worker reads what is whole.
import type { WeightsSource } from '../core/policy/catalogue/weights-source.ts'
import type { Outcome } from '../core/policy/webllm.ts'
import type { DownloadProgress } from './webllm.ts'

/** What of a model is here. */
export interface KeptWeights extends Omit<DownloadProgress, 'total'> {
  key: string
  name: string
  /** The folder that it comes from, as it was asked for. */
  from: string
  total: number | null
  /** All is here, and was checked against its hashes. */
  complete: boolean
}

export interface WeightsApi {
  /** Every model of which something is here. @throws where the browser keeps no files for the page */
  kept(): Promise<KeptWeights[]>
  /** What a model at an address is, before anything large of it is fetched: its config.json (null: it is a GGUF file), and its size where the host tells. */
  look(source: WeightsSource): Promise<Outcome<{ config: unknown; bytes: number | null }>>
  /**
   * Fetches what is missing of a model, in ranges. One download at a time of each model. Ends with `aborted` after
   * cancelDownload(); what has come stays, also when the tab is lost, and the next call goes on at that byte.
   */
  download(source: WeightsSource, onProgress: (progress: DownloadProgress) => void): Promise<Outcome<KeptWeights>>
  cancelDownload(key: string): Promise<void>
  /** Deletes what is here of a model. */
  remove(key: string): Promise<void>
}
