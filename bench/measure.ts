// Measures one group over its lanes, and makes rows of the numbers.
import type { Lane, Opened } from './lane.ts'
import type { ModelSize } from './model.ts'
import { describeJob, type Group } from './plan.ts'
import { inTurns, type Timing } from './timing.ts'
import { messageOf } from '../src/core/error-message.ts'

/** One line of the report, as it is saved. */
export interface Row {
  group: string
  lane: string
  model: ModelSize
  job: string
  /** Why there are no numbers, where there are none. */
  problem: string | null
  milliseconds: Timing | null
  tokens_per_second: number | null
  gflops: number | null
  /** Share of the matrix product rate of the same lane in the same rounds: of the medians, and of the fastest times. */
  of_matmul: number | null
  of_matmul_fastest: number | null
  /** Time of this lane over the time of the first one, for the same job. */
  times_the_first: number | null
  times_the_first_fastest: number | null
  /** Share of the time outside the library's run calls. */
  outside_runs: number | null
  graph_ms: number | null
  session_ms: number | null
  value: number | null
}

export interface NamedLane {
  name: string
  lane: Lane
}

/** Losses of the same model and batch must agree to this, or somebody computes something else. */
const agreement = 1e-3

const nothing = { milliseconds: null, tokens_per_second: null, gflops: null, of_matmul: null, of_matmul_fastest: null, times_the_first: null, times_the_first_fastest: null, outside_runs: null, graph_ms: null, session_ms: null, value: null }

function problemOf(error: unknown): string {
  // Playwright puts its own call before the message.
  return messageOf(error).replace(/^page\.evaluate: /, '')
}

/** Opens every job on every lane, checks that lanes agree on what they compute, and times them in turns. */
export async function measureGroup(group: Group, lanes: readonly NamedLane[], progress: (message: string) => void): Promise<Row[]> {
  const rows: Row[] = []
  const contenders: { base: Pick<Row, 'group' | 'lane' | 'model' | 'job'>; opened: Opened; matmul: boolean; run: () => ReturnType<Lane['run']> }[] = []
  const expected = new Map<string, number>()
  for (const { name, lane } of lanes) {
    for (const job of group.jobs) {
      const base = { group: group.title, lane: name, model: group.size, job: describeJob(job) }
      progress(`${name}: ${base.job}`)
      try {
        const opened = await lane.open(job)
        const { value } = await lane.run(opened.job)
        const work = group.sameLoss && job.kind === 'training' ? job.kind : base.job
        const wanted = expected.get(work) ?? value
        expected.set(work, wanted)
        if (!(Math.abs(value - wanted) <= agreement * Math.abs(wanted))) throw new Error(`It computes ${value}, the first one ${wanted}.`)
        contenders.push({ base, opened, matmul: job.kind === 'matmul', run: () => lane.run(opened.job) })
      } catch (error) {
        rows.push({ ...base, problem: problemOf(error), ...nothing })
      }
    }
  }
  const measured = await inTurns(contenders.map(({ run }) => run), group.rounds, (round) => {
    progress(round < 1 ? 'warming up' : `round ${round} of ${group.rounds.rounds}${round > group.rounds.rounds ? ', since the times disagree' : ''}`)
  })
  const results = contenders.flatMap(({ base, opened, matmul }, i) => {
    const found = measured[i]
    return found ? [{ base, opened, matmul, ...found }] : []
  })
  const timed = results.map(({ base, opened, timing, outside, value, matmul }): Row => {
    const chain = matmul ? undefined : results.find((each) => each.matmul && each.base.lane === base.lane)
    const first = results.find((each) => each.base.job === base.job && each.base.lane !== base.lane)
    const ofMatmul = (ms: number, chainMs: number | undefined) =>
      chain && chainMs !== undefined && opened.flops > 0 ? opened.flops / ms / (chain.opened.flops / chainMs) : null
    const isFirst = base.lane === lanes[0]?.name
    return {
      ...base,
      problem: null,
      milliseconds: timing,
      tokens_per_second: opened.tokens > 0 ? (opened.tokens * 1000) / timing.median : null,
      gflops: opened.flops > 0 ? opened.flops / timing.median / 1e6 : null,
      of_matmul: ofMatmul(timing.median, chain?.timing.median),
      of_matmul_fastest: ofMatmul(timing.fastest, chain?.timing.fastest),
      times_the_first: first && !isFirst ? timing.median / first.timing.median : null,
      times_the_first_fastest: first && !isFirst ? timing.fastest / first.timing.fastest : null,
      outside_runs: outside,
      graph_ms: opened.graphMs,
      session_ms: opened.sessionMs,
      value,
    }
  })
  return [...timed, ...rows]
}
