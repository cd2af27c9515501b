// The language models that the page can play with: the embedded one, and one that somebody loads.
import { z } from 'zod'
import { createStore, type StoreApi } from 'zustand'
import { fit } from '../../core/fit.ts'
import type { ModelNeeds, ModelProgress, ModelSource, RunsOn } from '../../core/policy/model.ts'
import type { TokenView } from '../../core/policy/token-view.ts'
import type { ChatMessage } from '../../core/policy/policy.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import type { Backend } from '../backend.ts'
import { messageOf } from '../../core/error-message.ts'
import type { Remembered } from './ui.ts'

type OwnModel =
  | { state: 'none' }
  | { state: 'looking' }
  /** Its small files were read; the weights wait for a yes. */
  | { state: 'planned'; source: ModelSource; needs: ModelNeeds }
  | { state: 'loading'; source: ModelSource; progress: ModelProgress }
  | { state: 'ready'; source: ModelSource; parameters: number; runsOn: RunsOn; window: number }
  | { state: 'failed'; message: string }

export interface ModelState {
  /** The embedded model's loading: a share, where it runs and how long that took, or what went wrong in words. */
  nano:
    | { state: 'loading'; progress: ModelProgress }
    | { state: 'ready'; runsOn: RunsOn; milliseconds: number; window: number }
    | { state: 'failed'; message: string }
  own: OwnModel
  /** Where the model lies that `own` stands for. */
  ownSource: ModelSource | null
  nanoSource: ModelSource
  /** Loads the embedded model, so that the first Run does not wait for it. Never rejects. */
  warmUp(): Promise<void>
  /** Another worker stands in for a lost one: it is to have the embedded model if that one had it, and is not to blame for what the lost one did not do. */
  restarted(): Promise<void>
  /** Reads what a model is and needs. Never rejects. */
  look(source: ModelSource): Promise<void>
  /** Loads the model that was looked at. Never rejects. */
  loadOwn(): Promise<void>
  /** Makes a model the one that `own` stands for: it is loaded when it is first asked. null: none. */
  choose(source: ModelSource | null): void
  /** What the loaded model thinks of given tokens. */
  inspect(source: ModelSource, conversation: ChatMessage[], ids: number[]): Promise<TokenView[]>
}

export type ModelStore = StoreApi<ModelState>

const alternativesShown = 5

const chosenKey = 'agemem.model'
const keptSchema = z.object({ kind: z.literal('kept'), name: z.string().min(1).max(200), key: z.string().regex(/^\w[\w.-]{0,120}$/) })

/** The model that was chosen last in this browser, where its weights are kept here. */
function rememberedModel(remembered: Remembered): ModelSource | null {
  try {
    const read = fit(keptSchema, JSON.parse(remembered.get(chosenKey) ?? 'null'))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** @param base address of the page, beside which the embedded model lies */
export function createModelStore(backend: Backend, base: string, remembered: Remembered): ModelStore {
  const nanoSource: ModelSource = { kind: 'url', name: 'nano', url: new URL('models/nano/', base).href, files: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'] }
  let warm = false
  return createStore<ModelState>((set, get) => ({
    nano: { state: 'loading', progress: { doing: { step: 'starting' }, share: 0 } },
    own: { state: 'none' },
    ownSource: rememberedModel(remembered),
    nanoSource,
    async warmUp() {
      warm = true
      try {
        const { runsOn, milliseconds, window } = await backend.model().load(nanoSource, (progress) => { set({ nano: { state: 'loading', progress } }) })
        set({ nano: { state: 'ready', runsOn, milliseconds, window } })
      } catch (error) {
        set({ nano: { state: 'failed', message: messageOf(error) } })
      }
    },
    async restarted() {
      const { own } = get()
      if (own.state === 'failed' && isOfLostWorker(own.message)) set({ own: { state: 'none' } })
      if (warm) await get().warmUp()
    },
    async look(source) {
      set({ own: { state: 'looking' } })
      try {
        set({ own: { state: 'planned', source, needs: await backend.model().plan(source) } })
      } catch (error) {
        set({ own: { state: 'failed', message: messageOf(error) } })
      }
    },
    async loadOwn() {
      const { own } = get()
      if (own.state !== 'planned') return
      const { source } = own
      set({ own: { state: 'loading', source, progress: { doing: { step: 'starting' }, share: 0 } } })
      try {
        const info = await backend.model().load(source, (progress) => { set({ own: { state: 'loading', source, progress } }) })
        set({ ownSource: source, own: { state: 'ready', source, window: info.window, parameters: info.parameters, runsOn: info.runsOn } })
      } catch (error) {
        set({ own: { state: 'failed', message: messageOf(error) } })
      }
    },
    choose(source) {
      set(({ own }) => ({ ownSource: source, own: source !== null && own.state === 'ready' && own.source.name === source.name ? own : { state: 'none' } }))
      if (source === null || source.kind === 'kept') remembered.set(chosenKey, JSON.stringify(source))
    },
    async inspect(source, conversation, ids) {
      // Another model may have been loaded meanwhile; one that is there answers at once.
      const at = source.kind === 'webllm' ? backend.webllm().live : backend.model()
      await at.load(source, () => undefined)
      return at.inspect(conversation, ids, alternativesShown)
    },
  }))
}
