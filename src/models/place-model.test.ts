import { afterAll, describe, expect, it } from 'vitest'
import { RuntimeError } from '../runtime/errors.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { filesInMemory, tinyChatFiles } from './fixtures/tiny-chat-model.ts'
import { loadModel } from './files/load-model.ts'
import { placeModel } from './place-model.ts'

const node = createNodeRuntime(1)
afterAll(() => node.dispose())

describe('placeModel', () => {
  it('measures a large model only where there is a choice', async () => {
    const loaded = await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30)
    const large = { ...loaded, parameters: 30e6 }
    let programs = 0
    const counted = (): Runtime => ({ ...node, load: (...given) => (programs++, node.load(...given)), dispose: () => Promise.resolve() })
    const none = await placeModel({ wasm: counted, webgpu: () => Promise.reject(new RuntimeError('no-webgpu', 'no adapter')) })(large)
    expect(none.measured).toEqual([{ device: 'webgpu', milliseconds: null, problem: expect.stringContaining('no adapter') }])
    expect(programs).toBe(0)
    const both = await placeModel({ wasm: counted, webgpu: () => Promise.resolve(counted()) })(large)
    expect(both.measured.map(({ device, problem }) => [device, problem])).toEqual([['wasm', null], ['webgpu', null]])
    expect(programs).toBeGreaterThan(1)
    programs = 0
    expect((await placeModel({ wasm: counted, webgpu: () => Promise.reject(new Error('not asked')) })(loaded)).measured).toEqual([])
    expect(programs).toBe(0)
  })
})
