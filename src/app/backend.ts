// The workers as the page holds them: present ones, and how to get new ones. main.tsx makes it; tests can too.
import type { LabApi, MemoryApi, ModelApi } from '../rpc/contracts.ts'
import type { WebLlmWorkerApi } from '../rpc/live.ts'
import type { WeightsApi } from '../rpc/weights.ts'

export type WorkerName = 'memory' | 'lab' | 'model' | 'webllm' | 'weights'

export interface Backend {
  /** The worker that is connected now; another one after a restart. */
  lab(): LabApi
  memory(): MemoryApi
  model(): ModelApi
  /** Starts with the first call; the lab waits for it when a WebLLM model shall play. */
  webllm(): WebLlmWorkerApi
  /** Starts with the first call. */
  weights(): WeightsApi
  /** Replaces lost workers. What is stored stays; a running episode ends where it was. */
  restart(): Promise<void>
  /** Tells when a worker died. */
  onLost(listener: (worker: WorkerName) => void): void
  /** Tells when new workers stand in for lost ones. */
  onRestart(listener: () => void): void
}
