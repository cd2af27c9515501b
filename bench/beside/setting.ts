// What the comparison needs from outside: a Python with the libraries, and those of npm. Both lie in a cache outside the
// project; what cannot be had is left out, and said.
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../src/core/error-message.ts'

const run = promisify(execFile)

export type Say = (line: string) => void

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agemem-playground', 'peers')

/** Sets of packages that are installed one after the other, so that one which cannot be built leaves the others. */
const libraries = {
  pytorch: ['torch==2.15.0', 'transformers==5.24.0', 'peft==0.21.2', 'trl==1.16.0', 'tokenizers==0.23.3', 'safetensors==0.8.0', 'accelerate', 'datasets', 'jinja2', 'gguf==0.19.0'],
  onnxsim: ['onnxsim==0.8.1', 'onnx==1.23.2', 'onnxruntime==1.32.0'],
  'llama.cpp': ['llama-cpp-python==0.3.36', 'gguf==0.19.0'],
} as const
export type PythonLibrary = keyof typeof libraries

export interface Python {
  path: string
  /** Why a library is not there; those that are there have no entry. */
  problems: ReadonlyMap<PythonLibrary, string>
}

const lastWords = (error: unknown) => messageOf(error).trim().split('\n').slice(-3).join(' ').slice(0, 300)

/** A Python with the libraries, made once: gigabytes, and minutes for llama.cpp, which is compiled. @param given one that has them already */
export async function peersPython(given: string | undefined, wanted: readonly PythonLibrary[], say: Say): Promise<Python | { problem: string }> {
  if (given !== undefined) return { path: given, problems: new Map() }
  const folder = join(cache, 'venv')
  const path = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true })
    try {
      await run('python3', ['-m', 'venv', folder])
    } catch (error) {
      return { problem: `no virtual environment can be made: ${lastWords(error)}` }
    }
  }
  const problems = new Map<PythonLibrary, string>()
  for (const library of wanted) {
    const mark = join(folder, `whole-${library}`)
    const packages = libraries[library].join('\n')
    if (existsSync(mark) && readFileSync(mark, 'utf8') === packages) continue
    say(`installing ${libraries[library].join(', ')} in ${folder}`)
    try {
      await run(path, ['-m', 'pip', 'install', '--quiet', ...libraries[library]], {
        maxBuffer: 2 ** 28,
        // Of llama.cpp its model code alone: pictures and sounds take as long to compile again.
        env: { ...process.env, CMAKE_ARGS: '-DLLAVA_BUILD=OFF' },
      })
      writeFileSync(mark, packages)
    } catch (error) {
      problems.set(library, `its package cannot be installed here: ${lastWords(error)}`)
    }
  }
  return { path, problems }
}

/** The folder with TensorFlow.js and jax-js, installed once. */
export async function peersModules(say: Say): Promise<string | { problem: string }> {
  const folder = join(cache, 'npm')
  const modules = join(folder, 'node_modules')
  const bench = join(import.meta.dirname, '..')
  if (existsSync(join(modules, '@jax-js/jax'))) return modules
  mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(bench, name), join(folder, name))
  say(`installing TensorFlow.js and jax-js in ${folder}`)
  try {
    await run('npm', ['ci', '--ignore-scripts'], { cwd: folder, maxBuffer: 2 ** 28 })
    return modules
  } catch (error) {
    return { problem: `npm cannot install it here: ${lastWords(error)}` }
  }
}
