// The serving side of a port: answers calls of another thread on an object of this one.
import * as Comlink from 'comlink'
import { announceLife } from './life.ts'

/**
 * An interface that can be called across threads: every function returns a promise, in nested objects too.
 * Parameters and results are copied; functions among the parameters themselves are one-way callbacks.
 */
export type Served<T> = {
  [K in keyof T]: T[K] extends (...args: infer _) => infer R ? (R extends Promise<unknown> ? T[K] : never) : T[K] extends object ? Served<T[K]> : never
}

type Callable = (...args: unknown[]) => unknown

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/**
 * Runs one call so that what it says through callbacks arrives before its result: they travel on ports of their
 * own, which promise no order between them.
 */
async function callInOrder(method: Callable, self: object, args: readonly unknown[]): Promise<unknown> {
  const underway = new Set<Promise<unknown>>()
  const failures: unknown[] = []
  let returned = false
  const given = args.map((arg) => {
    if (!isCallable(arg)) return arg
    return (...said: unknown[]) => {
      // The other side keeps its own errors, so that a failure here is a message that cannot be sent.
      const delivery: Promise<unknown> = Promise.resolve(arg(...said))
        .catch((error: unknown) => {
          if (returned) throw error
          failures.push(error)
        })
        .finally(() => underway.delete(delivery))
      underway.add(delivery)
    }
  })
  try {
    const result: unknown = await Reflect.apply(method, self, given)
    await Promise.all(underway)
    if (failures.length > 0) throw failures[0]
    return result
  } finally {
    await Promise.all(underway)
    returned = true
  }
}

/** The object as Comlink may see it: its methods keep their `this`, private fields included. */
function servedForm<T extends object>(api: T): T {
  return new Proxy(api, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (isCallable(value)) return (...args: unknown[]) => callInOrder(value, target, args)
      return isObject(value) ? servedForm(value) : value
    },
  })
}

/** Answers the calls that come over the port, until this thread or the other side ends. */
export function expose<Api extends Served<Api> & object>(api: Api, port: MessagePort): void {
  Comlink.expose(servedForm(api), port)
  void announceLife(port)
}
