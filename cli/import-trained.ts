// What an engine trained on an exported run, put into the folder of that run as `train` leaves one. Each file is written beside and
// moved into place, and run.json, which names the last whole checkpoint, comes last: until then the run is what it was.
import { openAsBlob } from 'node:fs'
import { basename, resolve } from 'node:path'
import { sameData } from '../src/core/same-data.ts'
import { InMemoryRuns } from '../src/core/training/in-memory-runs.ts'
import { withMoments } from '../src/core/training/run-start.ts'
import { trainedFrom } from '../src/core/training/trained.ts'
import { unpackTrained } from '../src/lab/files/peft-zip.ts'
import { importRun } from '../src/lab/import-run.ts'
import { loraOf, readAdapter } from '../src/models/files/adapter.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { FolderStore } from './folder-store.ts'
import type { Io } from './io.ts'
import { filesInFolder } from './model-folder.ts'
import { hashOf } from './model-hash.ts'
import { ArgumentError } from './options.ts'
import { TrainFolder } from './train-folder.ts'

/** Bytes that a model may need in this process. */
const limit = 64 * 2 ** 30

const stepsOf = (count: number) => `${count} ${count === 1 ? 'step' : 'steps'}`

/** @param file that train_agemem.py left @param path of the run @param model where it lies now; null: where the run found it. @throws ArgumentError, Error; then the run is what it was */
export async function importTrained(file: string, path: string, model: string | null, io: Io): Promise<void> {
  const folder = await TrainFolder.open(path)
  const { config, step: finished } = folder.run
  const blob = await openAsBlob(file).catch(() => { throw new Error(`${file} cannot be read.`) })
  const trained = await unpackTrained(blob)
  if (!trained) throw new ArgumentError(`${file} has no adapter. Give the file that train_agemem.py left, trained/for-playground.zip.`)

  const key = basename(resolve(path))
  const runs = new InMemoryRuns()
  await importRun(runs, blob, key, ({ step, steps }) => { io.tell(`  step ${step} of ${steps} is read`) })
  const record = await runs.getRun(key)
  if (!record) throw new Error(`${file} has no run.`)
  const steps = await runs.steps(key)
  const { steps: before, evaluations } = await folder.recorded()
  if (!sameData({ ...record.config, steps: 0 }, { ...config, steps: 0 })) throw new ArgumentError(`${file} is of a run with other settings than the one in ${path}. Give the folder that was exported as --run.`)
  const apart = before.find((own, i) => !sameData(own, steps[i]))
  if (apart) throw new ArgumentError(`${file} does not go on with the run in ${path}: step ${apart.step} is another one there. Either it is another run, or it was trained here after it was exported; export it again and train that.`)
  const added = steps.slice(before.length)
  const last = added.at(-1)
  if (!last || before.length !== finished) throw new ArgumentError(`${file} has no step that the run in ${path} lacks: it has ${stepsOf(finished)}. train_agemem.py makes those that are left, or as many as its --steps says.`)

  const place = model ?? folder.run.model
  const loaded = await loadModel(await filesInFolder(place), limit, undefined, io.signal)
  if (hashOf(loaded) !== folder.run.model_sha256) throw new ArgumentError(`The run in ${path} trains another model (${folder.run.model}) than ${place}: the adapter does not fit. Give that one as --model.`)
  const { lora, state } = await trainedFrom(trained, last.step, (files) => Promise.resolve(readAdapter(loaded.config, files)))
  const own = loraOf(config.lora)
  const shape = { ...lora, targets: [...lora.targets].sort() }
  if (!sameData(shape, { ...own, targets: [...own.targets].sort() })) throw new ArgumentError(`The adapter in ${file} has another shape than that of the run: rank ${lora.rank} of ${lora.targets.join(', ')}. A run keeps its shape; play with this adapter by --adapter.`)

  await folder.history()
  const store = new FolderStore(folder, loaded.config, record, evaluations)
  for (const metrics of added) await store.putStep(record, metrics, await runs.rollouts(key, metrics.step))
  for (const evaluation of await runs.evaluations(key)) if (!evaluations.some(({ step }) => step === evaluation.step)) await store.putEvaluation(key, evaluation)
  if (last.step > config.steps) await folder.plan({ ...config, steps: last.step })
  await folder.checkpoint(last.step, loaded.config, withMoments(trained.moments ? state : { ...state, step: 0 }))
  if (!trained.moments) io.tell('The file has no moments of Adam: the optimizer begins anew.')
  const left = folder.run.config.steps - last.step
  io.tell(`${path}: ${stepsOf(added.length)} of ${last.engine ?? 'an engine'} behind ${stepsOf(finished)} from here. train --resume --out ${path} ${left > 0 ? `makes the ${left} that are left` : 'goes on with more --steps'}.`)
}
