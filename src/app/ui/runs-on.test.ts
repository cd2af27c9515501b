import { afterEach, describe, expect, it } from 'vitest'
import type { RunsOn } from '../../core/policy/model.ts'
import { en } from '../locales/en/index.ts'
import { speak } from '../locales/index.ts'
import { zh } from '../locales/zh/index.ts'
import { runsOnWords } from './runs-on.ts'

const cpu: RunsOn = { device: 'wasm', hardware: { kind: 'cpu', threads: 2 }, milliseconds: null, others: [] }
const compared: RunsOn = { device: 'webgpu', hardware: { kind: 'gpu', name: 'nvidia hopper', software: false }, milliseconds: 2.54, others: [{ device: 'wasm', milliseconds: 31, problem: null }] }
const refused: RunsOn = { ...cpu, hardware: { kind: 'cpu', threads: 1 }, others: [{ device: 'webgpu', milliseconds: null, problem: 'no adapter' }] }

afterEach(() => { speak('en', en) })

describe('what a model runs on', () => {
  it('says where, how fast, and what else was there', () => {
    expect([cpu, compared, refused].map(runsOnWords)).toEqual([
      'WebAssembly on the CPU, 2 threads',
      'WebGPU on nvidia hopper: 2.5 ms a step; the CPU needs 31.0 ms',
      'WebAssembly on the CPU, 1 thread; WebGPU is not usable: no adapter',
    ])
  })
  it('says it in the language of the page', () => {
    speak('zh', zh)
    expect([cpu, compared].map(runsOnWords)).toEqual(['在 CPU 上用 WebAssembly 运行，2 个线程', 'WebGPU：nvidia hopper：每步 2.5 毫秒；CPU 需要 31.0 毫秒'])
    expect(runsOnWords({ ...compared, hardware: { kind: 'gpu', name: null, software: true } })).toMatch(/^WebGPU（软件模拟）：显卡/)
  })
})
