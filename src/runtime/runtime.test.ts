import { afterAll, describe, expect, it } from 'vitest'
import type { InferenceSession, Tensor } from 'onnxruntime-common'
import * as ort from 'onnxruntime-node'
import { Graph } from '../nn/graph.ts'
import { add } from '../nn/ops/elementwise.ts'
import { toProgram, type Program } from '../nn/program.ts'
import { namedError, RuntimeError } from './errors.ts'
import { floats } from './fixture.ts'
import { isGone } from './garbage.fixture.ts'
import { createNodeRuntime } from './node.ts'
import { createQueue } from './queue.ts'
import { createRuntime, isOnDevice, readFloats, type Value } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

/** y = a + b, of any number of rows. */
function sum(): Program {
  const graph = new Graph('sum')
  graph.output('y', add(graph.input('a', 'float32', ['rows', 2]), graph.input('b', 'float32', [2])))
  return toProgram(graph, '')
}

const a = floats([2, 2], Float32Array.of(1, 2, 3, 4))
const b = floats([2], Float32Array.of(10, 20))

describe('a program', () => {
  it('runs with sizes that are known only then', async () => {
    const program = await runtime.load(sum())
    expect([...(await readFloats(await program.run({ a, b }), 'y'))]).toEqual([11, 22, 13, 24])
    const { y } = await program.run({ a: floats([1, 2], Float32Array.of(0, 0)), b })
    expect(y?.shape).toEqual([1, 2])
    await program.dispose()
  })

  it('holds no values that lay beside it once it is loaded', async () => {
    const load = async () => {
      const graph = new Graph('beside')
      const beside = Float32Array.of(10, 20)
      graph.output('y', add(graph.input('a', 'float32', ['rows', 2]), graph.constant('b', 'float32', [2], beside, true)))
      return { program: await runtime.load(toProgram(graph, '')), beside: new WeakRef(beside.buffer) }
    }
    const { program, beside } = await load()
    expect(await isGone(beside)).toBe(true)
    expect([...(await readFloats(await program.run({ a }), 'y'))]).toEqual([11, 22, 13, 24])
    await program.dispose()
  })

  it.each<[string, Record<string, Value>]>([
    ['sum: input b is float32 [2], and it is missing.', { a }],
    ['sum: input a is float32 [rows, 2]; it was given float32 [2].', { a: b, b }],
    ['sum: input b is float32 [2]; it was given float32 [3].', { a, b: floats([3], new Float32Array(3)) }],
    ['sum: input b is float32 [2]; it was given int32 [2].', { a, b: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) } }],
    ['A float32 tensor cannot hold Int32Array.', { a, b: { dtype: 'float32', shape: [2], data: Int32Array.of(1, 2) } }],
  ])('refuses: %s', async (message, feeds) => {
    const program = await runtime.load(sum())
    await expect(program.run(feeds)).rejects.toThrow(message)
    await program.dispose()
  })

  it('that onnxruntime does not know fails to load under a name', async () => {
    const graph = new Graph('unknown')
    graph.output('y', graph.apply('Levitate', [graph.input('x', 'float32', [1])], { dtype: 'float32', shape: [1] }))
    const failed = runtime.load(toProgram(graph, ''))
    await expect(failed).rejects.toBeInstanceOf(RuntimeError)
    await expect(failed).rejects.toThrow(/loading unknown: .*Levitate/)
  })
})

/** onnxruntime as it is, but that outputs stay "on a device" and every step is written down. */
function tracedModule(trace: string[]) {
  return {
    Tensor: ort.Tensor,
    InferenceSession: {
      async create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
        const session = await ort.InferenceSession.create(model, options)
        return new Proxy(session, {
          get(target, key) {
            if (key === 'run') {
              return async (feeds: InferenceSession.FeedsType) => {
                trace.push('run')
                const { y } = await target.run(feeds)
                await new Promise((resolve) => setTimeout(resolve, 5))
                trace.push('ran')
                return { y: y && onDevice(new ort.Tensor('float32', Float32Array.from(y.data, Number), y.dims), trace) }
              }
            }
            if (key === 'release') {
              return async () => {
                trace.push('release')
                await target.release()
              }
            }
            const value: unknown = Reflect.get(target, key)
            return typeof value === 'function' ? value.bind(target) : value
          },
        })
      },
    },
  }
}

function onDevice(tensor: Tensor, trace: string[]): Tensor {
  return new Proxy(tensor, {
    get(target, key) {
      if (key === 'location') return 'gpu-buffer'
      if (key === 'dispose') return () => { trace.push('free') }
      if (key === 'getData') {
        return async () => {
          trace.push('read')
          return Promise.resolve(target.data)
        }
      }
      return Reflect.get(target, key)
    },
  })
}

async function traced() {
  const trace: string[] = []
  const config = { device: 'node', description: '', hardware: { kind: 'cpu', threads: 1 }, memory: Infinity, session: {}, gpu: { upload: () => Promise.reject(new Error('unused')) } } as const
  const device = createRuntime(tracedModule(trace), config)
  const program = await device.load(sum(), { keep: () => true })
  const run = async () => {
    const { y } = await program.run({ a, b })
    if (!y || !isOnDevice(y)) throw new Error('The output is not on the device.')
    return y
  }
  return { trace, device, program, run }
}

describe('what stays on the device', () => {
  it('is freed before its session, in whatever order both are asked for', async () => {
    const { trace, program, run } = await traced()
    const [first, second] = [await run(), await run()]
    await program.dispose()
    expect(trace).not.toContain('release')
    expect([...(await readFloats({ first }, 'first'))]).toEqual([11, 22, 13, 24])
    first.dispose()
    second.dispose()
    second.dispose()
    await program.dispose()
    expect(trace.slice(4)).toEqual(['read', 'free', 'free', 'release'])
  })

  it('is neither read nor freed during a run', async () => {
    const { trace, program, run } = await traced()
    const first = await run()
    const running = run()
    const reading = first.download()
    first.dispose()
    const closing = program.dispose()
    const second = await running
    await reading
    second.dispose()
    await closing
    await program.dispose()
    expect(trace).toEqual(['run', 'ran', 'run', 'ran', 'read', 'free', 'free', 'release'])
  })

  it('goes with the runtime', async () => {
    const { trace, device, run } = await traced()
    const kept = await run()
    await device.dispose()
    kept.dispose()
    await device.dispose()
    expect(trace).toEqual(['run', 'ran', 'free', 'release'])
  })
})

describe('the queue', () => {
  it('runs one job at a time, in order, past one that fails', async () => {
    const queue = createQueue()
    const log: string[] = []
    const job = (name: string, wait: number, fails = false) =>
      queue.run(async () => {
        log.push(`${name} begins`)
        await new Promise((resolve) => setTimeout(resolve, wait))
        log.push(`${name} ends`)
        if (fails) throw new Error(name)
      })
    const settled = await Promise.allSettled([job('a', 10), job('b', 1, true), job('c', 0)])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })
})

describe('errors', () => {
  it.each([
    ['Device lost: unknown reason', 'device-lost'],
    ['std::bad_alloc', 'out-of-memory'],
    ['RuntimeError: memory access out of bounds', 'out-of-memory'],
    ["Failed to execute 'createBuffer': Array buffer allocation failed", 'out-of-memory'],
    ['Could not find an implementation for Sign(13) node', 'unsupported'],
    ['fallback to CPU EP has been explicitly disabled by the user', 'unsupported'],
    ['Shape mismatch', 'failed'],
  ])('%s', (message, kind) => {
    const error = namedError(new Error(message), 'running x')
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(`(running x: ${message})`)
  })
  it('keep their name', () => {
    const error = new RuntimeError('no-webgpu')
    expect(namedError(error, 'running x')).toBe(error)
  })
})
