// The GRPO loss per token, worked by hand: ρ is 3/2 or 1/2 and A is 2 or −1, so that each branch of the clip is met.
import { afterAll, describe, expect, it } from 'vitest'
import { gradients } from '../nn/gradients.ts'
import { Graph } from '../nn/graph.ts'
import { toProgram } from '../nn/program.ts'
import { grpoLoss, type GrpoOptions } from '../nn/training/grpo.ts'
import { distributionOf, entropies, logProbabilities } from '../nn/training/score.ts'
import { floats } from './fixture.ts'
import { createNodeRuntime } from './node.ts'
import { readFloats } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

interface Token {
  logp: number
  old: number
  ref: number
  advantage: number
  weight: number
}

const ratios = [1.5, 0.5, 1.5, 0.5]
const advantages = [2, -1, -1, 2]
const four: Token[] = ratios.map((ratio, i) => ({ logp: -2, old: -2 - Math.log(ratio), ref: -2, advantage: advantages[i] ?? NaN, weight: 0.25 }))

async function evaluate(tokens: readonly Token[], options: GrpoOptions, beta = 0) {
  const graph = new Graph('grpo')
  const column = (name: string) => graph.input(name, 'float32', [tokens.length])
  const logps = column('logps')
  const terms = grpoLoss(
    { logps, oldLogps: column('old'), refLogps: column('ref'), advantages: column('advantages'), weights: column('weights'), beta: graph.scalar(beta) },
    options,
  )
  for (const [name, tensor] of Object.entries(terms)) graph.output(name, tensor)
  const [slope] = gradients(terms.loss, [logps])
  if (slope) graph.output('slope', slope)
  const program = await runtime.load(toProgram(graph, ''))
  const feed = (value: (token: Token) => number) => floats([tokens.length], Float32Array.from(tokens, value))
  const results = await program.run({
    logps: feed(({ logp }) => logp),
    old: feed(({ old }) => old),
    ref: feed(({ ref }) => ref),
    advantages: feed(({ advantage }) => advantage),
    weights: feed(({ weight }) => weight),
  })
  await program.dispose()
  const values: Record<string, number[]> = {}
  for (const name of Object.keys(results)) values[name] = [...(await readFloats(results, name))]
  return values
}

function near(actual: readonly number[] | undefined, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual?.[i]).toBeCloseTo(value, 5)
}

describe('the policy term', () => {
  it('without a clip is −ρA, as the paper writes it', async () => {
    const { policy, clipped, ratio, slope, loss } = await evaluate(four, { clip: null, kl: 'k3' })
    near(ratio, [1.5, 0.5, 1.5, 0.5])
    near(policy, [-3, 0.5, 1.5, -1])
    near(clipped, [0, 0, 0, 0])
    // −ρA, a quarter of it each.
    near(slope, [-0.75, 0.125, 0.375, -0.25])
    near(loss, [-0.5])
  })

  it('with a symmetric clip stops where the policy has moved far enough in the direction of A', async () => {
    const { policy, clipped, slope, loss } = await evaluate(four, { clip: { low: 0.2, high: 0.2 }, kl: 'k3' })
    // min(3, 1.2·2), min(−0.5, −0.8), min(−1.5, −1.2), min(1, 1.6), with the sign turned.
    near(policy, [-2.4, 0.8, 1.5, -1])
    near(clipped, [1, 1, 0, 0])
    near(slope, [0, 0, 0.375, -0.25])
    near(loss, [-0.275])
  })

  it('with an asymmetric clip has two bounds of its own', async () => {
    const wide = await evaluate(four, { clip: { low: 0.2, high: 0.6 }, kl: 'k3' })
    near(wide.policy, [-3, 0.8, 1.5, -1])
    near(wide.clipped, [0, 1, 0, 0])
    near(wide.slope, [-0.75, 0, 0.375, -0.25])
    const low = await evaluate(four, { clip: { low: 0.6, high: 0.4 }, kl: 'k3' })
    // min(3, 1.4·2), and 1/2 is above 0.4.
    near(low.policy, [-2.8, 0.5, 1.5, -1])
    near(low.clipped, [1, 0, 0, 0])
  })

  it('counts tokens by their weights', async () => {
    const unlike = four.map((token, i) => ({ ...token, weight: [0.5, 0.25, 0.125, 0.125][i] ?? NaN }))
    const { loss } = await evaluate(unlike, { clip: null, kl: 'k3' })
    // −1.5 + 0.125 + 0.1875 − 0.125
    near(loss, [-1.3125])
  })
})

describe('the KL term, with ρ_ref = π_ref/π = 2 and 1/2', () => {
  const two: Token[] = [2, 0.5].map((ratio) => ({ logp: -2, old: -2, ref: -2 + Math.log(ratio), advantage: 0, weight: 0.5 }))
  it.each([
    // log π/π_ref; slope 1.
    ['k1', [-0.693147, 0.693147], [0.5, 0.5]],
    // ½ log², slope log π/π_ref.
    ['k2', [0.240227, 0.240227], [-0.346574, 0.346574]],
    // ρ_ref − log ρ_ref − 1 = 2 − ln 2 − 1 and 1/2 + ln 2 − 1, slope 1 − ρ_ref.
    ['k3', [0.306853, 0.193147], [-0.5, 0.25]],
  ] as const)('%s', async (kl, expected, slopes) => {
    const values = await evaluate(two, { clip: null, kl }, 1)
    near(values.kl, expected)
    near(values.slope, slopes)
    near(values.loss, [((expected[0] ?? NaN) + (expected[1] ?? NaN)) / 2])
  })

  it('is weighed by β', async () => {
    const { loss, slope } = await evaluate(two, { clip: null, kl: 'k3' }, 0.1)
    near(loss, [0.025])
    near(slope, [-0.05, 0.025])
  })
})

describe('padding', () => {
  it('of weight 0 leaves loss and gradient as they are, whatever stands in it', async () => {
    const padding: Token = { logp: 90, old: -90, ref: 300, advantage: 5, weight: 0 }
    const { loss, slope } = await evaluate([...four, padding], { clip: { low: 0.2, high: 0.2 }, kl: 'k3' }, 0.1)
    near(loss, [-0.275])
    near(slope, [0, 0, 0.375, -0.25, 0])
  })
})

describe('scores of logits', () => {
  it('are log-probabilities of the labels and entropies, also for large logits', async () => {
    const graph = new Graph('scores')
    // Probabilities ½, ¼, ¼; then certainty at 1,000, where e^z would overflow.
    const logits = graph.constant('logits', 'float32', [2, 3], Float32Array.of(Math.log(2), 0, 0, 1000, 0, 0))
    graph.output('logps', logProbabilities(distributionOf(logits), graph.constant('labels', 'int32', [2], Int32Array.of(1, 0))))
    graph.output('entropy', entropies(distributionOf(logits)))
    const program = await runtime.load(toProgram(graph, ''))
    const results = await program.run({})
    await program.dispose()
    near([...(await readFloats(results, 'logps'))], [-1.386294, 0])
    // ½ ln 2 + ½ ln 4 = 1.5 ln 2.
    near([...(await readFloats(results, 'entropy'))], [1.039721, 0])
  })
})
