// The `pretrain` command: makes nano from nothing, into a folder in Hugging Face formats, with states to go on from.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { mustFit } from '../src/core/fit.ts'
import { parameterCount, parameterShapes, writeModelConfig, type ModelConfig } from '../src/nn/transformer/config.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { readPretrainState, writePretrainState } from '../src/pretraining/pretrain-state.ts'
import { nanoSettings, phaseStart, pretrain, smokeSettings, type CurvePoint, type Pretrained, type PretrainSettings, type PretrainState } from '../src/pretraining/pretraining.ts'
import { readSafetensors, toFloat32, writeSafetensors } from '../src/models/files/safetensors.ts'
import { ArgumentError, readGiven, wholeNumber } from './options.ts'
import { trainingFile, trainingRecordSchema, writeCard, type TrainingRecord } from './card.ts'
import type { ExitStatus, Io } from './io.ts'

const usage = 'npm run -s agemem -- pretrain [--out DIR] [--smoke] [--minutes N] [--resume] [--last-phase DIR] [--seed N] [--state DIR] [--threads N] [--card N]'
const help = `Makes the embedded language model from nothing: tokenizer, corpus, training. The result is one JSON line on standard
output, progress is on standard error.

${usage}

  --out DIR     where config.json, tokenizer.json, tokenizer_config.json and model.safetensors (fp16) go; public/models/nano,
                with --smoke a folder below node_modules
  --smoke       a small model for a minute; fails when the loss does not fall
  --minutes N   end the first phase after N minutes of training. Left out: after a fixed number of tokens, so that the same
                seed gives the same model
  --resume      go on from the state of a run that was interrupted (Ctrl+C keeps one)
  --last-phase DIR  train the last phase alone, on what the phases before it left in a folder that this command wrote
  --seed N      a whole number from 0 to 4294967295; 1
  --state DIR   where states are kept while it runs; .pretrain/NAME, NAME being that of the output folder
  --threads N   all cores when left out
  --card N      held-out tasks that each measurement for MODEL_CARD.md plays; 500, with --smoke 0: no card

Exit status: 0 done, 1 failed or interrupted, 2 wrong arguments.
`

/** Minutes between states. */
const saveMinutes = 3
/** Progress is told at most this often, ms. */
const tellEvery = 5000
/** Where a smoke run leaves what it made. */
const smokeFolder = 'node_modules/.cache/agemem-smoke'
/** A smoke run passes when the loss on held-out episodes has fallen to this share of what it was. */
const smokeShare = 0.5

interface PretrainOptions {
  out: string
  state: string
  smoke: boolean
  /** What an earlier run left is nothing that anybody wants back. */
  disposable: boolean
  resume: boolean
  /** Folder of the model that the last phase begins with. */
  lastPhase: string | undefined
  threads: number | undefined
  /** Held-out tasks that the card's measurements play; 0: no card. */
  card: number
  settings: PretrainSettings
}

const optionsSchema = z.object({
  out: z.string().min(1).optional(),
  state: z.string().min(1).optional(),
  smoke: z.boolean().default(false),
  resume: z.boolean().default(false),
  'last-phase': z.string().min(1).optional(),
  minutes: z.string().transform(Number).pipe(z.number().positive().max(10_000)).optional(),
  seed: wholeNumber(0, 2 ** 32 - 1).default(1),
  threads: wholeNumber(1, 1024).optional(),
  card: wholeNumber(0, 100_000).optional(),
})
const takes: Record<keyof z.infer<typeof optionsSchema>, string> = {
  out: 'a folder',
  state: 'a folder',
  smoke: 'no value',
  resume: 'no value',
  'last-phase': 'a folder',
  minutes: 'a number above 0',
  seed: 'a whole number from 0 to 4294967295',
  threads: 'a whole number from 1',
  card: 'a whole number from 0',
}

/** @throws ArgumentError */
function readArguments(args: readonly string[]): PretrainOptions | 'help' {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { out: text, state: text, smoke: flag, resume: flag, 'last-phase': text, minutes: text, seed: text, threads: text, card: text }
  const read = readGiven(args, { options, schema: optionsSchema, takes, hint: `Usage: ${usage}` })
  if (read === 'help') return 'help'
  const { state, smoke, resume, 'last-phase': lastPhase, minutes, seed, threads, card } = read
  const out = read.out ?? (smoke ? smokeFolder : 'public/models/nano')
  const base = smoke ? smokeSettings : nanoSettings
  return {
    out,
    state: state ?? join(smoke ? smokeFolder : '.pretrain', basename(resolve(out))),
    disposable: smoke && state === undefined,
    smoke,
    resume,
    lastPhase,
    threads,
    card: card ?? (smoke ? 0 : 500),
    settings: { ...base, seed, ...(minutes === undefined ? {} : { phases: [{ ...base.phases[0], budget: { minutes } }, ...base.phases.slice(1)] }) },
  }
}

const exists = (path: string) => stat(path).then(() => true, () => false)

/** Written beside and moved into place, so that an interruption leaves the old file whole. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}

const progressFile = 'progress.json'
const tensorsFile = (step: number) => `step-${step}.safetensors`

/** Tensors first, each step under a name of its own: whenever this is interrupted, the progress names a whole file. */
async function saveState(folder: string, settings: PretrainSettings, state: PretrainState): Promise<void> {
  const { progress, tensors } = writePretrainState(settings, state)
  const current = tensorsFile(state.progress.step)
  await mkdir(folder, { recursive: true })
  await replaceFile(join(folder, current), tensors)
  await replaceFile(join(folder, progressFile), progress)
  for (const name of await readdir(folder)) if (/^step-\d+\.safetensors$/.test(name) && name !== current) await rm(join(folder, name))
}

/** @throws Error when there is no usable state of these settings */
async function loadState(folder: string, settings: PretrainSettings): Promise<PretrainState> {
  const read = async (name: string) =>
    readFile(join(folder, name)).catch(() => {
      throw new Error(`There is no state to resume from: ${join(folder, name)} cannot be read. Leave --resume out to begin anew.`)
    })
  return readPretrainState(settings, (await read(progressFile)).toString(), (step) => read(tensorsFile(step)))
}

const percent = ({ right, of }: { right: number; of: number }) => (of === 0 ? '–' : `${((100 * right) / of).toFixed(1)} %`)

function pointLine({ tokens, seconds, loss, copies, copied_tokens, answers }: CurvePoint): string {
  const byKind = Object.entries(answers).map(([kind, share]) => `${kind} ${percent(share)}`)
  return `  held-out after ${(tokens / 1e6).toFixed(2)} M tokens, ${(seconds / 60).toFixed(1)} min: loss ${loss.toFixed(3)}, copied exactly ${percent(copies)} (${percent(copied_tokens)} of the tokens), answered ${byKind.join(', ')}`
}

/** The state in which the last phase begins on the model in a folder. @throws Error when it is not one of this command's */
async function beforeLastPhase(folder: string, settings: PretrainSettings): Promise<{ state: PretrainState; threads: (number | null)[] }> {
  const read = (name: string) => readFile(join(folder, name))
  const { steps, tokens, seconds, curve, sha256, threads } = mustFit(trainingRecordSchema, JSON.parse((await read(trainingFile)).toString()), `${trainingFile}: `)
  const model = await read('model.safetensors')
  if (createHash('sha256').update(model).digest('hex') !== sha256) throw new Error(`model.safetensors in ${folder} is not the one that ${trainingFile} was written for.`)
  const parameters = new Map([...readSafetensors(model).tensors].map(([name, tensor]) => [name, toFloat32(tensor)]))
  const state: PretrainState = {
    tokenizer: { tokenizer: (await read('tokenizer.json')).toString(), config: (await read('tokenizer_config.json')).toString() },
    trainer: { step: 0, parameters, first: new Map(), second: new Map() },
    progress: phaseStart(settings.phases.length - 1, { step: steps, tokens, seconds, curve }),
  }
  return { state, threads }
}

/** Writes the model in the formats of Hugging Face; returns the hash of its weights. */
async function writeModel(out: string, { config, tokenizer, parameters }: Pretrained): Promise<string> {
  await mkdir(out, { recursive: true })
  const tensors = new Map([...parameterShapes(config)].map(([name, shape]) => [name, { shape, values: parameters.get(name) ?? new Float32Array(0) }]))
  const half = 65_504
  const spoilt = [...tensors].find(([, { values }]) => !values.every((value) => Math.abs(value) <= half))
  if (spoilt) throw new Error(`The model was not written: ${spoilt[0]} holds values that 16 bits cannot hold, and it could not be read again.`)
  const model = writeSafetensors(tensors, 'F16')
  await replaceFile(join(out, 'config.json'), `${JSON.stringify({ ...writeModelConfig(config), torch_dtype: 'float16' }, null, 2)}\n`)
  await replaceFile(join(out, 'tokenizer.json'), tokenizer.tokenizer)
  await replaceFile(join(out, 'tokenizer_config.json'), tokenizer.config)
  await replaceFile(join(out, 'model.safetensors'), model)
  return createHash('sha256').update(model).digest('hex')
}

/** Lines of progress with an estimate, a few seconds apart. */
function teller(io: Io): (step: { done: number; loss: number; progress: { step: number; tokens: number; seconds: number } }) => void {
  let told = -Infinity
  return ({ done, loss, progress: { step, tokens, seconds } }) => {
    if (io.now() - told < tellEvery && done < 1) return
    told = io.now()
    const left = done > 0 ? (seconds / done) * (1 - done) : NaN
    io.tell(`${(100 * done).toFixed(1)} %, step ${step}, ${(tokens / 1e6).toFixed(2)} M tokens, ${Math.round(tokens / seconds)} a second, loss ${loss.toFixed(3)}, about ${Math.ceil(left / 60)} min left`)
  }
}

function describe(config: ModelConfig, settings: PretrainSettings): string {
  const until = settings.phases.map(({ budget }) => ('tokens' in budget ? `${budget.tokens / 1e6} M tokens` : `${budget.minutes} min`)).join(' and ')
  return `width ${config.hiddenSize}, ${config.layers} layers, ${(parameterCount(config) / 1e6).toFixed(2)} M parameters, vocabulary ${config.vocabSize}, until ${until}`
}

/** 0 done; 1 interrupted, or a smoke run whose loss did not fall. @throws ArgumentError, Error */
export async function runPretrainCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const options = readArguments(args)
  if (options === 'help') {
    await io.out(help)
    return 0
  }
  const { out, state, smoke, disposable, resume, lastPhase, card, settings } = options
  if (disposable && !resume) await rm(state, { recursive: true, force: true })
  if (!resume && (await exists(join(state, progressFile)))) {
    throw new ArgumentError(`${state} holds the state of a run that was interrupted. Go on with --resume, or remove that folder to begin anew.`)
  }
  const before = lastPhase === undefined || resume ? null : await beforeLastPhase(lastPhase, settings)
  const resumed = resume ? await loadState(state, settings) : before?.state
  const runtime = createNodeRuntime(options.threads)
  try {
    io.tell(`${runtime.description}. ${resumed ? `Going on after ${resumed.progress.step} steps.` : 'Learning the tokenizer.'}`)
    const made = await pretrain(
      runtime,
      settings,
      {
        now: () => io.now(),
        saveEvery: saveMinutes * 60_000,
        save: (saved) => saveState(state, settings, saved),
        signal: io.signal,
        onStart: (config) => { io.tell(describe(config, settings)) },
        onStep: teller(io),
        onPoint: (point) => { io.tell(pointLine(point)) },
      },
      resumed,
    )
    if (!made.complete) {
      io.tell(`Interrupted. The state is in ${state}; --resume goes on from it.`)
      return 1
    }
    const sha256 = await writeModel(out, made)
    await rm(state, { recursive: true, force: true })
    const { step, tokens, seconds, curve } = made.progress
    const own = options.threads ?? null
    const threads = before ? [...before.threads, own] : settings.phases.map(() => own)
    const record: TrainingRecord = { seed: settings.seed, parameters: parameterCount(made.config), vocabulary: made.config.vocabSize, steps: step, tokens, seconds: Math.round(seconds), threads, sha256, curve }
    await replaceFile(join(out, trainingFile), `${JSON.stringify(record)}\n`)
    await io.out(JSON.stringify({ out, ...record }))
    if (card > 0) {
      io.tell('Measuring it for its card.')
      await writeCard(out, card, io)
    }
    return smoke && !hasFallen(curve, io) ? 1 : 0
  } finally {
    await runtime.dispose()
  }
}

function hasFallen(curve: readonly CurvePoint[], io: Io): boolean {
  const [first, last] = [curve[0]?.loss ?? NaN, curve.at(-1)?.loss ?? NaN]
  const fallen = last < smokeShare * first
  io.tell(`The loss on held-out episodes went from ${first.toFixed(3)} to ${last.toFixed(3)}${fallen ? '.' : `: it should have fallen below ${(smokeShare * first).toFixed(3)}.`}`)
  return fallen
}
