// Makes the files of the run that comes with the page (public/runs) from a folder that `train` filled:
//   npm run -s agemem -- train --out DIR --preset quick --seed 1
//   npx tsx scripts/ship-run.ts DIR
// Then the tour's task is to be looked for again: npx tsx scripts/find-tour.ts.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TrainFolder } from '../cli/train-folder.ts'
import { packRun } from '../src/app/runs/run-files.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { checkpointOf } from '../src/core/training/checkpoints.ts'
import { borneOut } from '../src/core/training/kept-run.ts'
import type { RunRecord } from '../src/core/training/runs.ts'
import { shippedAdapters, shippedFiles, shippedRollouts, shippedRunKey } from '../src/core/training/shipped-run.ts'
import { parseTrajectories } from '../src/lab/read-trajectories.ts'
import { readAdapter } from '../src/models/files/adapter.ts'
import { writeSafetensors } from '../src/models/files/safetensors.ts'
import { readModelConfig } from '../src/nn/transformer/config.ts'
import { loraShapes } from '../src/nn/transformer/weights.ts'

const [folder = '', out = 'public/runs'] = process.argv.slice(2)
if (folder === '') throw new Error('Usage: npx tsx scripts/ship-run.ts DIR')
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
const zip = await packRun({ run: record, steps: history.steps, evaluations: history.evaluations, rollouts })
await writeFile(join(out, shippedFiles.run), new Uint8Array(await zip.arrayBuffer()))

const checkpoints = shippedAdapters.map((step) => ({
  ...checkpointOf(record, step, record.created),
  evaluation: history.evaluations.find((each) => each.step === step) ?? null,
  // Without the optimizer's moments, which are twice as large: a new run can begin from it, this one does not go on.
  resumable: false,
}))
await writeFile(
  join(out, shippedFiles.index),
  `${JSON.stringify({ run: record, checkpoints: checkpoints.reverse() })}\n`,
)

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
  // Half of the bytes; what plays in the page is this file, the recorded numbers are of 32 bits.
  await writeFile(join(out, shippedFiles.adapter(step)), writeSafetensors(new Map(tensors), 'F16'))
}
for (const file of [
  shippedFiles.index,
  shippedFiles.run,
  ...shippedAdapters.map((step) => shippedFiles.adapter(step)),
]) {
  console.log(`${join(out, file)}: ${((await stat(join(out, file))).size / 1000).toFixed(0)} kB`)
}
