// A Python with TRL, made once in a cache outside the project from the versions in requirements.txt, and programs run in it.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../src/core/error-message.ts'

const run = promisify(execFile)
const requirements = join(import.meta.dirname, 'requirements.txt')
const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agemem-playground', 'python')

/** Something that is not there and cannot be had: the checks are skipped, visibly. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

const last = (error: unknown) => messageOf(error).trim().split('\n').slice(-4).join(' ').slice(0, 500)

/** @param given a Python that has the packages; null: one is made. @throws Unavailable */
export async function pythonWithTrl(given: string | null, say: (line: string) => void): Promise<string> {
  if (given !== null) {
    await run(given, ['-c', 'import trl, peft, torch']).catch((error: unknown) => { throw new Unavailable(`${given} has no TRL: ${last(error)}`) })
    return given
  }
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const made = join(folder, 'made-of.txt')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) return python
  const system = await ['python3', 'python'].reduce<Promise<string | null>>(async (found, name) => (await found) ?? run(name, ['-m', 'venv', '--help']).then(() => name, () => null), Promise.resolve(null))
  if (system === null) throw new Unavailable('There is no Python with venv here. Install one, or give --python PATH of one that has the packages of e2e/python/requirements.txt.')
  say(`making a Python with TRL in ${folder}: some gigabytes, some minutes`)
  await run(system, ['-m', 'venv', folder]).catch((error: unknown) => { throw new Unavailable(`No virtual environment can be made: ${last(error)}`) })
  await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { maxBuffer: 2 ** 28 }).catch((error: unknown) => {
    throw new Unavailable(`The packages cannot be fetched: ${last(error)}`)
  })
  writeFileSync(made, wanted)
  return python
}

/** @returns its standard output. @throws Error with the end of what it complains of */
export async function runPython(python: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, HF_HUB_OFFLINE: '1', HF_HUB_DISABLE_TELEMETRY: '1', TOKENIZERS_PARALLELISM: 'false', TRL_EXPERIMENTAL_SILENCE: '1', CUDA_VISIBLE_DEVICES: '' }
  try {
    return (await run(python, args, { cwd, env, maxBuffer: 2 ** 28 })).stdout
  } catch (error) {
    const complaint = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : messageOf(error)
    throw new Error(`python ${args.join(' ')} failed:\n${complaint.split('\n').slice(-25).join('\n')}`, { cause: error })
  }
}
