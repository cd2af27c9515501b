// Compares a golden set in a worker, as the playground runs its models. The files come from the server under /golden/.
import { compareGolden, type Extent } from '../../src/goldens/golden.ts'
import { Graph } from '../../src/nn/graph.ts'
import { add } from '../../src/nn/ops/elementwise.ts'
import { toProgram } from '../../src/nn/program.ts'
import type { Runtime } from '../../src/runtime/runtime.ts'
import type { BrowserDevice, GoldenReport, HarnessReply, HarnessRequest } from './messages.ts'
import { messageOf } from '../../src/core/error-message.ts'

async function createRuntime(device: BrowserDevice): Promise<Runtime> {
  switch (device) {
    case 'wasm':
      return (await import('../../src/runtime/wasm.ts')).createWasmRuntime(2)
    case 'webgpu':
      // Strict: a program of which a part would run on the CPU is refused, so what passes ran on the GPU.
      return (await import('../../src/runtime/webgpu.ts')).createWebGpuRuntime({ allowSoftware: true, strict: true })
  }
}

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(`/golden/${name}`)
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}.`)
  return response
}

async function compare(device: BrowserDevice, extent: Extent): Promise<GoldenReport> {
  const started = performance.now()
  const [config, golden, model] = await Promise.all(['config.json', 'golden.json', 'model.safetensors'].map(fetchFile))
  if (!config || !golden || !model) throw new Error('A golden set has three files.')
  const runtime = await createRuntime(device)
  const comparisons = await compareGolden(runtime, {
    config: await config.json(),
    golden: await golden.json(),
    model: new Uint8Array(await model.arrayBuffer()),
  }, extent)
  await runtime.dispose()
  return { description: runtime.description, comparisons, elapsed: performance.now() - started }
}

/** The sign of a number: onnxruntime has it on the CPU only. Alone it would go there whole, hence the sum. */
async function loadFallback(): Promise<never> {
  const graph = new Graph('fallback')
  const x = graph.input('x', 'float32', [4])
  const sign = graph.apply('Sign', [add(x, x)], { dtype: 'float32', shape: [4] })
  graph.output('y', add(sign, x))
  const runtime = await createRuntime('webgpu')
  await runtime.load(toProgram(graph, 'a program that needs the CPU'))
  await runtime.dispose()
  throw new Error('It was loaded.')
}

addEventListener('message', ({ data }: MessageEvent<HarnessRequest>) => {
  const send = (reply: HarnessReply) => { postMessage(reply) }
  const answer = data.kind === 'golden' ? compare(data.device, data.extent) : loadFallback()
  answer.then(
    (report) => { send({ report }) },
    (error: unknown) => { send({ error: messageOf(error) }) },
  )
})
