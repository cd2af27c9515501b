// A worker that was made and is never asked for anything, over ports that behave as a browser's: what comes in waits until
// the port is started. Node's start by themselves as soon as somebody listens.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect } from './connect.ts'
import { expose } from './expose.ts'
import { spawn } from './spawn.ts'

interface Api {
  double(n: number): Promise<number>
}

const api: Api = { double: (n) => Promise.resolve(2 * n) }

/** One end of a channel, as the HTML standard has it. */
class BrowserPort extends EventTarget {
  other: BrowserPort | null = null
  readonly #waiting: unknown[] = []
  #started = false

  postMessage(data: unknown): void {
    this.other?.take(data)
  }
  start(): void {
    this.#started = true
    for (const data of this.#waiting.splice(0)) this.#deliver(data)
  }
  close(): void {
    this.other = null
  }
  take(data: unknown): void {
    if (this.#started) this.#deliver(data)
    else this.#waiting.push(data)
  }
  #deliver(data: unknown): void {
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }
}

class BrowserChannel {
  readonly port1 = new BrowserPort()
  readonly port2 = new BrowserPort()
  constructor() {
    this.port1.other = this.port2
    this.port2.other = this.port1
  }
}

/** What was made of the script: it takes the ports that it is sent, and serves them unless it is broken. */
class BrowserWorker extends EventTarget {
  terminated = false
  readonly onmessage = null
  readonly onmessageerror = null
  readonly onerror = null
  readonly #serves: boolean
  constructor(serves: boolean) {
    super()
    this.#serves = serves
  }
  postMessage(data: unknown): void {
    const port: unknown = typeof data === 'object' && data !== null && 'port' in data ? data.port : null
    if (this.#serves && isPort(port)) expose<Api>(api, port)
  }
  terminate(): void {
    this.terminated = true
  }
}

function isPort(value: unknown): value is MessagePort {
  return value instanceof BrowserPort
}

const limit = 30_000

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('MessageChannel', BrowserChannel)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function started(serves: boolean, given?: number) {
  const worker = new BrowserWorker(serves)
  const { lost, api: remote } = spawn<Api>(worker, 'lab', undefined, given)
  const heard: string[] = []
  void lost.then(({ message }) => heard.push(message))
  return { worker, heard, remote }
}

describe('a worker that nobody asks for anything', () => {
  it('is not given up when the time to start has passed', async () => {
    const { worker, heard, remote } = started(true)
    await vi.advanceTimersByTimeAsync(10 * limit)
    expect(heard).toEqual([])
    expect(worker.terminated).toBe(false)
    const asked = remote.double(4)
    await vi.advanceTimersByTimeAsync(10)
    expect(await asked).toBe(8)
  })

  it('is given up when it did not begin to serve in time', async () => {
    const { worker, heard } = started(false, 2000)
    await vi.advanceTimersByTimeAsync(1900)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(heard).toEqual(['The lab worker is gone: it did not start within 2 seconds. What was stored is kept; what it was doing is lost. Restart it.'])
    expect(worker.terminated).toBe(true)
  })

  it('is heard over a port that another worker holds and does not use yet', async () => {
    const { port1, port2 } = new MessageChannel()
    const told = vi.fn()
    port1.addEventListener('message', told)
    connect<Api>(port1, 'memory')
    expose<Api>(api, port2)
    await vi.advanceTimersByTimeAsync(10)
    expect(told).toHaveBeenCalledOnce()
  })
})
