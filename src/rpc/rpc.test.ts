// Calls between two ends of a MessageChannel. That a worker's death is noticed needs a browser: see e2e/.
import * as Comlink from 'comlink'
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { describeMemoryStore, metadata } from '../core/memory/store.contract.test-suite.ts'
import { MemoryNotFoundError, type MemoryStore } from '../core/memory/store.ts'
import { connect, type Connection } from './connect.ts'
import type { LabApi, MemoryApi } from './contracts.ts'
import { expose, type Served } from './expose.ts'
import { isOfLostWorker, WorkerLostError } from './worker-lost-error.ts'

interface Counter {
  store: MemoryStore
  deep: { er: { add(a: number, b: number): Promise<number> } }
  increment(): Promise<number>
  countTo(n: number, onCount: (i: number) => void): Promise<string>
  watch(listener: (value: number) => void): Promise<void>
  fail(kind: 'not-found' | 'abort' | 'string' | 'unclonable'): Promise<unknown>
  never(): Promise<void>
  blobSize(blob: Blob): Promise<number>
}

class LocalCounter implements Counter {
  readonly store = new InMemoryStore(new HashEmbedder())
  readonly deep = { er: { add: async (a: number, b: number) => Promise.resolve(a + b) } }
  #value = 0
  readonly #listeners: ((value: number) => void)[] = []

  async increment(): Promise<number> {
    this.#value++
    for (const listener of this.#listeners) listener(this.#value)
    return Promise.resolve(this.#value)
  }
  async countTo(n: number, onCount: (i: number) => void): Promise<string> {
    for (let i = 1; i <= n; i++) onCount(i)
    return Promise.resolve('done')
  }
  async watch(listener: (value: number) => void): Promise<void> {
    this.#listeners.push(listener)
    listener(this.#value)
    return Promise.resolve()
  }
  async fail(kind: 'not-found' | 'abort' | 'string' | 'unclonable'): Promise<unknown> {
    switch (kind) {
      case 'not-found':
        throw new MemoryNotFoundError('m7')
      case 'abort':
        throw new DOMException('Stopped by the user.', 'AbortError')
      case 'string':
        return Promise.reject('plain words')
      case 'unclonable':
        return Promise.resolve({ f: () => 1 })
    }
  }
  never(): Promise<void> {
    return new Promise(() => undefined)
  }
  async blobSize(blob: Blob): Promise<number> {
    return Promise.resolve(blob.size)
  }
}

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

function channel(): { near: MessagePort; far: MessagePort } {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  return { near: port1, far: port2 }
}

function linked(): Connection<Counter> & { far: MessagePort } {
  const { near, far } = channel()
  expose<Counter>(new LocalCounter(), far)
  return { ...connect<Counter>(near, 'counter'), far }
}

describeMemoryStore('A store on the other side of a port', async () => Promise.resolve(linked().api.store))

describe('calls across a port', () => {
  it('have the types of the interface itself', () => {
    expectTypeOf(linked).returns.toHaveProperty('api').toEqualTypeOf<Counter>()
    expectTypeOf<MemoryApi>().toExtend<Served<MemoryApi>>()
    expectTypeOf<LabApi>().toExtend<Served<LabApi>>()
    // A function that answers at once cannot be called from afar.
    expectTypeOf<{ now(): number }>().not.toExtend<Served<{ now(): number }>>()
  })

  it('reach methods with their private state, and nested objects', async () => {
    const { api } = linked()
    expect([await api.increment(), await api.increment()]).toEqual([1, 2])
    expect(await api.deep.er.add(2, 3)).toBe(5)
    await api.store.add('s', 'Mira Voss lives in Oslem.', metadata())
    expect((await api.store.search('s', 'Mira Voss', { topK: 1 }))[0]?.id).toBe('m1')
    expect(await api.blobSize(new Blob(['four']))).toBe(4)
  })

  it('give the same object for the same path, which is no promise', async () => {
    const { api } = linked()
    expect(api.store).toBe(api.store)
    const nested = await Promise.resolve(api.store)
    expect(await nested.list('s')).toEqual([])
    expect(await (await Promise.resolve(api)).increment()).toBe(1)
  })

  it('are served side by side', async () => {
    const { api } = linked()
    void api.never().catch(() => undefined)
    expect(await Promise.all([api.increment(), api.deep.er.add(1, 1), api.increment()])).toEqual([1, 2, 2])
  })

  it('keep the name and the message of errors', async () => {
    const { api } = linked()
    await expect(api.fail('not-found')).rejects.toMatchObject({ name: 'MemoryNotFoundError', message: 'There is no memory m7. Use an id that a retrieval returned.' })
    await expect(api.fail('not-found')).rejects.toBeInstanceOf(Error)
    await expect(api.fail('abort')).rejects.toMatchObject({ name: 'AbortError', message: 'Stopped by the user.' })
    await expect(api.fail('string')).rejects.toBe('plain words')
    await expect(api.fail('unclonable')).rejects.toMatchObject({ name: 'TypeError', message: 'Unserializable return value' })
    await expect(api.store.get('s', 'm1')).rejects.toMatchObject({ name: 'MemoryNotFoundError' })
  })

  it('reject arguments that cannot be sent, and go on', async () => {
    const { api } = linked()
    await expect(api.store.add('s', 'x', metadata({ extra: { f: () => 1 } }))).rejects.toMatchObject({ name: 'DataCloneError' })
    expect(await api.increment()).toBe(1)
  })

  it('take callbacks, and hear all of them before the result', async () => {
    const { api } = linked()
    const heard: (number | string)[] = []
    heard.push(await api.countTo(50, (i) => heard.push(i)))
    expect(heard).toEqual([...Array.from({ length: 50 }, (_, i) => i + 1), 'done'])
  })

  it('are answered when the other side has had what was said, however late that is', async () => {
    const { near, far } = channel()
    expose<Counter>(new LocalCounter(), far)
    const heard: number[] = []
    const slow = async (i: number) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      heard.push(i)
    }
    // Comlink itself on this side: it acknowledges a message when the callback is done.
    await Comlink.wrap<Counter>(near).countTo(3, Comlink.proxy((i: number) => slow(i)))
    expect(heard).toEqual([1, 2, 3])
  })

  it('hear callbacks long after the call', async () => {
    const { api } = linked()
    const heard: number[] = []
    let toldTwice: () => void = () => undefined
    const twice = new Promise<void>((resolve) => (toldTwice = resolve))
    await api.watch((value) => {
      heard.push(value)
      if (value === 2) toldTwice()
    })
    await api.increment()
    await api.increment()
    await twice
    expect(heard).toEqual([0, 1, 2])
  })
})

describe('a side that goes away', () => {
  it('rejects pending and later calls with a WorkerLostError, and tells so once', async () => {
    const { api, lost, far } = linked()
    const pending = [api.never(), api.never()].map((call) => call.catch((error: unknown) => error))
    await api.increment()
    far.close()
    const error = await lost
    expect(error).toBeInstanceOf(WorkerLostError)
    expect(error.message).toBe('The counter worker is gone: it has stopped. What was stored is kept; what it was doing is lost. Restart it.')
    expect(isOfLostWorker(`It was not saved. ${error.message}`)).toBe(true)
    expect(isOfLostWorker('It was not saved. The disk is full.')).toBe(false)
    expect(await Promise.all(pending)).toEqual([error, error])
    await expect(api.store.list('s')).rejects.toBe(error)
  })

  it('is let go by close, without being lost', async () => {
    const { api, lost, close } = linked()
    const pending = api.never()
    close()
    await expect(pending).rejects.toMatchObject({ name: 'WorkerLostError', worker: 'counter' })
    await expect(api.increment()).rejects.toThrow('its connection was closed')
    expect(await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 50, 'not lost'))])).toBe('not lost')
  })

  it('does not take another connection to the same object with it', async () => {
    const counter = new LocalCounter()
    const [a, b] = [channel(), channel()]
    expose<Counter>(counter, a.far)
    expose<Counter>(counter, b.far)
    const first = connect<Counter>(a.near, 'counter')
    const second = connect<Counter>(b.near, 'counter')
    await first.api.increment()
    first.close()
    expect(await second.api.increment()).toBe(2)
  })
})
