import { describe, expect, it } from 'vitest'
import { internalsOf } from './internals.ts'

/** An engine with the fields that are reached for, as version 0.2.79 and 0.2.86 have them. */
function engineWith(change: (pipeline: Record<string, unknown>) => void = () => undefined) {
  const scopes: string[] = []
  const written: Float32Array[] = []
  const buffer = { mapAsync: () => undefined }
  const parameter = { shape: [2, 3], dtype: 'float32', getDataPtr: () => 7, copyFrom: (values: Float32Array) => { written.push(values) } }
  const pipeline: Record<string, unknown> = {
    vm: { getFunction: (name: string) => (name === '_metadata' ? () => JSON.stringify({ params: [{ name: 'model.norm.weight' }] }) : null) },
    tokenizer: { encode: (text: string) => Int32Array.from(text, (c) => c.charCodeAt(0)), decode: (ids: Int32Array) => String.fromCharCode(...ids) },
    getConversationObject: () => ({ config: { seps: ['<u>', '<a>'] } }),
    params: { size: () => 1, get: () => parameter },
    tvm: { beginScope: () => { scopes.push('begin') }, endScope: () => { scopes.push('end') }, lib: { webGPUContext: { device: { queue: {}, limits: {} }, gpuBufferFromPtr: (pointer: number) => (pointer === 7 ? buffer : null) } } },
  }
  change(pipeline)
  return { engine: { loadedModelIdToPipeline: new Map([['m', pipeline]]) }, scopes, written, buffer }
}

describe('internalsOf', () => {
  it('reaches tokenizer, separators, device and parameters', () => {
    const { engine, scopes, written, buffer } = engineWith()
    const inside = internalsOf(engine, 'm')
    expect([inside.encode('ab'), inside.decode([99]), inside.separator(0), inside.separator(3)]).toEqual([[97, 98], 'c', '<u>', '<a>'])
    expect('queue' in inside.device()).toBe(true)
    const parameters = inside.parameters()
    expect(parameters.count).toBe(1)
    expect(parameters.names()).toEqual(['model.norm.weight'])
    const parameter = parameters.at(0)
    expect([parameter.shape, parameter.dtype]).toEqual([[2, 3], 'float32'])
    expect(parameter.buffer()).toBe(buffer)
    parameter.write(new Float32Array(6))
    expect(written).toEqual([new Float32Array(6)])
    // Whatever was taken out of TVM was given back.
    expect(scopes.filter((each) => each === 'begin')).toHaveLength(scopes.length / 2)
  })

  it('has the library encode in pieces, each as ever', () => {
    const seen: string[] = []
    const tokenizer = { encode: (text: string) => { seen.push(text); return Int32Array.from(text, (c) => c.charCodeAt(0)) }, decode: () => '' }
    const { engine } = engineWith((pipeline) => { pipeline['tokenizer'] = tokenizer })
    internalsOf(engine, 'm').encodeInPieces((text) => text.split('|'))
    expect([...tokenizer.encode('ab|c')]).toEqual([97, 98, 99])
    expect([...tokenizer.encode('abc')]).toEqual([97, 98, 99])
    expect(seen).toEqual(['ab', 'c', 'abc'])
  })

  it.each([
    ['pipeline.tokenizer', (pipeline: Record<string, unknown>) => { delete pipeline['tokenizer'] }],
    ['tokenizer.encode()', (pipeline: Record<string, unknown>) => { pipeline['tokenizer'] = { encode: 1, decode: 1 } }],
    ['pipeline.getConversationObject', (pipeline: Record<string, unknown>) => { delete pipeline['getConversationObject'] }],
  ])('says by name that there is no %s', (missing, change) => {
    expect(() => internalsOf(engineWith(change).engine, 'm')).toThrowError(`This version of WebLLM has no ${missing}.`)
  })

  it('says so when the library names other parameters than there are, or none', () => {
    for (const metadata of [() => '{"params":[]}', () => 'no JSON', () => '{"params":[{"name":1}]}']) {
      const { engine } = engineWith((pipeline) => { pipeline['vm'] = { getFunction: () => metadata } })
      expect(() => internalsOf(engine, 'm').parameters().names()).toThrowError(/names of its parameters in _metadata/)
    }
    expect(() => internalsOf(engineWith((pipeline) => { delete pipeline['vm'] }).engine, 'm').parameters().names()).toThrowError(/pipeline\.vm/)
  })

  it('says so when parameters or device are elsewhere, and for another model', () => {
    const { engine } = engineWith((pipeline) => { pipeline['tvm'] = {}; pipeline['params'] = {} })
    const inside = internalsOf(engine, 'm')
    expect(() => inside.device()).toThrowError(/tvm\.lib/)
    expect(() => inside.parameters()).toThrowError(/params\.size/)
    expect(() => internalsOf(engine, 'other')).toThrowError(/pipeline of other/)
    expect(() => internalsOf({}, 'm')).toThrowError(/engine\.loadedModelIdToPipeline/)
  })
})
