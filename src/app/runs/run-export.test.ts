// What of a run is handed to the browser's downloads, and what is said meanwhile.
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { trajectorySchema } from '../../core/record/trajectory.ts'
import { stepMetricsSchema } from '../../core/training/metrics.ts'
import { rolloutsOf, runRecord, stepMetrics } from '../../core/training/runs.fixture.ts'
import { workspaceFixture, watchDownloads } from '../state/training-workspace.fixture.ts'
import { exportMetrics, exportRun, exportTrajectories } from './run-export.ts'

afterEach(() => { vi.unstubAllGlobals() })

const run = runRecord('a', { name: 'quick 1', steps: 26 })

/** A run of 26 steps; rollouts of two of them are kept. */
async function page() {
  const downloads = watchDownloads(vi.stubGlobal)
  const parts = workspaceFixture()
  for (let step = 1; step <= 26; step++) await parts.store.putStep(run, stepMetrics(step), step % 25 === 1 ? rolloutsOf('a', step) : [])
  const told: string[] = []
  parts.ui.subscribe(({ notices }) => told.push(notices.at(-1)?.text ?? ''))
  return { ...parts, downloads, told }
}

describe('a run that is exported', () => {
  it('is a zip of all its steps and rollouts', async () => {
    const parts = await page()
    await exportRun(parts, run)
    const file = parts.downloads.get('agemem-quick-1.zip')
    const files = unzipSync(new Uint8Array((await file?.arrayBuffer()) ?? []))
    const records = (name: string): unknown[] => strFromU8(files[name] ?? new Uint8Array()).trimEnd().split('\n').map((line): unknown => JSON.parse(line))
    expect(records('steps.jsonl').map((step) => stepMetricsSchema.parse(step).step)).toEqual(Array.from({ length: 26 }, (_, i) => i + 1))
    expect(records('trajectories.jsonl').map((each) => trajectorySchema.parse(each).id.batch)).toEqual([1, 1, 26, 26])
    expect(parts.told).toEqual(['Packing “quick 1”: step 1 of 26.', 'Packing “quick 1”: step 25 of 26.', '“quick 1” is packed.'])
  })
  it('as trajectories is one a line, and says how far it is', async () => {
    const parts = await page()
    await exportTrajectories(parts, run)
    const lines = (await parts.downloads.get('agemem-quick-1.jsonl')?.text())?.trimEnd().split('\n') ?? []
    expect(lines.map((line) => trajectorySchema.parse(JSON.parse(line)).id.batch)).toEqual([1, 1, 26, 26])
    expect(parts.told).toEqual(['Packing “quick 1”: step 1 of 26.', 'Packing “quick 1”: step 25 of 26.'])
  })
  it('as metrics is a table of its steps', async () => {
    const parts = await page()
    await exportMetrics(parts, run)
    const rows = (await parts.downloads.get('agemem-quick-1.csv')?.text())?.trimEnd().split('\n') ?? []
    expect(rows).toHaveLength(27)
    expect(rows[0]?.split(',').slice(0, 2)).toEqual(['step', 'phase'])
  })
  it('says so when it cannot be', async () => {
    const parts = await page()
    parts.store.steps = () => Promise.reject(new Error('It is damaged.'))
    await exportMetrics(parts, run)
    expect(parts.notices()).toEqual(['error: “quick 1” could not be exported. It is damaged.'])
    expect(parts.downloads.size).toBe(0)
  })
})
