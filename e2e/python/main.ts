// npm run test:python [-- --python PATH …] [--only twin|loss|train|viewers] [--program NAME] [--count N]: what is exported, in the
// programs that it is for. Not part of `npm test`: it needs Pythons with PyTorch, TRL and others, which are made once in a cache
// outside the project. What cannot be had is skipped, visibly.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChecks } from '../outside/checks.ts'
import { pythonWith } from '../outside/python.ts'
import { lossChecks } from './loss.ts'
import { trainChecks } from './train.ts'
import { twinChecks } from './twin.ts'
import { viewerChecks } from './viewers.ts'

const { values } = parseArgs({ options: { python: { type: 'string', multiple: true }, only: { type: 'string' }, program: { type: 'string' }, count: { type: 'string' } } })
const given = values.python ?? (process.env['AGEMEM_PYTHON'] === undefined ? [] : [process.env['AGEMEM_PYTHON']])
const wanted = (name: string) => values.only === undefined || values.only === name

await runChecks('python', async ({ check, say, place, part }) => {
  await part('TRL', async () => {
    if (!['twin', 'loss', 'train'].some(wanted)) return
    const requirements = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8')
    const python = await pythonWith({ name: 'python', requirements, probe: 'import trl, peft, torch' }, given, say)
    say(python)
    if (wanted('twin')) await twinChecks(python, Number(values.count ?? 3000), check)
    if (wanted('loss')) await lossChecks(python, place('loss'), check)
    if (wanted('train')) await trainChecks(python, place('train'), check, say)
  })
  if (wanted('viewers')) await viewerChecks(given, values.program ?? null, { check, say, part, place })
})
