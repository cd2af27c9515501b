// A language model small enough to follow by hand: the next token depends on the last one alone, through a table of
// logits that is trained by plain gradient descent. Real sampling, real gradients. Only tests import it.
import type { Generation } from '../record/trajectory.ts'
import { streamOf } from '../policy/ask.ts'
import type { ChatMessage, GenerateRequest, ReplyStream, StreamOptions } from '../policy/policy.ts'
import type { AdapterState, ChatEncoder, Trainable, TrainingSetup, UpdateReport, UpdateSettings } from '../policy/trainable.ts'
import { createRandom } from '../random.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import type { TrainSequence } from '../policy/sequence.ts'
import { PromptThreads } from '../policy/thread.ts'

const call = (name: string, args: Record<string, unknown>) => formatReply('', { calls: [{ name, arguments: args }] }).slice('<think></think>'.length)

/** The mark before a reply, and the one behind it. */
export const assistantMark = '«assistant»'
export const endMark = '«end»'

/** What the model can say, by id: a thought, then an action; or a reply that is none. Ids of other characters follow. */
export const said = [
  endMark,
  '<think>a</think>',
  '<think>b</think>',
  '<answer>I do not know.</answer>',
  call('Add_memory', { content: 'Mira Voss lives in Oslem.' }),
  call('Retrieve_memory', { query: 'Who lives where?' }),
  call('Filter_context', { criteria: 'Mira Voss lives in Oslem. Someone works somewhere.' }),
  call('Summary_context', { span: 'all' }),
  'Well.',
] as const
const end = 0
/** Marks and characters of the environment: never sampled. */
const others = said.length

/** One mark a message and a closing one behind replies; marks are «…», all else goes by character. */
export const tableEncoder: ChatEncoder = {
  chat: (messages: readonly ChatMessage[]) => messages.map(({ role, content }) => `«${role}»${content}${role === 'assistant' ? endMark : ''}`).join('') + assistantMark,
  reply: (text) => text,
  encode: (text) =>
    [...text.matchAll(/«(\w+)»|[^]/g)].map(([piece, mark]) => {
      if (piece === endMark) return end
      const marks = ['system', 'user', 'assistant', 'tool']
      return mark === undefined ? others + marks.length + piece.charCodeAt(0) : others + marks.indexOf(mark)
    }),
  ends: new Map([[end, endMark]]),
}

/** Which tokens may follow: rows of the table are the last token, thought or mark. */
const afterThought = [3, 4, 5, 6, 7]
const mark = others + 2

export type Table = Map<number, number[]>

/** Logits of the untrained model. */
export function freshTable(): Table {
  const row = (allowed: readonly number[]) => said.map((_, id) => (allowed.includes(id) ? 0 : -Infinity))
  // Most replies begin with a thought; «Well.» breaks the protocol and needs an end.
  const first = row([1, 2, 8])
  first[8] = -3
  return new Map([
    [mark, first],
    [1, row(afterThought)],
    [2, row(afterThought)],
    [8, row([end])],
    ...afterThought.map((id): [number, number[]] => [id, row([end])]),
  ])
}

export function logSoftmax(logits: readonly number[]): number[] {
  const norm = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0))
  return logits.map((x) => x - norm)
}

/** The request and the prompt's ids that it was served with, as a test wants to see them. */
export interface Served {
  request: GenerateRequest
  prompt: number[]
  generation: Generation
}

export class TableModel implements Trainable {
  readonly name = 'table'
  readonly encoder = tableEncoder
  readonly counter = { name: 'characters', count: (text: string) => Math.ceil(text.length / 4) }
  readonly window: number
  readonly served: Served[] = []
  readonly updates: { sequences: readonly TrainSequence[]; settings: UpdateSettings }[] = []
  /** Kept in single precision, as states are. */
  table = freshTable()
  #setup: TrainingSetup | null = null
  #steps = 0
  readonly #threads = new PromptThreads(tableEncoder, 1024)

  constructor(window = 100_000) {
    this.window = window
  }

  open(options: StreamOptions): ReplyStream {
    return streamOf((request) => this.#reply(request, options), options)
  }

  #reply(request: GenerateRequest, { temperature, maxTokens }: StreamOptions): Generation {
    const prompt = this.#threads.prompt(request)
    const random = createRandom(request.seed)
    const [ids, logprobs]: [number[], number[]] = [[], []]
    let [text, last, finish]: [string, number, Generation['finish']] = ['', prompt.at(-1) ?? 0, 'length']
    while (ids.length < maxTokens && finish === 'length') {
      const logps = this.logps(last)
      let left = random.next()
      const shaped = logSoftmax((this.table.get(last) ?? []).map((x) => x / temperature))
      last = Math.max(0, shaped.findIndex((logp) => (left -= Math.exp(logp)) < 0))
      ids.push(last)
      logprobs.push(logps[last] ?? NaN)
      if (last === end) finish = 'stop'
      else text += said[last] ?? ''
      if (request.stop.some((each) => text.endsWith(each))) finish = 'stop'
    }
    this.#threads.reply(request, ids, text)
    const generation = { text, tokens: ids.length, token_ids: ids, logprobs, finish }
    this.served.push({ request, prompt, generation })
    return generation
  }

  /** log π of each token after this one. */
  logps(last: number, table = this.table): number[] {
    return logSoftmax(table.get(last) ?? [])
  }

  beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    this.#setup = setup
    this.#steps = saved?.step ?? 0
    this.table = freshTable()
    for (const [key, row] of saved?.parameters ?? []) this.table.set(Number(key), [...row])
    return Promise.resolve()
  }

  endTraining(): Promise<void> {
    this.#setup = null
    this.table = freshTable()
    return Promise.resolve()
  }

  score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    const table = of === 'policy' ? this.table : freshTable()
    return Promise.resolve(sequences.map(({ ids, targets }) => Float32Array.from(targets, ({ index }) => this.logps(ids[index - 1] ?? 0, table)[ids[index] ?? 0] ?? NaN)))
  }

  /** θ ← θ − lr · ∂/∂θ Σ w (−ρA + β k2), with ∂ log π(y|x)/∂θ[x][j] = [j = y] − π(j|x). */
  update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    if (!this.#setup) return Promise.reject(new Error('Not in training.'))
    this.updates.push({ sequences, settings })
    const gradient = new Map([...this.table].map(([last, row]) => [last, row.map(() => 0)]))
    const sums = { loss: 0, policy: 0, kl: 0, ratio: 0, entropy: 0, tokens: 0 }
    for (const { ids, targets } of sequences) {
      for (const { index, weight, oldLogp = NaN, refLogp = NaN, advantage = NaN } of targets) {
        const [last, next] = [ids[index - 1] ?? 0, ids[index] ?? 0]
        const logps = this.logps(last)
        const logp = logps[next] ?? NaN
        const ratio = Math.exp(logp - oldLogp)
        const pull = weight * (-ratio * advantage + settings.beta * (logp - refLogp))
        const row = gradient.get(last) ?? []
        for (const [j, each] of logps.entries()) row[j] = (row[j] ?? 0) + pull * ((j === next ? 1 : 0) - Math.exp(each))
        sums.loss += weight * (-ratio * advantage + (settings.beta * (logp - refLogp) ** 2) / 2)
        sums.policy -= ratio * advantage
        sums.kl += (logp - refLogp) ** 2 / 2
        sums.ratio += ratio
        sums.entropy -= logps.reduce((sum, each) => sum + (each === -Infinity ? 0 : Math.exp(each) * each), 0)
        sums.tokens++
      }
    }
    const norm = Math.sqrt([...gradient.values()].flat().reduce((sum, g) => sum + g * g, 0))
    const applied = Number.isFinite(norm) && Number.isFinite(sums.loss)
    if (applied) {
      const scale = settings.learningRate * Math.min(1, settings.maxNorm / norm)
      this.table = new Map([...this.table].map(([last, row]) => [last, row.map((x, j) => Math.fround(x - scale * (gradient.get(last)?.[j] ?? 0)))]))
      this.#steps++
    }
    const mean = (sum: number) => sum / sums.tokens
    return Promise.resolve({
      loss: sums.loss,
      grad_norm: norm,
      surrogate_loss: mean(sums.policy),
      kl: mean(sums.kl),
      clip_ratio: 0,
      entropy: mean(sums.entropy),
      mean_ratio: mean(sums.ratio),
      tokens: sums.tokens,
      padded_tokens: sequences.reduce((sum, { ids }) => sum + ids.length, 0),
      applied,
    })
  }

  adapterState(): Promise<AdapterState> {
    const parameters = new Map([...this.table].map(([last, row]) => [String(last), Float32Array.from(row)]))
    return Promise.resolve({ step: this.#steps, parameters, first: new Map(), second: new Map() })
  }
}
