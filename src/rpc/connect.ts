// The calling side of a port: an object of another thread as if it were here.
import * as Comlink from 'comlink'
import type { Served } from './expose.ts'
import { watchLife } from './life.ts'
import { WorkerLostError } from './worker-lost-error.ts'

export interface Connection<Api> {
  /** Every call is sent to the other side; it rejects with the other side's error (name, message, stack). */
  readonly api: Api
  /** Resolves when the other side is gone; then pending and later calls reject with that error. Never rejects. */
  readonly lost: Promise<WorkerLostError>
  /** Lets the port go. Pending and later calls reject with a WorkerLostError; `lost` stays as it is. */
  close(): void
}

/** For `spawn`, which knows more about the worker than the port tells. */
export interface MonitoredConnection<Api> extends Connection<Api> {
  /** Tells that the other side is gone. Nothing when that was known. */
  lose(reason: string): void
  /** The other side has begun to serve. */
  readonly isAlive: () => boolean
}

type Callable = (...args: unknown[]) => unknown

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

/** A callback as the other side may call it: what it throws is this side's affair. */
function oneWay(callback: Callable): Callable {
  return Comlink.proxy((...args: unknown[]) => {
    try {
      void callback(...args)
    } catch (error) {
      setTimeout(() => { throw error })
    }
  })
}

/** Calls that have not been answered; all can be rejected at once. */
class PendingCalls {
  readonly #rejections = new Set<(error: WorkerLostError) => void>()
  #gone: WorkerLostError | null = null

  get gone(): WorkerLostError | null {
    return this.#gone
  }

  rejectAll(error: WorkerLostError): void {
    this.#gone = error
    for (const reject of this.#rejections) reject(error)
    this.#rejections.clear()
  }

  run(call: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(this.#gone)
        return
      }
      this.#rejections.add(reject)
      Promise.resolve(call())
        .then(resolve, reject)
        .finally(() => this.#rejections.delete(reject))
    })
  }
}

/** The function or object at a path of the other side's object. */
function remoteNode(root: object, path: readonly string[], pending: PendingCalls): object {
  const children = new Map<string, object>()
  const call = (...args: unknown[]) =>
    pending.run(() => {
      let at: unknown = root
      for (const key of path) at = Reflect.get(Object(at), key)
      return isCallable(at) ? at(...args.map((arg) => (isCallable(arg) ? oneWay(arg) : arg))) : undefined
    })
  return new Proxy(call, {
    get(_target, key) {
      // A promise that resolves to a node must not take it for a promise.
      if (typeof key === 'symbol' || key === 'then') return undefined
      const child = children.get(key) ?? remoteNode(root, [...path, key], pending)
      children.set(key, child)
      return child
    },
  })
}

/** See `connect`. */
export function connectMonitored<Api extends Served<Api>>(port: MessagePort, worker: string, remedy?: string): MonitoredConnection<Api> {
  const remote = Comlink.wrap(port)
  const pending = new PendingCalls()
  const root = remoteNode(remote, [], pending)
  let alive = false
  let tell: (error: WorkerLostError) => void = () => undefined
  const lost = new Promise<WorkerLostError>((resolve) => (tell = resolve))
  const lose = (reason: string) => {
    if (pending.gone) return
    unwatch()
    const error = new WorkerLostError(worker, reason, remedy)
    pending.rejectAll(error)
    port.close()
    tell(error)
  }
  const unwatch = watchLife(port, { alive: () => (alive = true), ended: () => { lose('it has stopped') } })
  return {
    // The one place where what is over there gets its type: both sides name the same interface.
    api: new Proxy<Api>(Object.create(null), { get: (_target, key): unknown => Reflect.get(root, key) }),
    lost,
    lose,
    isAlive: () => alive,
    close() {
      if (pending.gone) return
      unwatch()
      pending.rejectAll(new WorkerLostError(worker, 'its connection was closed'))
      remote[Comlink.releaseProxy]()
    },
  }
}

/**
 * The object that the other side exposes on the port.
 * @param worker its name, for errors
 * @param remedy what helps when it is lost; left out: that it is restarted
 */
export function connect<Api extends Served<Api>>(port: MessagePort, worker: string, remedy?: string): Connection<Api> {
  return connectMonitored<Api>(port, worker, remedy)
}
