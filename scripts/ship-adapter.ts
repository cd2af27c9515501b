// Makes the adapter that comes with the page for a model (public/models/NAME/adapter) from the folder that `sft` filled, or the
// folders of lessons that went on with one another, and what `evaluate` printed of it:
//   npm run -s agemem -- sft --model DIR --out RUN …
//   npm run -s agemem -- evaluate --policy model --model DIR --adapter RUN/adapter --temperature 0 --grammar off … > EVALUATION
//   npx tsx scripts/ship-adapter.ts RUN[,RUN…] EVALUATION HUB-ID 'which of its weights' OUT
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { adapterNotesFile } from '../cli/adapter-folder.ts'
import { SupervisedFolder } from '../cli/train-folder.ts'
import { mustFit } from '../src/core/fit.ts'
import { readSafetensors, toFloat32, writeSafetensors } from '../src/models/files/safetensors.ts'

const [folders = '', evaluationFile = '', base = '', weights = '', out = ''] = process.argv.slice(2)
if (out === '') throw new Error("Usage: npx tsx scripts/ship-adapter.ts RUN[,RUN…] EVALUATION HUB-ID 'which of its weights' OUT")

const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number(), n: z.number() })
const evaluationSchema = z.looseObject({
  episodes: z.number(),
  seed: z.number(),
  temperature: z.number(),
  success_rate: z.number(),
  intervals: z.looseObject({ success_rate: z.tuple([z.number(), z.number()]) }),
  difficulty: z.record(z.string(), z.number()),
  habits: z.record(z.string(), estimate.nullable()),
  capability: z.looseObject({ well_formed: estimate }),
})

const lessons = await Promise.all(
  folders.split(',').map(async (folder) => {
    const opened = await SupervisedFolder.open(folder)
    const { steps } = await opened.history()
    const sum = (of: (step: (typeof steps)[number]) => number) => steps.reduce((total, step) => total + of(step), 0)
    const loss = (few: typeof steps) => few.reduce((total, step) => total + (step.loss ?? NaN), 0) / few.length
    return {
      folder,
      run: opened.run,
      told: {
        steps: opened.run.step,
        tokens: { packed: sum(({ tokens }) => tokens.packed), learnt: sum(({ tokens }) => tokens.loss) },
        seconds: Math.round(sum(({ seconds }) => seconds.total)),
        /** Means over ten steps. */
        loss: { first: loss(steps.slice(0, 10)), last: loss(steps.slice(-10)) },
        config: opened.run.config,
      },
    }
  }),
)
const last = lessons.at(-1)
if (!last) throw new Error('There is no lesson.')
const { folder, run } = last
const { config } = run
const evaluation = mustFit(evaluationSchema, JSON.parse(await readFile(evaluationFile, 'utf8')), `${evaluationFile}: `)
const { tensors } = readSafetensors(await readFile(join(folder, 'adapter', 'adapter_model.safetensors')))
const model = writeSafetensors(new Map([...tensors].map(([name, tensor]) => [name, { shape: [...tensor.shape], values: toFloat32(tensor) }])), 'F16')
const sha256 = createHash('sha256').update(model).digest('hex')
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const within = ({ mean, low, high, n }: z.infer<typeof estimate>) => `${percent(mean)} (${percent(low)} to ${percent(high)}, n = ${n})`
const habit = (name: string) => {
  const found = evaluation.habits[name]
  return found ? within(found) : 'no occasion'
}
const [low, high] = evaluation.intervals.success_rate
const record = {
  model: base,
  weights,
  model_sha256: run.model_sha256,
  sha256,
  /** In order, each from where the one before it ended. */
  lessons: lessons.map(({ told }) => told),
}
const lessonLine = ({ steps, tokens, seconds, loss, config: { b, seed, teacher, phase_weights: weights } }: (typeof lessons)[number]['told'], i: number) =>
  `${i + 1}. ${steps} steps of ${b} episodes of ${teacher.name}, seed ${seed}; ${tokens.packed} tokens, of which ${tokens.learnt} are replies and learnt, ${Math.round(seconds / 60)} minutes on two CPU cores that others used too. Habits: ${Object.entries(teacher.habits).map(([name, value]) => `${name} ${value}`).join(', ')}. Tokens weigh by their stage: ${Object.entries(weights).map(([phase, weight]) => `${phase} ${weight}`).join(', ')}. Loss, by those weights: ${loss.first.toFixed(3)} nats a token over the first ten steps, ${loss.last.toFixed(3)} over the last.`
const card = `# The protocol, as an adapter for ${base}

A LoRA adapter that teaches the memory protocol of the AgeMem Playground. It is where training with rewards begins, not
where it ends.

- **Shape**: rank ${config.lora.rank}, α ${config.lora.alpha}, ${config.lora.targets.join(', ')}; adapter_model.safetensors, float16, SHA-256 \`${sha256}\`. PEFT reads it.
- **Base model**: ${base}, ${weights}; SHA-256 of these weights in 32-bit floats, in the order of their names, \`${run.model_sha256}\`.
- **Made by**: \`npm run -s agemem -- sft\` with the settings of training.json, ${lessons.length === 1 ? 'in one lesson' : `in ${lessons.length} lessons, each from the adapter of the one before it (\`--adapter\`)`}.
- **Licence**: MIT, as the project; the base model has its own.

## Lessons
Episodes in the procedural world, on tasks of the training split with the difficulty of the preset quick. Replies that a tool refused
or that broke the protocol are not learnt. The system prompt is the ${config.episode.prompt} one, and the policy is to be asked with it.

${lessons.map(({ told }, i) => lessonLine(told, i)).join('\n')}

## What it does
At temperature ${evaluation.temperature}, without a grammar, on ${evaluation.episodes} held-out tasks of the same difficulty (seed ${evaluation.seed}), with 95 % intervals:

${evaluation.success_rate > 0 ? '' : 'It keeps the protocol. To remember is left to be learnt: no answer was right.\n\n'}| what | share |
| --- | --- |
| well-formed replies | ${within(evaluation.capability.well_formed)} |
| right answers | ${percent(evaluation.success_rate)} (${percent(low)} to ${percent(high)}, n = ${evaluation.episodes}) |
| facts stored | ${habit('add_fact')} |
| corrections updated | ${habit('update_correction')} |
| searched before the answer | ${habit('retrieve_first')} |
| episodes with a filter | ${habit('filter_episode')} |
`
await mkdir(out, { recursive: true })
await writeFile(join(out, 'adapter_model.safetensors'), model)
const peft = mustFit(z.looseObject({}), JSON.parse(await readFile(join(folder, 'adapter', 'adapter_config.json'), 'utf8')))
await writeFile(join(out, 'adapter_config.json'), `${JSON.stringify({ ...peft, base_model_name_or_path: base }, null, 2)}\n`)
await writeFile(join(out, adapterNotesFile), `${JSON.stringify({ prompt: config.episode.prompt })}\n`)
await writeFile(join(out, 'training.json'), `${JSON.stringify(record)}\n`)
await writeFile(join(out, 'MODEL_CARD.md'), card)
