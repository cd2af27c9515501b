// Weights of models for this project's own engine as the page holds them: what is kept in this browser, what is being
// fetched, what each model needs here. Their worker starts when somebody asks.
import { createStore, type StoreApi } from 'zustand'
import { catalogue } from '../../core/policy/catalogue/catalogue.ts'
import { keyOf, type WeightsSource } from '../../core/policy/catalogue/weights-source.ts'
import type { ModelNeeds, ModelSource } from '../../core/policy/model.ts'
import type { WebLlmModel, WebLlmProblem } from '../../core/policy/webllm.ts'
import { messageOf } from '../../core/error-message.ts'
import type { DownloadProgress } from '../../rpc/webllm.ts'
import type { ModelApi } from '../../rpc/contracts.ts'
import type { KeptWeights, WeightsApi } from '../../rpc/weights.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { begun, ended, isUnderWay, lostDownloads, told, withDownload, type Download, type Downloads } from './downloads.ts'
import type { ModelState } from './model.ts'
import { cachedOf, type WebLlmState } from './webllm.ts'

/** What of the browser's storage is used. */
export interface PageStorage {
  persist(): Promise<boolean>
}

export type Looked =
  | { state: 'none' }
  | { state: 'looking' }
  /** needs: null where only the file itself says. */
  | { state: 'found'; source: WeightsSource; needs: ModelNeeds | null; bytes: number | null }
  | { state: 'failed'; problem: WebLlmProblem }

export interface WeightsState {
  /** null until they were asked for. */
  kept: KeptWeights[] | null
  /** By the id of an entry of the catalogue, and by nano's name. */
  needs: ReadonlyMap<string, ModelNeeds>
  /** Why what is kept could not be listed. */
  failure: string | null
  downloads: Downloads
  /** Where each download comes from, by its key. */
  sources: ReadonlyMap<string, WeightsSource>
  /** Looks at what is kept, and at what models need. Never rejects. */
  refresh(): Promise<void>
  /** A model at an address that somebody gave, before anything large of it is fetched. */
  looked: Looked
  /** Looks at it. Never rejects. */
  look(source: WeightsSource): Promise<void>
  /** Fetches what is missing. Resolves when that has ended, in whatever way. Never rejects. */
  download(source: WeightsSource): Promise<void>
  /** Ends a download; what has come stays. With `forget` it is not kept in mind as one to go on with. */
  pause(key: string, forget?: boolean): Promise<void>
  /** Deletes what is here of a model. Never rejects. */
  remove(key: string): Promise<void>
  /** The worker is gone, and with it what it did. */
  lost(): void
}

export type WeightsStore = StoreApi<WeightsState>

const failed = (error: unknown): { ok: false; problem: WebLlmProblem } => ({ ok: false, problem: { kind: 'other', detail: messageOf(error) } })

/**
 * @param clock monotonic, ms
 * @param nano where the embedded model lies
 */
export function createWeightsStore(backend: { weights(): WeightsApi; model(): Pick<ModelApi, 'needs' | 'plan'> }, clock: () => number, nano: ModelSource, storage?: PageStorage): WeightsStore {
  return createStore<WeightsState>((set, get) => {
    const setDownload = (key: string, next: Download | null) => { set(({ downloads }) => ({ downloads: withDownload(downloads, key, next) })) }
    const readKept = async () => {
      try {
        set({ kept: await backend.weights().kept(), failure: null })
      } catch (error) {
        set({ failure: messageOf(error) })
      }
    }
    const readNeeds = async () => {
      if (get().needs.size > 0) return
      const ofCatalogue = catalogue.map(async ({ id, shape }) => [id, await backend.model().needs(shape)] as const)
      const found = await Promise.all([...ofCatalogue, backend.model().plan(nano).then((needs) => [nano.name, needs] as const)]).catch(() => null)
      if (found) set({ needs: new Map(found) })
    }
    return {
      kept: null,
      needs: new Map(),
      failure: null,
      downloads: new Map(),
      sources: new Map(),
      async refresh() {
        await Promise.all([readKept(), readNeeds()])
      },
      looked: { state: 'none' },
      async look(source) {
        set({ looked: { state: 'looking' } })
        try {
          const outcome = await backend.weights().look(source)
          if (!outcome.ok) set({ looked: { state: 'failed', problem: outcome.problem } })
          else set({ looked: { state: 'found', source, bytes: outcome.value.bytes, needs: outcome.value.config === null ? null : await backend.model().needs(outcome.value.config) } })
        } catch (error) {
          set({ looked: { state: 'failed', problem: failed(error).problem } })
        }
      },
      async download(source) {
        set({ looked: { state: 'none' } })
        const key = keyOf(source)
        const before = get().downloads.get(key)
        if (isUnderWay(before)) return
        set(({ sources }) => ({ sources: new Map(sources).set(key, source) }))
        setDownload(key, begun(before))
        // What was asked for is not to be cleared when the disk fills up. Browsers may say no, or ask.
        void storage?.persist().catch(() => false)
        const take = (progress: DownloadProgress) => {
          const now = get().downloads.get(key)
          const next = now && told(now, progress, clock())
          if (next) setDownload(key, next)
        }
        let outcome: { ok: true } | { ok: false; problem: WebLlmProblem }
        try {
          outcome = await backend.weights().download(source, take)
        } catch (error) {
          outcome = failed(error)
        }
        const now = get().downloads.get(key)
        // A cancelled one is forgotten already.
        if (now) setDownload(key, ended(now, outcome))
        await readKept()
      },
      async pause(key, forget = false) {
        const now = get().downloads.get(key)
        if (!now) return
        const running = now.phase === 'running'
        setDownload(key, forget ? null : { ...now, phase: running ? 'stopping' : now.phase })
        if (running) await backend.weights().cancelDownload(key).catch(() => undefined)
        if (forget) await readKept()
      },
      async remove(key) {
        await get().pause(key, true)
        try {
          await backend.weights().remove(key)
          await readKept()
        } catch (error) {
          set({ failure: messageOf(error) })
        }
      },
      lost() {
        set(({ downloads, failure }) => ({ downloads: lostDownloads(downloads), failure: failure !== null && isOfLostWorker(failure) ? null : failure }))
      },
    }
  })
}

export const keptOf = ({ kept }: Pick<WeightsState, 'kept'>, key: string): KeptWeights | undefined => kept?.find((each) => each.key === key)

/** Models of WebLLM that are here whole and can be trained, by name; with `quantised` those that cannot for being so instead. */
export function liveModels({ models, cached }: Pick<WebLlmState, 'models' | 'cached'>, quantised = false): WebLlmModel[] {
  return (models ?? []).filter(({ id, kind, trainable, quantisation }) => kind === 'chat' && (quantised ? !quantisation.startsWith('q0') : trainable) && cachedOf({ cached }, id)?.complete === true)
}

export const liveSource = ({ id, custom, url, library }: WebLlmModel): ModelSource => ({ kind: 'webllm', name: id, source: custom ? { kind: 'custom', name: id, url, library } : { kind: 'listed', id } })

/** The models that this project's own engine can play and train as things are, by name: nano first. */
export function sourcesOf({ nanoSource, ownSource }: Pick<ModelState, 'nanoSource' | 'ownSource'>, kept: readonly KeptWeights[] | null): ModelSource[] {
  const whole = (kept ?? []).filter(({ complete }) => complete).map(({ name, key }): ModelSource => ({ kind: 'kept', name, key }))
  const all = [nanoSource, ...(ownSource ? [ownSource] : []), ...whole]
  return all.filter(({ name }, i) => all.findIndex((each) => each.name === name) === i)
}
