// Makes the files of the run that comes with the page (public/runs) from a folder that `train` filled:
//   npm run -s agemem -- train --out DIR --preset quick --seed 1
//   npx tsx scripts/ship-run.ts DIR
// Then the tour's task is to be looked for again: npx tsx scripts/find-tour.ts.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesInFolder } from '../cli/model-folder.ts'
import { TrainFolder } from '../cli/train-folder.ts'
import { packRun } from '../src/app/runs/run-files.ts'
import { mustFit } from '../src/core/fit.ts'
import { noDataSets } from '../src/core/environments/family.ts'
import { evaluate } from '../src/core/evaluation/evaluate.ts'
import { evaluationMetricsSchema, type EvaluationMetrics } from '../src/core/evaluation/evaluation-metrics.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { checkpointOf } from '../src/core/training/checkpoints.ts'
import { heldOutCondition } from '../src/core/training/held-out.ts'
import { borneOut } from '../src/core/training/kept-run.ts'
import { adapterOfRun, type RunRecord } from '../src/core/training/runs.ts'
import { shippedAdapters, shippedFiles, shippedRollouts, shippedRunKey } from '../src/core/training/shipped-run.ts'
import { parseTrajectories } from '../src/lab/read-trajectories.ts'
import { readAdapter } from '../src/models/files/adapter.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { writeSafetensors } from '../src/models/files/safetensors.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { readModelConfig } from '../src/nn/transformer/config.ts'
import { loraShapes } from '../src/nn/transformer/weights.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { shippedFrom } from '../workers/shipped-files.ts'

const [folder = '', out = 'public/runs'] = process.argv.slice(2)
if (folder === '') throw new Error('Usage: npx tsx scripts/ship-run.ts DIR')
/** Held-out tasks that what ships is evaluated on. */
const evaluatedTasks = 200
const name = (step: number) => `step-${String(step).padStart(4, '0')}`

const opened = await TrainFolder.open(folder)
const { config, step: steps } = opened.run
if (steps !== shippedAdapters[2]) throw new Error(`The run has ${steps} steps; ${shippedAdapters[2]} are to ship.`)
const history = await opened.history()
const { mtime } = await stat(join(folder, 'adapter'))
const record: RunRecord = borneOut(
  {
    key: shippedRunKey,
    name: `quick, seed ${config.seed}`,
    created: mtime.getTime(),
    model: 'nano',
    model_url: null,
    config,
    steps,
    status: 'imported',
    note: null,
  },
  { metrics: history.steps.map(({ step }) => step), rollouts: [...shippedRollouts], adapters: [...shippedAdapters] },
)

/** In the folder the run is called as the folder is; here it has its own key. */
function renamed(trajectory: Trajectory): Trajectory {
  const { policy } = trajectory.setup
  const adapter = policy.kind === 'onnx' ? policy.adapter : null
  const key = adapter?.key.replace(/^.*\//, `${shippedRunKey}/`) ?? ''
  return {
    ...trajectory,
    id: { ...trajectory.id, run: shippedRunKey },
    steps: trajectory.steps.map((step) => ({ ...step, id: { ...step.id, run: shippedRunKey } })),
    setup:
      adapter && policy.kind === 'onnx'
        ? { ...trajectory.setup, policy: { ...policy, adapter: { ...adapter, key } } }
        : trajectory.setup,
  }
}

async function rollouts(step: number): Promise<Trajectory[]> {
  if (!shippedRollouts.some((each) => each === step)) return []
  const lines = await readFile(join(folder, 'trajectories', `${name(step)}.jsonl`), 'utf8')
  return parseTrajectories(lines).map(renamed)
}

await mkdir(out, { recursive: true })
const model = readModelConfig(JSON.parse(await readFile('public/models/nano/config.json', 'utf8')))
for (const step of shippedAdapters) {
  const file = (each: string) => readFile(join(folder, 'checkpoints', name(step), each))
  const read = {
    config: (await file('adapter_config.json')).toString(),
    model: new Uint8Array(await file('adapter_model.safetensors')),
  }
  const { lora, parameters } = readAdapter(model, read)
  const tensors = [...loraShapes(model, lora)].map(
    ([tensor, shape]) => [tensor, { shape, values: parameters.get(tensor) ?? new Float32Array() }] as const,
  )
  // Half of the bytes: this file is what plays in the page, and what is evaluated below.
  await writeFile(join(out, shippedFiles.adapter(step)), writeSafetensors(new Map(tensors), 'F16'))
}

/** What ships, on more held-out tasks than a training takes the time for: two dozen say little. */
async function evaluations(): Promise<EvaluationMetrics[]> {
  const kept = join(folder, `evaluations-${evaluatedTasks}.jsonl`)
  const before = await readFile(kept, 'utf8').catch(() => '')
  const lines = before.split('\n').filter((line) => line !== '')
  const found = lines.map((line) => mustFit(evaluationMetricsSchema, JSON.parse(line)))
  const runtime = createNodeRuntime()
  const nano = await LocalModel.create(
    runtime,
    'nano',
    await loadModel(await filesInFolder('public/models/nano'), 2 ** 30),
  )
  const files = shippedFrom(async (file) => new Blob([new Uint8Array(await readFile(join(out, file)))]))
  const more = { ...config, evaluation: { ...config.evaluation, tasks: evaluatedTasks } }
  for (const step of [0, ...shippedAdapters]) {
    if (found.some((each) => each.step === step)) continue
    const state = step === 0 ? null : await files.adapter(step)
    await nano.useAdapter(state && { lora: config.lora, parameters: state.parameters })
    const adapter = state && adapterOfRun(shippedRunKey, step)
    const of = { config: more, id: { run: shippedRunKey, batch: step }, model: 'nano', adapter }
    const condition = await heldOutCondition(of, noDataSets)
    const { evaluation } = await evaluate(condition, () => nano, { now: () => performance.now() })
    found.push(evaluation)
    await writeFile(kept, found.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const { success_rate, reward } = evaluation.summary
    console.log(`after ${step} steps: right ${success_rate}, reward ${reward.total.toFixed(3)}`)
  }
  await nano.dispose()
  await runtime.dispose()
  return found.sort((a, b) => a.step - b.step)
}

const evaluated = await evaluations()
const zip = await packRun({ run: record, steps: history.steps, evaluations: evaluated, rollouts })
await writeFile(join(out, shippedFiles.run), new Uint8Array(await zip.arrayBuffer()))

const checkpoints = shippedAdapters.map((step) => ({
  ...checkpointOf(record, step, record.created),
  evaluation: evaluated.find((each) => each.step === step) ?? null,
  // Without the optimizer's moments, which are twice as large: a new run can begin from it, this one does not go on.
  resumable: false,
}))
const index = { run: record, checkpoints: checkpoints.reverse() }
await writeFile(join(out, shippedFiles.index), `${JSON.stringify(index)}\n`)

for (const file of [shippedFiles.index, shippedFiles.run, ...shippedAdapters.map(shippedFiles.adapter)]) {
  console.log(`${join(out, file)}: ${((await stat(join(out, file))).size / 1000).toFixed(0)} kB`)
}
