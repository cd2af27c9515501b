import { describe, expect, it, vi } from 'vitest'
import { batched } from './batched.ts'
import { createPacer } from './pace.ts'

/** Whether a promise has resolved by now, all microtasks done. */
async function isOpen(gate: Promise<void>): Promise<boolean> {
  let open = false
  void gate.then(() => (open = true))
  await vi.advanceTimersByTimeAsync(0)
  return open
}

describe('createPacer', () => {
  it('lets steps through at the pace, one a step when paused, and all when released', async () => {
    vi.useFakeTimers()
    const paused = vi.fn()
    const pacer = createPacer({ kind: 'run', msPerStep: 100 }, () => Date.now(), paused)
    expect(await isOpen(pacer.gate())).toBe(true)
    const second = pacer.gate()
    expect(await isOpen(second)).toBe(false)
    await vi.advanceTimersByTimeAsync(99)
    expect(await isOpen(second)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await isOpen(second)).toBe(true)

    pacer.set({ kind: 'pause' })
    const third = pacer.gate()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await isOpen(third)).toBe(false)
    expect(paused).toHaveBeenCalledTimes(1)
    pacer.stepOnce()
    expect(await isOpen(third)).toBe(true)
    const fourth = pacer.gate()
    expect(await isOpen(fourth)).toBe(false)
    pacer.set({ kind: 'run', msPerStep: 0 })
    expect(await isOpen(fourth)).toBe(true)

    pacer.set({ kind: 'pause' })
    const fifth = pacer.gate()
    pacer.release()
    expect(await isOpen(fifth)).toBe(true)
    expect(await isOpen(pacer.gate())).toBe(true)
    vi.useRealTimers()
  })
})

describe('batched', () => {
  it('delivers once an interval, in order, and at once when flushed', async () => {
    vi.useFakeTimers()
    const delivered: number[][] = []
    const events = batched<number>((batch) => delivered.push(batch), 30)
    events.push(1)
    events.push(2)
    await vi.advanceTimersByTimeAsync(29)
    expect(delivered).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(delivered).toEqual([[1, 2]])
    events.push(3)
    events.flush()
    events.flush()
    await vi.advanceTimersByTimeAsync(100)
    expect(delivered).toEqual([[1, 2], [3]])
    vi.useRealTimers()
  })
})
