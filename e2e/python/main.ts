// What is exported, in the programs that it is for. Not part of `npm test`: it needs Pythons with PyTorch, TRL and others, which
// are made once in a cache outside the project. What cannot be had is skipped, visibly.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { given, numberFrom } from '../../cli/given.ts'
import { runChecks } from '../outside/checks.ts'
import { pythonWith } from '../outside/python.ts'
import { lossChecks } from './loss.ts'
import { nano } from './run.ts'
import { trainChecks } from './train.ts'
import { twinChecks } from './twin.ts'
import { programNames, viewerChecks } from './viewers.ts'

const parts = ['twin', 'loss', 'train', 'viewers'] as const
const { python: paths, only, program, count, model } = given({
  command: 'npm run test:python',
  does: 'Opens what is exported in the programs that it is for: TRL, and those that show episodes and metrics. Makes a Python for each in a\ncache where none is given. What cannot be had is skipped, visibly. Minutes.',
  schema: z.object({ python: z.array(z.string().min(1)).optional(), only: z.enum(parts).optional(), program: z.enum(programNames).optional(), count: numberFrom(1).default(3000), model: z.string().min(1).optional() }),
  takes: {
    python: 'the path of a Python that has the packages; as often as there are some',
    only: `one of ${parts.join(', ')}; all when left out`,
    program: `of viewers, one of ${programNames.join(', ')}`,
    count: 'how many replies and answers of twin; 3000 when left out',
    model: 'of train: the GGUF file of SmolLM2-135M-Instruct, in place of nano; from the adapter that comes with the project',
  },
  repeated: ['python'],
})
const taughtAdapter = resolve(import.meta.dirname, '../../public/models/smollm2-135m-instruct/adapter')
const pythons = paths ?? (process.env['AGEMEM_PYTHON'] === undefined ? [] : [process.env['AGEMEM_PYTHON']])
const wanted = (name: (typeof parts)[number]) => only === undefined || only === name

await runChecks('python', async ({ check, say, place, part }) => {
  await part('TRL', async () => {
    if (!(['twin', 'loss', 'train'] as const).some(wanted)) return
    const requirements = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8')
    const python = await pythonWith({ name: 'python', requirements, probe: 'import trl, peft, torch' }, pythons, say)
    say(python)
    if (wanted('twin')) await twinChecks(python, count, check)
    if (wanted('loss')) await lossChecks(python, place('loss'), check)
    if (wanted('train')) await trainChecks(python, place('train'), model === undefined ? nano : { from: { model: resolve(model), adapter: taughtAdapter }, tasks: 1, rollouts: 2 }, check, say)
  })
  if (wanted('viewers')) await viewerChecks(pythons, program ?? null, { check, say, part, place })
})
