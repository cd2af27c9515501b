// The `card` command: plays held-out tasks with a model that `pretrain` made, and writes its MODEL_CARD.md with what was
// measured. pretrain runs it at its end.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { mustFit } from '../src/core/fit.ts'
import { curvePointSchema } from '../src/pretraining/pretraining.ts'
import { evaluateTasks } from './evaluate.ts'
import { readOptions } from './arguments.ts'
import type { ExitStatus, Io } from './io.ts'
import { readGiven, wholeNumber } from './options.ts'
import { renderCard } from './render-card.ts'

/** What pretrain notes beside the model. */
export const trainingFile = 'training.json'

export const trainingRecordSchema = z.object({
  seed: z.number(),
  parameters: z.number(),
  vocabulary: z.number(),
  steps: z.number(),
  tokens: z.number(),
  seconds: z.number(),
  /** Of each phase; null: all cores. */
  threads: z.array(z.number().nullable()),
  sha256: z.string(),
  curve: z.array(curvePointSchema),
})
export type TrainingRecord = z.infer<typeof trainingRecordSchema>

/** What is measured for the card: sampled, greedy, and greedy with the facts given. */
const measurements = {
  sampled: [],
  greedy: ['--temperature', '0'],
  given: ['--temperature', '0', '--given-facts'],
} as const

/** Measures the model in a folder and writes its card there. @throws Error when files are missing or do not belong together */
export async function writeCard(folder: string, tasks: number, io: Io): Promise<void> {
  const record = mustFit(trainingRecordSchema, JSON.parse(await readFile(join(folder, trainingFile), 'utf8')), `${trainingFile}: `)
  const sha256 = createHash('sha256').update(await readFile(join(folder, 'model.safetensors'))).digest('hex')
  if (sha256 !== record.sha256) throw new Error(`model.safetensors in ${folder} is not the one that ${trainingFile} was written for.`)
  const measure = async (more: readonly string[]) => {
    const options = readOptions(['--policy', 'nano', '--model', folder, '--split', 'held-out', '--seed', '7', '--tasks', String(tasks), ...more])
    if (options === 'help') throw new Error('No option here asks for help.')
    const evaluation = await evaluateTasks(options, io)
    if (!evaluation) throw new Error('No episode came to its end.')
    return evaluation
  }
  const sampled = await measure(measurements.sampled)
  const greedy = await measure(measurements.greedy)
  const given = await measure(measurements.given)
  await writeFile(join(folder, 'MODEL_CARD.md'), renderCard(record, { sampled, greedy, given, tasks }))
}

const usage = 'npm run -s agemem -- card [--model DIR] [--tasks N]'
const help = `Plays held-out tasks with a model that pretrain made and writes its MODEL_CARD.md.

${usage}

  --model DIR   a folder that pretrain wrote; public/models/nano
  --tasks N     held-out tasks for each measurement; 500
`

const optionsSchema = z.object({ model: z.string().min(1).default('public/models/nano'), tasks: wholeNumber(1, 1_000_000).default(500) })

export async function runCardCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const text = { type: 'string' } as const
  const read = readGiven(args, { options: { model: text, tasks: text }, schema: optionsSchema, takes: { model: 'a folder', tasks: 'a whole number from 1' }, hint: `Usage: ${usage}` })
  if (read === 'help') {
    await io.out(help)
    return 0
  }
  const { model: folder, tasks } = read
  await writeCard(folder, tasks, io)
  await io.out(JSON.stringify({ card: join(folder, 'MODEL_CARD.md') }))
  return 0
}
