// WebLLM as the page holds it: what this machine can do, which models there are, what of them is here, what is being
// fetched, and the one on the graphics card. Its worker starts when somebody asks for it.
import { createStore, type StoreApi } from 'zustand'
import type { RecordedVerdict, Trajectory } from '../../core/record/trajectory.ts'
import type { ModelInfo, ModelProgress } from '../../core/policy/model.ts'
import { WebLlmError, type Capabilities, type CustomModel, type WebLlmModel, type WebLlmProblem } from '../../core/policy/webllm.ts'
import { judgeEpisode } from '../../core/reward/model-judge.ts'
import type { CachedModel, DownloadProgress, WebLlmApi } from '../../rpc/webllm.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { begun, ended, isUnderWay, lostDownloads, told, withDownload, type Download, type Downloads } from './downloads.ts'
import { messageOf } from '../../core/error-message.ts'

type OnCard =
  | { state: 'none' }
  /** stopping: it ends as soon as it can. */
  | { state: 'loading'; id: string; progress: ModelProgress; stopping: boolean }
  | { state: 'ready'; id: string; info: ModelInfo }
  | { state: 'failed'; id: string; problem: WebLlmProblem }

export interface WebLlmState {
  /** null until they were asked for. */
  capabilities: Capabilities | null
  models: WebLlmModel[] | null
  cached: CachedModel[]
  /** Why the lists could not be read. */
  failure: string | null
  downloads: Downloads
  /** A model of somebody's own that a link spoke of. */
  linked: CustomModel | null
  adding: { state: 'idle' } | { state: 'reading' } | { state: 'failed'; problem: WebLlmProblem }
  card: OnCard
  /** Looks at the machine, the list and the cache. Never rejects. */
  refresh(): Promise<void>
  /** Fetches what is missing of a model. Resolves when that has ended, in whatever way. Never rejects. */
  download(id: string): Promise<void>
  /** Ends a download; what has come stays. With `forget` it is not kept in mind as one to go on with. */
  pause(id: string, forget?: boolean): Promise<void>
  /** Deletes what is here of a model; a custom one leaves the list as well. Never rejects. */
  remove(model: WebLlmModel): Promise<void>
  /** True when it is in the list now. Never rejects. */
  addCustom(model: CustomModel): Promise<boolean>
  /** Puts a model on the graphics card. True when it is there. Never rejects. */
  load(id: string): Promise<boolean>
  /** Ends the loading: then no model is on the graphics card, and what was fetched stays. Never rejects. */
  stopLoading(): Promise<void>
  unload(): Promise<void>
  /** The model on the graphics card is judging an episode. */
  judging: boolean
  /** What the model on the graphics card says of answer and memories. @throws Error when there is none, or it fails */
  judge(trajectory: Trajectory): Promise<RecordedVerdict[]>
  /** One unit vector a text, by an embedding model. Rejects with what is wrong, in words. */
  embed(id: string, texts: readonly string[]): Promise<Float32Array[]>
  /** The worker is gone, and with it what it did. */
  lost(): void
  /** Another worker stands in for a lost one: what failed for want of it is asked for again. */
  restarted(): Promise<void>
}

export type WebLlmStore = StoreApi<WebLlmState>

export function cachedOf(state: Pick<WebLlmState, 'cached'>, id: string): CachedModel | undefined {
  return state.cached.find((each) => each.id === id)
}

/** The addresses of a model of one's own: as it is in this browser's list, else as a link gave them. */
export function customOf({ models, linked }: Pick<WebLlmState, 'models' | 'linked'>, id: string | null): CustomModel | null {
  const known = models?.find((each) => each.id === id)
  if (known) return known.custom ? { name: known.id, url: known.url, library: known.library } : null
  return linked !== null && linked.name === id ? linked : null
}

/**
 * What a link's model is to this browser. known: it is in the list, from the same addresses. new: somebody may add it.
 * other: the list has another model of that name.
 */
export function linkedAs({ models }: Pick<WebLlmState, 'models'>, { name, url, library }: CustomModel): 'known' | 'new' | 'other' {
  const found = models?.find((each) => each.id === name)
  if (!found) return 'new'
  return found.custom && found.url === url && found.library === library ? 'known' : 'other'
}

const other = (error: unknown): WebLlmProblem => ({ kind: 'other', detail: messageOf(error) })

/** @param clock monotonic, ms */
export function createWebLlmStore(backend: { webllm(): WebLlmApi }, clock: () => number): WebLlmStore {
  return createStore<WebLlmState>((set, get) => {
    const setDownload = (id: string, next: Download | null) => {
      set(({ downloads }) => ({ downloads: withDownload(downloads, id, next) }))
    }
    let watching = false
    /** Hears of it when a model leaves the card by itself. */
    const watch = async () => {
      if (watching) return
      watching = true
      try {
        const { id, problem } = await backend.webllm().gone()
        set(({ card }) => (card.state === 'ready' && card.id === id ? { card: { state: 'failed', id, problem } } : {}))
      } catch {
        // With the worker goes all that it had: lost() is told of that.
      } finally {
        watching = false
      }
    }
    const readCache = async () => {
      try {
        set({ cached: await backend.webllm().cached() })
      } catch (error) {
        set({ failure: messageOf(error) })
      }
    }
    return {
      capabilities: null,
      models: null,
      cached: [],
      failure: null,
      downloads: new Map(),
      linked: null,
      adding: { state: 'idle' },
      card: { state: 'none' },
      judging: false,

      async refresh() {
        try {
          const api = backend.webllm()
          const [capabilities, models, cached] = await Promise.all([api.capabilities(), api.catalogue(), api.cached()])
          set({ capabilities, models, cached, failure: null })
        } catch (error) {
          set({ failure: messageOf(error) })
        }
      },

      async download(id) {
        const before = get().downloads.get(id)
        if (isUnderWay(before)) return
        setDownload(id, begun(before))
        const take = (progress: DownloadProgress) => {
          const now = get().downloads.get(id)
          const next = now && told(now, progress, clock())
          if (next) setDownload(id, next)
        }
        const outcome = await backend.webllm().download(id, take).catch((error: unknown) => ({ ok: false as const, problem: other(error) }))
        const now = get().downloads.get(id)
        // A cancelled one is forgotten already.
        if (now) setDownload(id, ended(now, outcome))
        await readCache()
      },
      async pause(id, forget = false) {
        const now = get().downloads.get(id)
        if (!now) return
        const running = now.phase === 'running'
        setDownload(id, forget ? null : { ...now, phase: running ? 'stopping' : now.phase })
        if (running) await backend.webllm().cancelDownload(id).catch(() => undefined)
        if (forget) await readCache()
      },
      async remove({ id, custom }) {
        await get().pause(id, true)
        const loading = get().card
        if (loading.state === 'loading' && loading.id === id) await get().stopLoading()
        try {
          if (custom) await backend.webllm().removeCustom(id)
          else await backend.webllm().remove(id)
          const { card } = get()
          if (card.state !== 'none' && card.id === id) await get().unload()
        } catch (error) {
          set({ failure: messageOf(error) })
          return
        }
        await get().refresh()
      },

      async addCustom(model) {
        set({ adding: { state: 'reading' } })
        const outcome = await backend.webllm().addCustom(model).catch((error: unknown) => ({ ok: false as const, problem: other(error) }))
        set({ adding: outcome.ok ? { state: 'idle' } : { state: 'failed', problem: outcome.problem } })
        if (outcome.ok) await get().refresh()
        return outcome.ok
      },

      async load(id) {
        const loading = (progress: ModelProgress) => {
          set(({ card }) => ({ card: { state: 'loading', id, progress, stopping: card.state === 'loading' && card.stopping } }))
        }
        set({ card: { state: 'loading', id, progress: { doing: { step: 'starting' }, share: 0 }, stopping: false } })
        const outcome = await backend.webllm().load({ kind: 'listed', id }, loading).catch((error: unknown) => ({ ok: false as const, problem: other(error) }))
        if (outcome.ok) {
          set({ card: { state: 'ready', id, info: outcome.value } })
          void watch()
        } else set({ card: outcome.problem.kind === 'aborted' ? { state: 'none' } : { state: 'failed', id, problem: outcome.problem } })
        return outcome.ok
      },
      async stopLoading() {
        const { card } = get()
        if (card.state !== 'loading') return
        set({ card: { ...card, stopping: true } })
        await backend.webllm().cancelLoad().catch(() => undefined)
      },
      async unload() {
        await backend.webllm().unload().catch(() => undefined)
        set({ card: { state: 'none' } })
      },
      async judge(trajectory) {
        const { card, judging } = get()
        if (card.state !== 'ready') throw new Error('No model is on the graphics card.')
        if (judging) throw new Error('It is judging already.')
        set({ judging: true })
        try {
          return await judgeEpisode(trajectory, (conversation, maxTokens, seed) => backend.webllm().ask(conversation, maxTokens, seed), card.id)
        } finally {
          set({ judging: false })
        }
      },
      async embed(id, texts) {
        const api = backend.webllm()
        const loaded = await api.loadEmbedder(id, () => undefined)
        if (!loaded.ok) throw new WebLlmError(loaded.problem)
        return api.embed([...texts])
      },
      async restarted() {
        const { failure, adding, card } = get()
        const cured = (problem: WebLlmProblem) => problem.kind === 'other' && isOfLostWorker(problem.detail)
        if (adding.state === 'failed' && cured(adding.problem)) set({ adding: { state: 'idle' } })
        if (card.state === 'failed' && cured(card.problem)) set({ card: { state: 'none' } })
        if (failure !== null && isOfLostWorker(failure)) await get().refresh()
      },
      lost() {
        set(({ downloads }) => ({ card: { state: 'none' }, downloads: lostDownloads(downloads) }))
      },
    }
  })
}

/** Tokens that a listed model takes at once; null: it is not listed, or does not say. */
export function windowOf({ models }: Pick<WebLlmState, 'models'>, id: string | null): number | null {
  return models?.find((each) => each.id === id)?.window ?? null
}
