// A net of two layers learns a ring in the plane, and its optimizer is part of the graph.
// npx tsx two-layer-net.ts (in Node here; the same code runs in a browser, on WebAssembly)
import { add, gemm, Graph, gradients, mul, readFloats, reduceMean, sigmoid, square, sub, tanh, toProgram, type Values } from '@agemem/nn'
import { createRuntime } from '@agemem/nn/runtime'

const [points, width, rate] = [256, 24, 2]
const graph = new Graph('two-layer net')
const x = graph.input('x', 'float32', [points, 2])
const y = graph.input('y', 'float32', [points, 1])
const w1 = graph.input('w1', 'float32', [width, 2])
const b1 = graph.input('b1', 'float32', [width])
const w2 = graph.input('w2', 'float32', [1, width])
const b2 = graph.input('b2', 'float32', [1])
const hidden = tanh(add(gemm(x, w1, { b: true }), b1))
const guess = sigmoid(add(gemm(hidden, w2, { b: true }), b2))
const loss = reduceMean(square(sub(guess, y)), [0, 1])
graph.output('loss', loss)
const parameters = [w1, b1, w2, b2]
gradients(loss, parameters).forEach((gradient, i) => {
  const parameter = parameters[i] ?? w1
  graph.output(`next/${parameter.name}`, sub(parameter, mul(gradient, rate)))
})

const tensor = (shape: number[], value: (i: number) => number) =>
  ({ dtype: 'float32', shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)) }) as const
const spread = (i: number, step: number) => 2 * ((i * step) % 1) - 1 // a low-discrepancy sequence stands in for luck
const plane = tensor([points, 2], (i) => spread(i >> 1, i % 2 === 0 ? Math.SQRT2 : Math.sqrt(3)))
const inside = tensor([points, 1], (i) => (Math.hypot(plane.data[2 * i] ?? 0, plane.data[2 * i + 1] ?? 0) < 0.7 ? 1 : 0))
const values: Values = { w1: tensor([width, 2], (i) => 3 * spread(i + 1, Math.E)), b1: tensor([width], (i) => spread(i + 1, Math.PI)), w2: tensor([1, width], () => 0), b2: tensor([1], () => 0) }

const runtime = await createRuntime()
const program = await runtime.load(toProgram(graph, 'one step of gradient descent'))
export const losses: number[] = []
for (let step = 0; step <= 1000; step++) {
  const results = await program.run({ x: plane, y: inside, ...values })
  for (const { name } of parameters) Object.assign(values, { [name]: results[`next/${name}`] })
  losses.push((await readFloats(results, 'loss'))[0] ?? NaN)
  if (step % 200 === 0) console.log(`step ${step}: squared error ${losses.at(-1)?.toFixed(4)}`)
}
await runtime.dispose()
