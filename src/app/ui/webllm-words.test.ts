import { describe, expect, it } from 'vitest'
import { adapterWords, detailOf, duration, formWords, wordsOf } from './webllm-words.ts'

describe('duration', () => {
  it('is about so long', () => {
    expect([0.2, 42, 170, 5400].map(duration)).toEqual(['about 1 s', 'about 42 s', 'about 3 min', 'about 1.5 h'])
  })
})

describe('formWords', () => {
  it('says how weights are stored, how they are calculated with, and what else the id says', () => {
    const words = (id: string, quantisation: string) => formWords({ id, quantisation })
    expect(words('A-q4f16_1-MLC', 'q4f16_1')).toBe('4 bits, computes in 16')
    expect(words('A-q0f32-MLC', 'q0f32')).toBe('full precision, 32 bits')
    expect(words('A-q4f32_1-MLC-1k', 'q4f32_1')).toBe('4 bits, computes in 32, window of 1,024')
    expect(words('A-q0f32-MLC-b4', 'q0f32')).toBe('full precision, 32 bits, b4')
  })
})

describe('adapterWords', () => {
  const limits = { maxBufferSize: 1, maxStorageBufferBindingSize: 1, maxComputeWorkgroupStorageSize: 1, maxStorageBuffersPerShaderStage: 1 }
  const silent = { vendor: '', architecture: '', device: '', description: '' }
  it('says what the browser tells', () => {
    const words = (adapter: Partial<typeof silent>, fallback = false) => adapterWords({ available: true, adapter: { ...silent, ...adapter }, fallback, shaderF16: false, limits })
    expect(words({ vendor: 'nvidia', architecture: 'hopper' })).toBe('nvidia hopper')
    expect(words({ vendor: 'x', description: 'A Card' })).toBe('A Card')
    expect(words({})).toBe('a graphics card that the browser does not name')
    expect(words({}, true)).toBe('a software adapter')
  })
})

describe('wordsOf', () => {
  it('names the host, not the whole address, and keeps the browser’s own words apart', () => {
    const problem = { kind: 'network', url: 'https://models.test/a/b.bin?x=1', status: 503, detail: 'gone' } as const
    expect(wordsOf(problem)).toEqual({ what: 'The host answered with 503, at models.test.', todo: 'What has arrived is kept. Try again: the download continues where it stopped.', offer: 'retry' })
    expect(detailOf(problem)).toBe('gone')
    expect(detailOf({ kind: 'aborted' })).toBeNull()
    expect(wordsOf({ ...problem, url: null, status: null }).what).toBe('The host could not be reached, or the connection broke.')
  })

  it('offers the twin only where there is one', () => {
    expect(wordsOf({ kind: 'no-shader-f16', model: 'a', twin: 'b' })).toMatchObject({ offer: 'twin', todo: 'b is the same model in 32 bits.' })
    expect(wordsOf({ kind: 'no-shader-f16', model: 'a', twin: null }).offer).toBe('none')
  })

  it('says how much storage is left', () => {
    expect(wordsOf({ kind: 'quota', available: 5 * 2 ** 20, detail: '' }).what).toBe('The browser gives this page no more storage: 5.0 MB left.')
  })
})
