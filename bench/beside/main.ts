// npm run bench:peers: the same work in this project and in other libraries, on this machine: a GRPO step, a LoRA step,
// decoding. Installs what it compares with, checks that all compute the same, and writes the times into the README.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../../src/core/error-message.ts'
import { openBrowser } from '../browser.ts'
import { grpoPart } from './grpo.ts'
import { partNames, readResults, wordsOf, writeBetweenMarks, type PartName, type Results } from './rows.ts'
import { peersModules, peersPython, type PythonLibrary } from './setting.ts'
import { decodePart, loraPart, type Setting } from './work.ts'

const usage = `npm run bench:peers -- [PARTS] [options]
  PARTS          of ${partNames.join(', ')} (all when left out): minutes each, on an idle machine
  --try          one round of everything, to see that it runs; nothing is kept, nothing written
  --small        leave SmolLM2-135M out; nothing is kept either
  --python PATH  one that has the libraries; else one is made in a cache, with some gigabytes
  --threads N    as many as there are cores when left out`

const parts: Readonly<Record<PartName, (setting: Setting) => ReturnType<typeof loraPart>>> = { grpo: grpoPart, lora: loraPart, decode: decodePart }
const libraries: Readonly<Record<PartName, readonly PythonLibrary[]>> = { grpo: ['pytorch'], lora: ['pytorch', 'onnxsim'], decode: ['pytorch', 'llama.cpp'] }
const say = (line: string) => { process.stderr.write(`${line}\n`) }

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { try: { type: 'boolean', default: false }, small: { type: 'boolean', default: false }, python: { type: 'string' }, threads: { type: 'string' }, help: { type: 'boolean', default: false } } })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return
  }
  const wanted = positionals.length === 0 ? partNames : positionals.map((name) => {
    const found = partNames.find((each) => each === name)
    if (!found) throw new Error(`There is no part ${name}.\n${usage}`)
    return found
  })
  const threads = Number(values.threads ?? availableParallelism())
  if (!Number.isInteger(threads) || threads < 1) throw new Error(`--threads must be a whole number above 0.\n${usage}`)
  const path = join(import.meta.dirname, 'results.json')
  const results: Results = readResults(path)
  const python = await peersPython(values.python, [...new Set(wanted.flatMap((part) => libraries[part]))], say)
  const modules = wanted.includes('lora') ? await peersModules(say) : { problem: 'it was not asked for' }
  const folder = mkdtempSync(join(tmpdir(), 'agemem-peers-'))
  const browser = await openBrowser()
  try {
    for (const part of wanted) {
      const before = loadavg()[0] ?? 0
      const rows = await parts[part]({ browser, python, modules, folder, threads, rounds: values.try ? 1 : 5, small: values.small, say })
      const done = { date: new Date().toISOString(), machine: cpus()[0]?.model ?? 'an unknown CPU', cores: availableParallelism(), load: [before, loadavg()[0] ?? 0] as [number, number], rows }
      process.stdout.write(`${wordsOf({ [part]: done })}\n\n`)
      if (values.try || values.small) continue
      results[part] = done
      writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
      writeBetweenMarks(resolve(import.meta.dirname, '../../README.md'), wordsOf(results))
    }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  say(messageOf(error))
  process.exitCode = 1
})
