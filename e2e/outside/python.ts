// Pythons with the packages that checks need, each made once in a cache outside the project, and programs run in them.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../src/core/error-message.ts'

const run = promisify(execFile)

export type Say = (line: string) => void

/** Something that is not there and cannot be had: the checks are skipped, visibly. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** A folder of the cache. */
export const cached = (name: string): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agemem-playground', name)

function complaint(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stderr' in error && String(error.stderr).trim() !== '' ? String(error.stderr) : messageOf(error)
}
const last = (error: unknown) => complaint(error).trim().split('\n').slice(-4).join(' ').slice(0, 500)

/** @param atLeast minor version of Python 3 @throws Unavailable */
export async function systemPython(atLeast = 10): Promise<string> {
  for (const name of ['python3', 'python', 'python3.13', 'python3.12', 'python3.11']) {
    const holds = await run(name, ['-c', `import sys, venv, pip; sys.exit(sys.version_info < (3, ${atLeast}))`]).then(() => true, () => false)
    if (holds) return name
  }
  throw new Unavailable(`There is no Python 3.${atLeast} with venv and pip here. Install one, or give --python PATH of one that has the packages.`)
}

/** @param why for people, what cannot be had @throws Unavailable */
export async function pip(python: string, args: readonly string[], why: string): Promise<void> {
  await run(python, ['-m', 'pip', ...args], { maxBuffer: 2 ** 28 }).catch((error: unknown) => { throw new Unavailable(`${why}: ${last(error)}`) })
}

export interface Packages {
  /** Of the folder in the cache. */
  name: string
  /** As in a requirements.txt. */
  requirements: string
  /** A statement that needs them. */
  probe: string
  /** Minor version of Python 3. */
  atLeast?: number
}

/**
 * @param given Pythons that somebody has: the first one that has the packages is taken, and none is made. Empty: one is made,
 * or taken from the cache @throws Unavailable
 */
export async function pythonWith({ name, requirements, probe, atLeast }: Packages, given: readonly string[], say: Say): Promise<string> {
  let refused = ''
  for (const python of given) {
    const error: unknown = await run(python, ['-W', 'ignore', '-c', probe]).then(() => null, (thrown: unknown) => thrown)
    if (error === null) return python
    refused += ` ${python}: ${last(error)}`
  }
  if (given.length > 0) throw new Unavailable(`No Python that was given has what ${name} needs (${requirements.split('\n').find((line) => /^\w/.test(line)) ?? ''} …).${refused}`)
  const folder = cached(name)
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const made = join(folder, 'made-of.txt')
  if (existsSync(made) && readFileSync(made, 'utf8') === requirements) return python
  const system = await systemPython(atLeast)
  say(`making a Python for ${name} in ${folder}; this takes its time once`)
  mkdirSync(folder, { recursive: true })
  await run(system, ['-m', 'venv', folder]).catch((error: unknown) => { throw new Unavailable(`No virtual environment can be made: ${last(error)}`) })
  const list = join(folder, 'requirements.txt')
  writeFileSync(list, requirements)
  await pip(python, ['install', '--quiet', '-r', list], 'The packages cannot be fetched')
  writeFileSync(made, requirements)
  return python
}

/** @returns its standard output. @throws Error with the end of what it complains of */
export async function runPython(python: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, HF_HUB_OFFLINE: '1', HF_HUB_DISABLE_TELEMETRY: '1', TOKENIZERS_PARALLELISM: 'false', TRL_EXPERIMENTAL_SILENCE: '1', CUDA_VISIBLE_DEVICES: '' }
  try {
    return (await run(python, args, { cwd, env, maxBuffer: 2 ** 28 })).stdout
  } catch (error) {
    throw new Error(`python ${args.join(' ')} failed:\n${complaint(error).split('\n').slice(-25).join('\n')}`, { cause: error })
  }
}
