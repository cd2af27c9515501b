// The recorded numbers on WebGPU that `npm test` leaves out: a minute each where it is emulated in software.
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { openHarness, type Harness } from '../harness/open.ts'

test.describe.configure({ timeout: 600_000 })
let harness: Harness
test.beforeAll(async () => { harness = await openHarness() })
test.afterAll(async () => { await harness.close() })

for (const [name, count] of [['llama-tiny', 303], ['qwen2-tiny', 315], ['llama3-rope-tiny', 303]] as const) {
  test(`${name} on webgpu`, async () => {
    const { description, comparisons } = await harness.compareGolden(resolve(import.meta.dirname, '../../src/nn/fixtures/goldens', name), 'webgpu')
    expect(description).toContain('WebGPU')
    expect(comparisons.filter(({ ok }) => !ok)).toEqual([])
    expect(comparisons).toHaveLength(count)
  })
}
