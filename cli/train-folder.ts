// A training run as a folder: configuration, metrics, trajectories, checkpoints. What is there belongs together at any
// moment: run.json names the last whole checkpoint, and what lies beyond it is dropped when the run is resumed.
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fit, MisfitError, misfitWords, mustFit } from '../src/core/fit.ts'
import { trainConfigSchema, type TrainConfig } from '../src/core/training/config.ts'
import { supervisedConfigSchema, type SupervisedConfig } from '../src/core/training/supervised/config.ts'
import { supervisedEvaluationSchema, supervisedMetricsSchema, type SupervisedEvaluation, type SupervisedMetrics } from '../src/core/training/supervised/metrics.ts'
import { evaluationMetricsSchema, type EvaluationMetrics } from '../src/core/evaluation/evaluation-metrics.ts'
import { stepMetricsSchema, type StepMetrics } from '../src/core/training/metrics.ts'
import type { EpisodeSettings } from '../src/core/record/trajectory.ts'
import type { AdapterShape, AdapterState } from '../src/core/policy/trainable.ts'
import { withMoments } from '../src/core/training/run-start.ts'
import { loraOf, readAdapter, writeAdapter } from '../src/models/files/adapter.ts'
import { readSafetensors, toFloat32, writeSafetensors } from '../src/models/files/safetensors.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'
import { adapterNotesFile, readAdapterFolder, type AdapterNotes } from './adapter-folder.ts'
import { ArgumentError } from './options.ts'

/** What is recorded of a run, for it and all its records to be read again. */
interface RecordSchemas<Config, Metrics, Evaluation> {
  config: z.ZodType<Config>
  metrics: z.ZodType<Metrics>
  evaluation: z.ZodType<Evaluation>
}

const trainSchemas = { config: trainConfigSchema, metrics: stepMetricsSchema, evaluation: evaluationMetricsSchema }

/** What of a configuration an adapter is written with. */
interface TrainedAs {
  lora: AdapterShape
  episode: Pick<EpisodeSettings, 'prompt'>
}

interface RunFile<Config> {
  /** Where the base model lay, and what its weights hash to: an adapter fits no other. */
  model: string
  model_sha256: string
  config: Config
  /** Finished steps of the newest checkpoint. */
  step: number
  /** The adapter that it began from, as it was named; its tensors are checkpoint 0. Left out: a fresh one. */
  from?: string
}

const runSchemaOf = <Config>(config: z.ZodType<Config>): z.ZodType<RunFile<Config>> =>
  z.object({ model: z.string(), model_sha256: z.string(), config, step: z.number().int().nonnegative(), from: z.string().optional() })

const stepName = (step: number) => `step-${String(step).padStart(4, '0')}`

/** Written beside and moved into place, so that an interruption leaves the old file whole. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}

/** What history() and open() can read again. @throws Error, and then nothing is written */
function readable<T>(schema: z.ZodType<T>, value: T, what: string): T {
  const read = fit(schema, value)
  if (!read.success) throw new Error(`${what} was not written: ${misfitWords(read.misfit)}, and it could not be read again.`)
  return value
}

const lines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

function optimizerFile({ step, first, second }: AdapterState): Uint8Array {
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>()
  for (const [moment, values] of [['first', first], ['second', second]] as const) {
    for (const [name, data] of values) tensors.set(`${moment}/${name}`, { shape: [data.length], values: data })
  }
  return writeSafetensors(tensors, 'F32', { format: 'pt', optimizer_step: String(step) })
}

/** The folder of a run of any kind. */
export class RunFolder<Config extends TrainedAs, Metrics extends { step: number }, Evaluation extends { step: number }> {
  readonly #path: string
  readonly #schemas: RecordSchemas<Config, Metrics, Evaluation>
  run: RunFile<Config>

  private constructor(path: string, schemas: RecordSchemas<Config, Metrics, Evaluation>, run: RunFile<Config>) {
    this.#path = path
    this.#schemas = schemas
    this.run = run
  }

  /** @throws ArgumentError when the folder holds a run already */
  static async begin<C extends TrainedAs, M extends { step: number }, E extends { step: number }>(
    path: string,
    schemas: RecordSchemas<C, M, E>,
    run: Omit<RunFile<C>, 'step'>,
  ): Promise<RunFolder<C, M, E>> {
    const taken = await readFile(join(path, 'run.json')).then(() => true, () => false)
    if (taken) throw new ArgumentError(`${path} holds a run already. Go on with --resume, or give another --out.`)
    await mkdir(path, { recursive: true })
    const folder = new RunFolder(path, schemas, { ...run, step: 0 })
    await folder.#writeRun()
    return folder
  }

  /** @throws Error saying what is missing or damaged */
  static async reopen<C extends TrainedAs, M extends { step: number }, E extends { step: number }>(
    path: string,
    schemas: RecordSchemas<C, M, E>,
  ): Promise<RunFolder<C, M, E>> {
    const file = join(path, 'run.json')
    const text = await readFile(file, 'utf8').catch(() => {
      throw new Error(`There is no run to resume: ${file} cannot be read.`)
    })
    try {
      return new RunFolder(path, schemas, mustFit(runSchemaOf(schemas.config), JSON.parse(text)))
    } catch (error) {
      const why = error instanceof MisfitError ? error.message : 'it is not JSON.'
      throw new Error(`${file} is damaged: ${why}`, { cause: error })
    }
  }

  async #writeRun(): Promise<void> {
    await replaceFile(join(this.#path, 'run.json'), `${JSON.stringify(readable(runSchemaOf(this.#schemas.config), this.run, 'The run'), null, 2)}\n`)
  }

  async plan(config: Config): Promise<void> {
    this.run = { ...this.run, config }
    await this.#writeRun()
  }

  async #records<T>(name: string, schema: z.ZodType<T>): Promise<T[]> {
    const text = await readFile(join(this.#path, name), 'utf8').catch(() => '')
    // A line that was being written when everything ended is no record.
    return text.split('\n').flatMap((line) => {
      try {
        const read = schema.safeParse(JSON.parse(line))
        return read.success ? [read.data] : []
      } catch {
        return []
      }
    })
  }

  /** Metrics and evaluations up to the checkpoint. */
  async recorded(): Promise<{ steps: Metrics[]; evaluations: Evaluation[] }> {
    const kept = <T extends { step: number }>(records: T[]) => records.filter(({ step }) => step <= this.run.step)
    return { steps: kept(await this.#records('metrics.jsonl', this.#schemas.metrics)), evaluations: kept(await this.#records('evaluations.jsonl', this.#schemas.evaluation)) }
  }

  /** The same, to go on behind them: what lies beyond is dropped, for it will come again. */
  async history(): Promise<{ steps: Metrics[]; evaluations: Evaluation[] }> {
    const { steps, evaluations } = await this.recorded()
    await replaceFile(join(this.#path, 'metrics.jsonl'), lines(steps))
    await replaceFile(join(this.#path, 'evaluations.jsonl'), lines(evaluations))
    return { steps, evaluations }
  }

  /** @param episodes one JSON line each; null: they are not kept */
  async addStep(metrics: Metrics, episodes: readonly unknown[] | null): Promise<void> {
    readable(this.#schemas.metrics, metrics, `Step ${metrics.step}`)
    if (episodes) await mkdir(join(this.#path, 'trajectories'), { recursive: true })
    if (episodes) await replaceFile(join(this.#path, 'trajectories', `${stepName(metrics.step)}.jsonl`), lines(episodes))
    await appendFile(join(this.#path, 'metrics.jsonl'), lines([metrics]))
  }

  async addEvaluation(evaluation: Evaluation): Promise<void> {
    await appendFile(join(this.#path, 'evaluations.jsonl'), lines([readable(this.#schemas.evaluation, evaluation, 'The evaluation')]))
  }

  /** The adapter after `step` steps, for PEFT and to go on from. */
  async checkpoint(step: number, model: ModelConfig, state: AdapterState): Promise<void> {
    const lora = loraOf(this.run.config.lora)
    const adapter = writeAdapter(model, { lora, parameters: state.parameters }, this.run.model)
    const notes: AdapterNotes = { prompt: this.run.config.episode.prompt }
    const places = [join(this.#path, 'checkpoints', stepName(step)), join(this.#path, 'adapter')]
    for (const [i, place] of places.entries()) {
      await mkdir(place, { recursive: true })
      if (i === 0) await replaceFile(join(place, 'optimizer.safetensors'), optimizerFile(state))
      await replaceFile(join(place, 'adapter_model.safetensors'), adapter.model)
      await replaceFile(join(place, adapterNotesFile), `${JSON.stringify(notes)}\n`)
      await replaceFile(join(place, 'adapter_config.json'), adapter.config)
    }
    this.run = { ...this.run, step }
    await this.#writeRun()
  }

  /**
   * The newest checkpoint, or that of a step; null before the first of a run that began from no adapter.
   * @throws Error when it is damaged or another model's
   */
  async adapterState(model: ModelConfig, step = this.run.step): Promise<AdapterState | null> {
    if (step === 0 && this.run.from === undefined) return null
    const place = join(this.#path, 'checkpoints', stepName(step))
    const read = (name: string) =>
      readFile(join(place, name)).catch(() => {
        throw new Error(`The checkpoint is not whole: ${join(place, name)} cannot be read.`)
      })
    const adapter = readAdapter(model, { config: (await read('adapter_config.json')).toString(), model: await read('adapter_model.safetensors') })
    const { tensors, metadata } = readSafetensors(await read('optimizer.safetensors'))
    const moment = (name: 'first' | 'second') =>
      new Map([...tensors].flatMap(([key, tensor]) => (key.startsWith(`${name}/`) ? [[key.slice(name.length + 1), toFloat32(tensor)] as const] : [])))
    return { step: Number(metadata['optimizer_step']), parameters: adapter.parameters, first: moment('first'), second: moment('second') }
  }
}

interface Begun<Config> {
  run: RunFile<Config>
  checkpoint: (step: number, model: ModelConfig, state: AdapterState) => Promise<void>
}

/**
 * A new run, with the shape of the adapter that it begins from and a copy of it, so that it can go on without that folder.
 * @param adapter a folder; null: it begins with a fresh one
 * @throws Error saying what is wrong with the adapter
 */
export async function createdFrom<C extends TrainedAs, F extends Begun<C>>(adapter: string | null, run: Omit<RunFile<C>, 'step' | 'from'>, model: ModelConfig, create: (run: Omit<RunFile<C>, 'step'>) => Promise<F>): Promise<F> {
  if (adapter === null) return create(run)
  const { adapter: { lora, parameters } } = await readAdapterFolder(adapter, model)
  const folder = await create({ ...run, config: { ...run.config, lora: { ...lora, targets: [...lora.targets] } }, from: adapter })
  await folder.checkpoint(0, model, withMoments({ step: 0, parameters, first: new Map(), second: new Map() }))
  return folder
}

/** The folder of a run of `train`. */
export type TrainFolder = RunFolder<TrainConfig, StepMetrics, EvaluationMetrics>
export const TrainFolder = {
  /** @throws ArgumentError when the folder holds a run already */
  create: (path: string, run: Omit<RunFile<TrainConfig>, 'step'>): Promise<TrainFolder> => RunFolder.begin(path, trainSchemas, run),
  /** @throws Error saying what is missing or damaged */
  open: (path: string): Promise<TrainFolder> => RunFolder.reopen(path, trainSchemas),
}

const supervisedSchemas = { config: supervisedConfigSchema, metrics: supervisedMetricsSchema, evaluation: supervisedEvaluationSchema }

/** The folder of a run of `sft`. */
export type SupervisedFolder = RunFolder<SupervisedConfig, SupervisedMetrics, SupervisedEvaluation>
export const SupervisedFolder = {
  /** @throws ArgumentError when the folder holds a run already */
  create: (path: string, run: Omit<RunFile<SupervisedConfig>, 'step'>): Promise<SupervisedFolder> => RunFolder.begin(path, supervisedSchemas, run),
  /** @throws Error saying what is missing or damaged */
  open: (path: string): Promise<SupervisedFolder> => RunFolder.reopen(path, supervisedSchemas),
}
