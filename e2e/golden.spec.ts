// The recorded numbers in a real browser: on wasm, and on WebGPU with nothing left to the CPU.
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { openHarness, type Harness } from './harness/open.ts'

const folder = (name: string) => resolve(import.meta.dirname, '../src/nn/fixtures/goldens', name)

test.describe('recorded numbers', () => {
  // A WebGPU that is emulated in software compiles and runs some hundred shaders for each set.
  test.describe.configure({ timeout: 600_000 })
  let harness: Harness
  test.beforeAll(async () => {
    harness = await openHarness()
  })
  test.afterAll(async () => {
    await harness.close()
  })

  for (const device of ['wasm', 'webgpu'] as const) {
    for (const [name, count] of [['llama-tiny', 366], ['qwen2-tiny', 378], ['llama3-rope-tiny', 366]] as const) {
      // Emulated, a set takes a minute: here the one with most in it, each number of it once; all of it in own-models/golden.spec.ts.
      if (device === 'webgpu' && name !== 'llama3-rope-tiny') continue
      test(`${name} on ${device}`, async () => {
        const { description, comparisons } = await harness.compareGolden(folder(name), device, device === 'webgpu' ? 'once' : 'all')
        expect(description).toContain(device === 'wasm' ? 'WebAssembly' : 'WebGPU')
        expect(comparisons.filter(({ ok }) => !ok)).toEqual([])
        expect(comparisons).toHaveLength(device === 'webgpu' ? 151 : count + 2)
      })
    }
  }

  test('adapters are merged into stacked weights on the graphics card, and taken off again', async () => {
    const { merged: reports, losses } = await harness.merges()
    expect(reports).toHaveLength(12)
    for (const { what, error, adapted, changed, disturbed, left, kept } of reports) {
      const half = what.includes('float16')
      if (half) expect(error.halfUnits, what).toBeLessThan(1.001)
      else expect(error.relative, what).toBeLessThan(1e-6)
      expect(changed, what).toBeGreaterThan(0.9 * adapted)
      expect({ what, disturbed, left }).toEqual({ what, disturbed: 0, left: 0 })
      expect(kept).toEqual({ foretold: kept.foretold, counted: kept.foretold, after: 0 })
    }
    // On a lost card everything seems to end: it is asked whether it is there.
    const [kept, one, other, back] = ['done', 'done', 'done', 'done']
    expect(losses).toEqual([
      { at: 1, said: ['device-lost', 'Error', 'Error', 'done'], whole: true },
      { at: 2, said: [kept, 'device-lost', 'device-lost', 'device-lost'], whole: false },
      { at: 3, said: [kept, one, 'device-lost', 'device-lost'], whole: false },
      { at: 4, said: [kept, one, other, 'device-lost'], whole: false },
      { at: 5, said: [kept, one, other, back], whole: true },
    ])
  })

  test('a program of which a part would run on the CPU is refused there', async () => {
    expect(await harness.refusal()).toMatch(/fallback to CPU EP has been explicitly disabled/)
  })
})
