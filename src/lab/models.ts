// Which workers a model works in: the page's model worker alone, or for work on many episodes replicas of it in
// workers with a thread each, where that is faster. Owns the replicas; knows nothing of what is played or trained.
import type { ModelInfo, ModelProgress, ModelSource } from '../core/policy/model.ts'
import type { AdapterTensors } from '../core/policy/trainable.ts'
import type { ModelApi } from '../rpc/contracts.ts'
import type { LiveApi } from '../rpc/live.ts'
import type { Spawned } from '../rpc/spawn.ts'
import { RemoteModel, type EncodingOf, type LabModel } from './remote-model.ts'
import { ReplicatedModel } from './replicated-model.ts'

export type Replica = Pick<Spawned<ModelApi>, 'api' | 'lost' | 'terminate'>

/** Workers that may be started beside the page's model worker. */
export interface ReplicaParts {
  /** As many as run side by side here. */
  count: number
  start: () => Replica
}

interface ModelParts {
  /** The model worker that is connected now. */
  model: () => Promise<ModelApi>
  /** The part of the WebLLM worker that learns; left out: none does here. */
  live?: () => Promise<LiveApi>
  encodingOf: EncodingOf
  /** Left out: there are none. */
  replicas?: ReplicaParts
}

export interface Models {
  /** The model in the page's model worker, or in that of WebLLM. @param first what it will be asked to sample with. @throws with what is missing, damaged or too large */
  one(source: ModelSource, onProgress: (progress: ModelProgress) => void, first?: AdapterTensors | null): Promise<RemoteModel>
  /** The model for work on many episodes. Replicas are started when they are first of use. @throws as one() does */
  forMany(source: ModelSource, onProgress: (progress: ModelProgress) => void): Promise<LabModel>
}

/** Bytes of float32 weights: each replica has its own, and what is larger has matrices that threads are of use for. */
const largest = 64 * 2 ** 20
/** After so many failures to start in a row no replicas are tried any more. */
const attempts = 2

const isSmall = ({ processor, parameters }: ModelInfo) => processor === 'cpu' && 4 * parameters <= largest

const noLive = () => Promise.reject(new Error('There is no worker here in which a model of WebLLM could learn.'))

export function createModels({ model, live = noLive, encodingOf, replicas }: ModelParts): Models {
  let present: Replica[] | null = null
  /** Beside one that was lost. */
  let leftOver: Replica[] = []
  let failures = 0

  function dismiss(): void {
    for (const replica of present ?? []) replica.terminate()
    present = null
  }

  function running({ count, start }: ReplicaParts): readonly Replica[] {
    if (present) return present
    for (const replica of leftOver) replica.terminate()
    leftOver = []
    const started = Array.from({ length: count }, start)
    present = started
    for (const { lost } of started) {
      void lost.then(() => {
        if (present !== started) return
        present = null
        // Not ended yet: what they have under way fails with the words of the lost one, not with those of their own end.
        leftOver = started
      })
    }
    return started
  }

  const one: Models['one'] = async (source, onProgress, first) => RemoteModel.load(await (source.kind === 'webllm' ? live() : model()), source, encodingOf, onProgress, first)

  return {
    one,
    async forMany(source, onProgress) {
      const lead = await one(source, onProgress)
      if (!replicas || replicas.count < 2 || failures >= attempts) return lead
      if (!isSmall(lead.info)) {
        dismiss()
        return lead
      }
      const { encoder, counter, texts } = lead
      try {
        const loading = running(replicas).map(({ api }) =>
          RemoteModel.load(api, source, () => ({ encoder, counter, texts }), ({ share }) => { onProgress({ doing: { step: 'further-workers' }, share }) }),
        )
        const loaded = await Promise.all(loading)
        failures = 0
        return new ReplicatedModel(loaded)
      } catch {
        // As on a machine with one core: slower, with the same results.
        failures++
        dismiss()
        return lead
      }
    },
  }
}
