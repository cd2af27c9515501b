// Who plays an experiment on the command line: a script, or a model of a folder that is trained where an arm needs it. Its runs are
// folders like those of `train`; what comes with the page is taken where it is the same.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noDataSets } from '../src/core/environments/family.ts'
import { isQuestion } from '../src/core/environments/question/task.ts'
import { scriptedPolicy } from '../src/core/demonstrations/scripted.ts'
import type { ExperimentPlan, ExperimentTrained } from '../src/core/experiments/result.ts'
import { pointsOf, type ExperimentParts } from '../src/core/experiments/run.ts'
import { isTrainingName, sameTraining, trainingConfig, trainingKey, type TrainingBase, type TrainingName } from '../src/core/experiments/trainings.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { adapterHash } from '../src/core/policy/adapter-hash.ts'
import { constrained, usuallyConstrained } from '../src/core/policy/constrained.ts'
import type { AdapterShape, AdapterState } from '../src/core/policy/trainable.ts'
import { wordCounter } from '../src/core/policy/word-counter.ts'
import type { EpisodeSettings } from '../src/core/record/trajectory.ts'
import { trainingSetup, type TrainConfig } from '../src/core/training/config.ts'
import { noteWords } from '../src/core/training/health-words.ts'
import { checkpointKey, type RunRecord } from '../src/core/training/runs.ts'
import { shippedAdapters, trainedAdapterKey } from '../src/core/training/shipped-run.ts'
import { TrainingRun } from '../src/core/training/training-run.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { shippedFrom } from '../workers/shipped-files.ts'
import { readAdapterFolder, usualSettings } from './adapter-folder.ts'
import type { ExperimentOptions } from './experiment-options.ts'
import { FolderStore } from './folder-store.ts'
import type { Io } from './io.ts'
import { modelName } from './model-folder.ts'
import { openModel } from './open-model.ts'
import { createdFrom, TrainFolder } from './train-folder.ts'

export interface ExperimentPlayer extends Pick<ExperimentParts, 'policy' | 'train' | 'stepsOf'> {
  model: { name: string; sha256: string | null }
  machine: string
  settings: EpisodeSettings
  base: TrainingBase
  /** What it was taught before; left out: nothing. */
  start?: ExperimentPlan['start']
  /** It can be trained. */
  learns: boolean
  dispose: () => Promise<void>
}


function scriptedPlayer(name: Exclude<ExperimentOptions['policy'], 'nano' | 'model'>): ExperimentPlayer {
  return {
    model: { name, sha256: null },
    machine: `Node.js ${process.version}`,
    settings: settingsPresets.quick,
    base: 'quick',
    learns: false,
    stepsOf: () => 0,
    train: () => Promise.reject(new Error(`The script ${name} cannot be trained.`)),
    policy: () =>
      Promise.resolve({
        spec: { kind: 'scripted', name },
        id: { run: name, batch: 0 },
        policyFor: (taskOf) => {
          const questionOf = (thread: string) => {
            const task = taskOf(thread)
            return task && isQuestion(task) ? task : undefined
          }
          return { ...scriptedPolicy(name, questionOf), counter: wordCounter }
        },
      }),
    dispose: () => Promise.resolve(),
  }
}

interface Adapter {
  lora: AdapterShape
  parameters: AdapterState['parameters']
}

/** The run that comes with the page, where it was trained as is wanted. */
async function shippedTraining(config: ReturnType<typeof trainingConfig>): Promise<{ adapter: Adapter; steps: Awaited<ReturnType<Awaited<ReturnType<ReturnType<typeof shippedFrom>['history']>>['steps']>> } | null> {
  const files = shippedFrom(async (name) => new Blob([new Uint8Array(await readFile(join('public/runs', name)))]))
  const { run } = await files.index()
  if (!sameTraining(run.config, config)) return null
  const { parameters } = await files.adapter(shippedAdapters[2])
  return { adapter: { lora: run.config.lora, parameters }, steps: await (await files.history()).steps(run.key) }
}

async function modelPlayer({ policy, model: place, adapter: taught, out, steps, threads }: ExperimentOptions, io: Io): Promise<ExperimentPlayer> {
  const runtime = createNodeRuntime(threads)
  const nano = policy === 'nano'
  const name = nano ? 'nano' : modelName(place)
  const { model, hash: sha256 } = await openModel(runtime, place, io, name)
  const base: TrainingBase = nano ? 'quick' : 'pretrained'
  const begins = taught === null ? null : await readAdapterFolder(taught, model.config)
  const start = begins?.ref
  const settings = settingsPresets[nano ? 'quick' : await usualSettings(taught)]
  const startHash = start?.hash
  const adapters = new Map<string, Adapter>()
  const stepsOf = (training: TrainingName) => trainingConfig(training, base, 0, steps).steps

  /** The shape of an adapter is that of what it begins from. */
  const configOf = (training: TrainingName, seed: number): TrainConfig => {
    const config = trainingConfig(training, base, seed, steps)
    return begins ? { ...config, lora: { ...begins.adapter.lora, targets: [...begins.adapter.lora.targets] } } : config
  }
  const keyOf = (training: TrainingName, seed: number, planned: number) => trainingKey(training, name, seed, planned, startHash)

  async function begun(key: string, config: TrainConfig): Promise<TrainFolder> {
    const path = join(out, 'trainings', key)
    const there = await readFile(join(path, 'run.json')).then(() => true, () => false)
    if (!there) return createdFrom(taught, { model: place, model_sha256: sha256, config }, model.config, (run) => TrainFolder.create(path, run))
    const folder = await TrainFolder.open(path)
    if (folder.run.model_sha256 !== sha256) throw new Error(`The run in ${path} trains another model (${folder.run.model}): give another --out.`)
    if (!sameTraining(folder.run.config, config)) throw new Error(`The run in ${path} has another configuration than this experiment trains with: give another --out.`)
    return folder
  }

  const train: ExperimentPlayer['train'] = async (training, seed, onStep) => {
    const config = configOf(training, seed)
    const of = (key: string, adapter: Adapter, run: Pick<ExperimentTrained, 'steps' | 'points' | 'seconds'>): ExperimentTrained => {
      adapters.set(key, adapter)
      return { training, seed, ...run, adapter: { key, name: `${training}, seed ${seed}`, hash: adapterHash(adapter.parameters) } }
    }
    const shipped = nano ? await shippedTraining(config) : null
    if (shipped) {
      io.tell(`${training}, seed ${seed}: the run that comes with the page was trained so, and is taken.`)
      return of(trainedAdapterKey, shipped.adapter, { steps: shipped.steps.length, points: pointsOf(shipped.steps), seconds: shipped.steps.reduce((sum, { seconds }) => sum + seconds.total, 0) })
    }
    const key = keyOf(training, seed, config.steps)
    const folder = await begun(key, config)
    if (folder.run.step < config.steps) {
      const { steps: before, evaluations } = await folder.history()
      const record: RunRecord = { key, name: key, created: 0, model: name, model_url: null, config: folder.run.config, steps: folder.run.step, status: 'running', note: null }
      await model.beginTraining(trainingSetup(config), await folder.adapterState(model.config))
      const clock = { wall: () => io.now(), monotonic: () => io.now() }
      const run = new TrainingRun(
        { record, before },
        {
          store: new FolderStore(folder, model.config, record, evaluations),
          ...{ model, clock, data: noDataSets, signal: io.signal, pausing: () => false },
          tell: (event) => {
            if (event.type === 'step') onStep(event.metrics.step, config.steps)
          },
        },
      )
      try {
        // One that pauses by itself has little to learn from: the experiment wants to know what becomes of it all the same.
        for (let ended = await run.go('end'); ended.steps < config.steps; ended = await run.go('end')) if (ended.note !== null) io.tell(`  ${noteWords(ended.note)} The experiment goes on.`)
      } catch (error) {
        await run.rest(null)
        throw error
      } finally {
        await model.endTraining()
      }
    }
    const state = await folder.adapterState(model.config)
    if (!state) throw new Error(`The training ${key} left no adapter.`)
    const { steps: made } = await folder.history()
    return of(checkpointKey(key, config.steps), { lora: config.lora, parameters: state.parameters }, { steps: folder.run.step, points: pointsOf(made), seconds: made.reduce((sum, { seconds }) => sum + seconds.total, 0) })
  }

  async function adapterOf({ training, seed, adapter: { key } }: ExperimentTrained): Promise<Adapter> {
    const known = adapters.get(key)
    if (known) return known
    if (!isTrainingName(training)) throw new Error(`There is no training ${training} any more.`)
    const config = configOf(training, seed)
    const shipped = key === trainedAdapterKey ? await shippedTraining(config) : null
    const state = shipped ? null : await (await begun(keyOf(training, seed, config.steps), config)).adapterState(model.config)
    const found = shipped?.adapter ?? (state && { lora: config.lora, parameters: state.parameters })
    if (!found) throw new Error(`The adapter of ${training}, seed ${seed}, is gone from ${join(out, 'trainings')}.`)
    adapters.set(key, found)
    return found
  }

  return {
    model: { name, sha256 },
    machine: `Node.js ${process.version}, ${runtime.description}`,
    settings,
    base,
    ...(start && { start }),
    learns: true,
    stepsOf,
    train,
    async policy(trained) {
      await model.useAdapter(trained === null ? (begins?.adapter ?? null) : await adapterOf(trained))
      const adapter = trained?.adapter ?? start ?? null
      const grammar = usuallyConstrained(name, adapter !== null)
      return {
        spec: { kind: 'onnx', model: name, source: null, adapter, ...(grammar && { constrained: true }) },
        id: { run: trained?.adapter.key ?? 'base', batch: trained?.steps ?? 0 },
        policyFor: () => (grammar ? { ...constrained(model), counter: model.counter } : model),
      }
    },
    async dispose() {
      await model.dispose()
      await runtime.dispose()
    },
  }
}

/** @throws Error saying what is wrong with the model */
export async function openPlayer(options: ExperimentOptions, io: Io): Promise<ExperimentPlayer> {
  const { policy } = options
  return policy === 'nano' || policy === 'model' ? modelPlayer(options, io) : scriptedPlayer(policy)
}
