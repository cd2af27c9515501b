// Copies of one model, each in a worker with a thread of its own, as one model: requests are dealt among them, an update
// is made in shares. How many there are changes nothing but the rounding of log-probabilities. Knows no worker: its members
// are models elsewhere.
import type { TrainSequence } from '../core/policy/sequence.ts'
import { scoreInShares, updateInShares } from '../core/training/shares.ts'
import type { Answered, Asked, GenerateRequest, ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import type { AdapterState, AdapterTensors, ChatEncoder, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import type { LabModel, RemoteModel } from './remote-model.ts'

/** Threads whose member is remembered; those of before are over. */
const remembered = 1024

/** Which member has a thread: it keeps it, since the keys and values of its conversation lie there. */
class Dealing {
  readonly #count: number
  readonly #members = new Map<string, number>()
  #next = 0

  constructor(count: number) {
    this.#count = count
  }

  memberOf({ thread }: GenerateRequest): number {
    const member = this.#members.get(thread) ?? this.#next++ % this.#count
    // The newest last.
    this.#members.delete(thread)
    this.#members.set(thread, member)
    for (const oldest of this.#members.keys()) {
      if (this.#members.size <= remembered) break
      this.#members.delete(oldest)
    }
    return member
  }
}

export class TeamModel implements LabModel {
  readonly name: string
  readonly window: number
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly texts: (ids: readonly number[]) => string[]
  readonly #members: readonly RemoteModel[]
  readonly #first: RemoteModel
  #batching: TrainingSetup['batching'] | null = null

  /** @param members all with the same model, base weights alone in use. @throws RangeError without any */
  constructor(members: readonly RemoteModel[]) {
    const [first] = members
    if (!first) throw new RangeError('A team needs a member.')
    this.#members = members
    this.#first = first
    this.name = first.name
    this.window = first.window
    this.encoder = first.encoder
    this.counter = first.counter
    this.texts = first.texts
  }

  get failure(): unknown {
    return this.#members.map(({ failure }) => failure).find((failure) => failure !== null) ?? null
  }

  open(options: StreamOptions): ReplyStream {
    return new TeamStream(this.#members.map((member) => member.open(options)))
  }

  async useAdapter(adapter: AdapterTensors | null): Promise<void> {
    await this.#all((member) => member.useAdapter(adapter))
  }

  async beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    this.#batching = setup.batching
    await this.#all((member) => member.beginTraining(setup, saved))
  }

  async endTraining(): Promise<void> {
    this.#batching = null
    await this.#all((member) => member.endTraining())
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return scoreInShares(this.#members, sequences, this.#batchingNow(), (member, share) => member.score(share, of))
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    return updateInShares(this.#members, sequences, this.#batchingNow(), settings)
  }

  adapterState(): Promise<AdapterState> {
    return this.#first.adapterState()
  }

  #batchingNow(): TrainingSetup['batching'] {
    if (!this.#batching) throw new Error('The model is not being trained: begin a training first.')
    return this.#batching
  }

  /** Also where one fails, the others have done it when this ends. @throws the first failure */
  async #all(work: (member: RemoteModel) => Promise<void>): Promise<void> {
    const failed = (await Promise.allSettled(this.#members.map(work))).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }
}

interface Lane {
  stream: ReplyStream
  /** Not yet given to the member. */
  waiting: Asked[]
  /** Given and not answered. */
  open: number
  /** Its call that is under way; never rejects. */
  call: Promise<void> | null
  /** Not yet handed on: whoever is answered may ask again. */
  answered: Answered[]
}

/**
 * One call a member at a time. The next one waits for what those that were answered ask next, so that which rows a member
 * works on together follows from the requests alone, and not from how fast the others are.
 */
class TeamStream implements ReplyStream {
  readonly #lanes: Lane[]
  readonly #dealing: Dealing
  #failure: { error: unknown } | null = null

  constructor(streams: readonly ReplyStream[]) {
    this.#lanes = streams.map((stream) => ({ stream, waiting: [], open: 0, call: null, answered: [] }))
    this.#dealing = new Dealing(streams.length)
  }

  /** Ends as soon as any member has answered; the others go on. */
  async serve(asked: readonly Asked[]): Promise<Answered[]> {
    for (const each of asked) this.#lanes[this.#dealing.memberOf(each.request)]?.waiting.push(each)
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
