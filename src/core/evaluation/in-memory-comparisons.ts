// Comparisons in memory: for tests. Gone when the process ends.
import type { Trajectory } from '../record/trajectory.ts'
import type { Comparison, ComparisonStore } from './comparisons.ts'

export class InMemoryComparisons implements ComparisonStore {
  readonly #kept = new Map<string, { comparison: Comparison; trajectories: Trajectory[][] }>()

  put(comparison: Comparison, trajectories: readonly (readonly Trajectory[])[]): Promise<{ saved: boolean }> {
    this.#kept.set(comparison.key, structuredClone({ comparison, trajectories: trajectories.map((each) => [...each]) }))
    return Promise.resolve({ saved: true })
  }

  list(): Promise<Comparison[]> {
    const all = [...this.#kept.values()].map(({ comparison }) => comparison)
    return Promise.resolve(structuredClone(all.sort((a, b) => b.created - a.created || (a.key < b.key ? -1 : 1))))
  }

  trajectories(key: string): Promise<Trajectory[][] | null> {
    return Promise.resolve(structuredClone(this.#kept.get(key)?.trajectories ?? null))
  }

  delete(key: string): Promise<void> {
    this.#kept.delete(key)
    return Promise.resolve()
  }
}
