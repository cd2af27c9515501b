// The page of the benchmark: what is to be measured, how far it is, and the numbers, to be copied. `?models=a,b` starts
// at once; what is found is also handed to the server that the page came from, if that keeps it.
import { proxy, wrap } from 'comlink'
import { messageOf } from '../../src/core/error-message.ts'
import type { GpuReport, GpuWorker } from './gpu.worker.ts'
import type { GpuRow, Sizes } from './measure.ts'
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { gpuModels, type GpuModel } from './models.ts'

const usual: Sizes = { prompt: 512, reply: 64, rollouts: 8, side: 2048, runs: 3 }
const usualModels: readonly GpuModel[] = ['nano', 'SmolLM2-135M', 'SmolLM2-360M', 'Qwen2.5-0.5B']
const names = Object.keys(gpuModels).filter((name): name is GpuModel => name in gpuModels)

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

function part<K extends keyof HTMLElementTagNameMap>(tag: K, text = '', parent: HTMLElement = document.body): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  element.textContent = text
  parent.append(element)
  return element
}

const rate = ({ flops, milliseconds }: GpuRow) => flops / median(milliseconds) / 1e6

function show(report: GpuReport): void {
  const card = rate(report.matmul)
  const table = part('table')
  const head = part('tr', '', table)
  for (const title of ['model', 'what', 'ms (median)', 'tokens/s', 'GFLOPS', 'of the card’s products']) part('th', title, head)
  const line = (cells: readonly string[]) => {
    const row = part('tr', '', table)
    for (const cell of cells) part('td', cell, row)
  }
  const measured = (model: string, row: GpuRow) => {
    const ms = median(row.milliseconds)
    line([model, row.what, ms.toFixed(1), ((1000 * row.tokens) / ms).toFixed(1), rate(row).toFixed(1), `${((100 * rate(row)) / card).toFixed(1)} %`])
  }
  line(['', `products of ${report.matmul.what}`, median(report.matmul.milliseconds).toFixed(1), '', card.toFixed(0), '100 %'])
  for (const { model, rows, problem } of report.models) {
    if (problem !== null) line([model, problem])
    for (const row of rows) measured(model, row)
  }
  if (report.live && 'problem' in report.live) line([report.live.model, report.live.problem])
  else if (report.live) {
    for (const row of report.live.rows) measured(report.live.model, row)
    const { playing, learning } = report.live.card
    part('p', `On the card: ${(playing / 1e6).toFixed(0)} MB while ${report.live.model} plays, ${(learning / 1e6).toFixed(0)} MB while it learns.`)
  }
}
function numberOf(search: URLSearchParams, name: keyof Sizes): number {
  const given = Number(search.get(name))
  return Number.isInteger(given) && given > 0 ? given : usual[name]
}

const search = new URLSearchParams(location.search)
const sizes: Sizes = {
  prompt: numberOf(search, 'prompt'), reply: numberOf(search, 'reply'), rollouts: numberOf(search, 'rollouts'), side: numberOf(search, 'side'), runs: numberOf(search, 'runs'),
}

/** A model of WebLLM's list by its id, or one by the addresses of its folder and its compiled library. */
function webllmOf(params: URLSearchParams): WebLlmSource | null {
  const [name, url, library] = [params.get('webllm'), params.get('weights'), params.get('library')]
  if (name === null) return null
  return url !== null && library !== null ? { kind: 'custom', name, url, library } : { kind: 'listed', id: name }
}

const webllm = webllmOf(search)

part('h1', 'AgeMem Playground on this graphics card')
part('p', `Prompts of ${sizes.prompt} tokens, replies of ${sizes.reply}, groups of ${sizes.rollouts}; shapes of real models with made-up weights. ${webllm ? `Only ${'id' in webllm ? webllm.id : webllm.name} is downloaded` : 'Nothing is downloaded'} and nothing leaves this machine.`)
const choice = part('p')
const boxes = names.map((name) => {
  const label = part('label', ` ${name} `, choice)
  const box = document.createElement('input')
  box.type = 'checkbox'
  box.checked = usualModels.includes(name)
  label.prepend(box)
  return { name, box }
})
const start = part('button', 'Measure')
const status = part('p')
status.setAttribute('role', 'status')

async function measure(models: readonly GpuModel[]): Promise<void> {
  start.disabled = true
  const worker = wrap<GpuWorker>(new Worker(new URL('./gpu.worker.ts', import.meta.url), { type: 'module' }))
  let result: object
  try {
    const report = await worker.measure(models, webllm, sizes, search.has('software'), proxy((doing: string) => { status.textContent = `Measuring: ${doing} …` }))
    status.textContent = `Measured on ${report.device}.`
    show(report)
    result = { date: new Date().toISOString(), browser: navigator.userAgent, sizes, ...report }
  } catch (error) {
    status.textContent = messageOf(error)
    result = { problem: messageOf(error) }
  }
  part('pre', JSON.stringify(result, null, 2))
  start.disabled = false
  await fetch('results', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(result, null, 2) }).catch(() => undefined)
}

start.addEventListener('click', () => { void measure(boxes.filter(({ box }) => box.checked).map(({ name }) => name)) })
const asked = search.get('models')?.split(',') ?? []
if (asked.length > 0 || webllm) void measure(names.filter((name) => asked.includes(name)))
