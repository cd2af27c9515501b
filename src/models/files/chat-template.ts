// A model's chat template, somebody's program: run with a limit on steps and sizes, and with a clock that stands still,
// so that the same conversation is the same prompt on any day. Knows no tokens.
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'
import { clockStart } from '../../core/episode/recorder.ts'

/** Characters of a template at most; the longest in use have some 20,000. */
const longestTemplate = 500_000
/** Milliseconds that one conversation may take, looked at after so many nodes; a thousand messages need a tenth of it. */
const patience = 3_000
const lookEvery = 64
/** Elements of a list, and the largest whole number that is counted with. */
const longestList = 100_000
const largestNumber = 10_000_000
/** Characters of a text beyond what the conversation has: templates repeat it, but not many times. */
const spareText = 4_000_000

/** Thrown when a template does more than any conversation needs. */
export class TemplateLimitError extends Error {
  override readonly name = 'TemplateLimitError'
}

type Values = Record<string, unknown>
type Evaluate = Interpreter['evaluate']

class LimitedInterpreter extends Interpreter {
  #steps = 0
  readonly #longestText: number
  readonly #now: () => number
  readonly #until: number

  constructor(environment: Environment, longestText: number, now: () => number) {
    super(environment)
    this.#longestText = longestText
    this.#now = now
    this.#until = now() + patience
  }

  override evaluate(...args: Parameters<Evaluate>): ReturnType<Evaluate> {
    if (++this.#steps % lookEvery === 0 && this.#now() > this.#until) throw new TemplateLimitError(`The chat template was stopped after ${patience / 1000} seconds: it may not come to an end.`)
    const result = super.evaluate(...args)
    const value: unknown = result.value
    if (typeof value === 'string' && value.length > this.#longestText) throw new TemplateLimitError(`The chat template makes a text of ${value.length.toLocaleString('en')} characters of this conversation.`)
    if (Array.isArray(value) && value.length > longestList) throw new TemplateLimitError(`The chat template makes a list of ${value.length.toLocaleString('en')} elements.`)
    if (typeof value === 'number' && Math.abs(value) > largestNumber) throw new TemplateLimitError(`The chat template counts with ${value}; ${largestNumber.toLocaleString('en')} is the limit.`)
    return result
  }
}

function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  const length = Math.max(0, Math.ceil((to - from) / step))
  if (!(length <= longestList)) throw new TemplateLimitError(`The chat template asks for a range of ${length.toLocaleString('en')} numbers; ${longestList.toLocaleString('en')} is the limit.`)
  return Array.from({ length }, (_, i) => from + i * step)
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The day on which every episode takes place. */
function strftimeNow(format: string): string {
  const date = new Date(clockStart)
  const two = (n: number) => String(n).padStart(2, '0')
  const month = months[date.getUTCMonth()] ?? ''
  const day = days[date.getUTCDay()] ?? ''
  const said: Record<string, string> = {
    Y: String(date.getUTCFullYear()), m: two(date.getUTCMonth() + 1), d: two(date.getUTCDate()), B: month, b: month.slice(0, 3),
    A: day, a: day.slice(0, 3), H: two(date.getUTCHours()), M: two(date.getUTCMinutes()), S: two(date.getUTCSeconds()), '%': '%',
  }
  return format.replace(/%([a-zA-Z%])/g, (whole, code: string) => said[code] ?? whole)
}

function refuse(message: unknown): never {
  throw new Error(String(message))
}

export class ChatTemplate {
  readonly #program: ReturnType<typeof parse>
  readonly #now: () => number

  /** @param now monotonic, ms. @throws Error when it is no template */
  constructor(source: string, now: () => number) {
    this.#now = now
    if (source.length > longestTemplate) throw new TemplateLimitError(`It has ${source.length.toLocaleString('en')} characters; ${longestTemplate.toLocaleString('en')} is the limit.`)
    this.#program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
  }

  /** @throws Error with the template's own words when it refuses these values, TemplateLimitError */
  render(values: Values & { messages: readonly { content: string }[] }): string {
    const environment = new Environment()
    const globals = { false: false, true: true, none: null, False: false, True: true, None: null, raise_exception: refuse, range, strftime_now: strftimeNow }
    for (const [name, value] of Object.entries({ ...globals, ...values })) environment.set(name, value)
    const given = values.messages.reduce((sum, { content }) => sum + content.length, 0)
    const result: unknown = new LimitedInterpreter(environment, spareText + 2 * given, this.#now).run(this.#program).value
    return String(result)
  }
}
