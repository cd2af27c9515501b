// What the page has acknowledged: said to be saved, or said to be deleted. Held against what it has after a kill.
import type { Audit } from './audit.ts'

interface Acknowledged {
  /** Steps with their rollouts. */
  steps: Set<number>
  /** The last step after which the adapter is kept. */
  adapter: number
}

/** What the page reports while it works, as far as it says that it is saved. */
export interface Report {
  episodes: { key: string; digest: string }[]
  runs: { key: string; steps: number[]; adapter: number }[]
}

export class Ledger {
  #episodes = new Map<string, string>()
  #runs = new Map<string, Acknowledged>()
  readonly #deleted = new Set<string>()
  /** Somebody began to delete these; whether they are gone is open until that was acknowledged. */
  readonly #doomed = new Set<string>()

  get size(): number {
    return this.#episodes.size + [...this.#runs.values()].reduce((sum, { steps }) => sum + steps.size, 0)
  }

  take({ episodes, runs }: Report): void {
    for (const { key, digest } of episodes) if (!this.#episodes.has(key)) this.#episodes.set(key, digest)
    for (const { key, steps, adapter } of runs) {
      const known = this.#runs.get(key) ?? { steps: new Set<number>(), adapter: 0 }
      for (const step of steps) known.steps.add(step)
      this.#runs.set(key, { steps: known.steps, adapter: Math.max(known.adapter, adapter) })
    }
  }

  deleting(key: string): void {
    this.#doomed.add(key)
  }

  deleted(key: string): void {
    this.#deleted.add(key)
  }

  /** The database was deleted on purpose: what counts from now on is what the page says to have then. */
  begin({ episodes, runs, checkpoints }: Audit): void {
    this.#episodes = new Map(episodes.filter(({ saved, ended }) => saved && ended).map(({ key, digest }) => [key, digest]))
    this.#runs = new Map(runs.map(({ key, rollouts }) => [key, { steps: new Set(rollouts), adapter: lastAdapter(checkpoints, key) }]))
  }

  /** What was acknowledged and is not so. Forgets what it has told. */
  losses({ episodes, runs, checkpoints }: Audit): string[] {
    const lost: string[] = []
    const listed = new Map(episodes.map(({ key, digest }) => [key, digest]))
    const byKey = new Map(runs.map((run) => [run.key, run]))
    for (const [key, digest] of this.#episodes) {
      if (this.#doomed.has(key) && !listed.has(key)) this.#episodes.delete(key)
      else if (listed.get(key) !== digest) {
        lost.push(listed.has(key) ? `episode ${key} has changed` : `episode ${key}`)
        this.#episodes.delete(key)
      }
    }
    for (const [key, { steps, adapter }] of this.#runs) {
      const run = byKey.get(key)
      if (!run) {
        if (!this.#doomed.has(key)) lost.push(`run ${key}`)
        this.#runs.delete(key)
        continue
      }
      const gone = [...steps].filter((step) => !run.metrics.includes(step) || !run.rollouts.includes(step))
      lost.push(...gone.map((step) => `step ${step} of run ${key}`))
      if (lastAdapter(checkpoints, key) < adapter) lost.push(`adapter after step ${adapter} of run ${key}`)
      this.#runs.set(key, { steps: new Set(run.rollouts), adapter: lastAdapter(checkpoints, key) })
    }
    for (const key of this.#deleted) if (listed.has(key) || byKey.has(key)) lost.push(`${key} is back after it was deleted`)
    return lost
  }
}

const lastAdapter = (checkpoints: Audit['checkpoints'], run: string): number => checkpoints.filter((each) => each.run === run && each.resumable).reduce((last, { step }) => Math.max(last, step), 0)
