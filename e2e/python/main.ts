// npm run test:python [-- --python PATH] [--only twin|loss|train] [--count N]: the exported folder for TRL in a real Python, against ours.
// Not part of `npm test`: it needs a Python with PyTorch and TRL, which is made once in a cache outside the project. Where there
// is none to be had it is skipped, visibly.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { lossChecks } from './loss.ts'
import { pythonWithTrl, Unavailable } from './setting.ts'
import { trainChecks } from './train.ts'
import { twinChecks } from './twin.ts'

const { values: given } = parseArgs({ options: { python: { type: 'string' }, only: { type: 'string' }, count: { type: 'string' } } })
const started = performance.now()
const say = (line: string) => { process.stdout.write(`[${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}\n`) }
let failures = 0
const check = (what: string, holds: boolean, found: string) => {
  if (!holds) failures++
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}: ${found}`)
}

const folder = mkdtempSync(join(tmpdir(), 'agemem-python-'))
const place = (name: string) => {
  mkdirSync(join(folder, name))
  return join(folder, name)
}
try {
  const python = await pythonWithTrl(given.python ?? process.env['AGEMEM_PYTHON'] ?? null, say)
  say(python)
  const wanted = (name: string) => given.only === undefined || given.only === name
  if (wanted('twin')) await twinChecks(python, Number(given.count ?? 3000), check)
  if (wanted('loss')) await lossChecks(python, place('loss'), check)
  if (wanted('train')) await trainChecks(python, place('train'), check, say)
  if (failures > 0) process.exitCode = 1
  say(failures > 0 ? `${failures} checks failed.` : 'All checks hold.')
} catch (error) {
  if (!(error instanceof Unavailable)) throw error
  say(`SKIPPED ${error.message}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
