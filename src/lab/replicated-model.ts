// Copies of one model, each in a worker with a thread of its own, as one model: requests are dealt among them, an update
// is made in shards. How many there are changes nothing but the rounding of log-probabilities. Knows no worker: its replicas
// are models elsewhere.
import type { TrainSequence } from '../core/policy/sequence.ts'
import { scoreInShards, updateInShards } from '../core/training/shards.ts'
import type { Answered, Asked, GenerateRequest, ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import type { AdapterState, AdapterTensors, ChatEncoder, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import type { LabModel, RemoteModel } from './remote-model.ts'

/** Threads whose replica is remembered; those of before are over. */
const remembered = 1024

/** Which replica has a thread: it keeps it, since the keys and values of its conversation lie there. */
class Dealing {
  readonly #count: number
  readonly #replicas = new Map<string, number>()
  #next = 0

  constructor(count: number) {
    this.#count = count
  }

  replicaOf({ thread }: GenerateRequest): number {
    const replica = this.#replicas.get(thread) ?? this.#next++ % this.#count
    // The newest last.
    this.#replicas.delete(thread)
    this.#replicas.set(thread, replica)
    for (const oldest of this.#replicas.keys()) {
      if (this.#replicas.size <= remembered) break
      this.#replicas.delete(oldest)
    }
    return replica
  }
}

export class ReplicatedModel implements LabModel {
  readonly name: string
  readonly window: number
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly texts: (ids: readonly number[]) => string[]
  readonly #replicas: readonly RemoteModel[]
  readonly #first: RemoteModel
  #batching: TrainingSetup['batching'] | null = null

  /** @param replicas all with the same model, base weights alone in use. @throws RangeError without any */
  constructor(replicas: readonly RemoteModel[]) {
    const [first] = replicas
    if (!first) throw new RangeError('A replicated model needs a replica.')
    this.#replicas = replicas
    this.#first = first
    this.name = first.name
    this.window = first.window
    this.encoder = first.encoder
    this.counter = first.counter
    this.texts = first.texts
  }

  get failure(): unknown {
    return this.#replicas.map(({ failure }) => failure).find((failure) => failure !== null) ?? null
  }

  open(options: StreamOptions): ReplyStream {
    return new ReplicatedStream(this.#replicas.map((replica) => replica.open(options)))
  }

  async useAdapter(adapter: AdapterTensors | null): Promise<void> {
    await this.#all((replica) => replica.useAdapter(adapter))
  }

  async beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    this.#batching = setup.batching
    await this.#all((replica) => replica.beginTraining(setup, saved))
  }

  async endTraining(): Promise<void> {
    this.#batching = null
    await this.#all((replica) => replica.endTraining())
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return scoreInShards(this.#replicas, sequences, this.#batchingNow(), (replica, shard) => replica.score(shard, of))
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    return updateInShards(this.#replicas, sequences, this.#batchingNow(), settings)
  }

  adapterState(): Promise<AdapterState> {
    return this.#first.adapterState()
  }

  #batchingNow(): TrainingSetup['batching'] {
    if (!this.#batching) throw new Error('The model is not being trained: begin a training first.')
    return this.#batching
  }

  /** Also where one fails, the others have done it when this ends. @throws the first failure */
  async #all(work: (replica: RemoteModel) => Promise<void>): Promise<void> {
    const failed = (await Promise.allSettled(this.#replicas.map(work))).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }
}

interface Lane {
  stream: ReplyStream
  /** Not yet given to the replica. */
  waiting: Asked[]
  /** Given and not answered. */
  open: number
  /** Its call that is under way; never rejects. */
  call: Promise<void> | null
  /** Not yet handed on: whoever is answered may ask again. */
  answered: Answered[]
}

/**
 * One call a replica at a time. The next one waits for what those that were answered ask next, so that which rows a replica
 * works on together follows from the requests alone, and not from how fast the others are.
 */
class ReplicatedStream implements ReplyStream {
  readonly #lanes: Lane[]
  readonly #dealing: Dealing
  #failure: { error: unknown } | null = null

  constructor(streams: readonly ReplyStream[]) {
    this.#lanes = streams.map((stream) => ({ stream, waiting: [], open: 0, call: null, answered: [] }))
    this.#dealing = new Dealing(streams.length)
  }

  /** Ends as soon as any replica has answered; the others go on. */
  async serve(asked: readonly Asked[]): Promise<Answered[]> {
    for (const each of asked) this.#lanes[this.#dealing.replicaOf(each.request)]?.waiting.push(each)
    for (const lane of this.#lanes) if (!lane.call && lane.answered.length === 0 && lane.waiting.length + lane.open > 0) lane.call = this.#serve(lane)
    while (this.#lanes.every(({ answered }) => answered.length === 0) && !this.#failure) {
      const calls = this.#lanes.flatMap(({ call }) => call ?? [])
      if (calls.length === 0) break
      await Promise.race(calls)
    }
    if (this.#failure) throw this.#failure.error
    return this.#lanes.flatMap(({ answered }) => answered.splice(0))
  }

  async #serve(lane: Lane): Promise<void> {
    const asked = lane.waiting.splice(0)
    lane.open += asked.length
    try {
      const answered = await lane.stream.serve(asked)
      lane.open -= answered.length
      lane.answered.push(...answered)
    } catch (error) {
      this.#failure ??= { error }
    } finally {
      lane.call = null
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ stream }) => stream.close()))
  }
}
