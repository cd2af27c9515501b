// The same work in this project and in other libraries, on this machine: a GRPO step, a LoRA step,
// decoding. Installs what it compares with, checks that all compute the same, and writes the times into the README.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { given } from '../../cli/given.ts'
import { wholeNumber } from '../../cli/options.ts'
import { messageOf } from '../../src/core/error-message.ts'
import { openBrowser } from '../browser.ts'
import { grpoPart } from './grpo.ts'
import { partNames, readResults, wordsOf, writeBetweenMarks, type PartName, type Results } from './rows.ts'
import { peersModules, peersPython, type PythonLibrary } from './setting.ts'
import { decodePart, loraPart, type Setting } from './work.ts'

const parts: Readonly<Record<PartName, (setting: Setting) => ReturnType<typeof loraPart>>> = { grpo: grpoPart, lora: loraPart, decode: decodePart }
const libraries: Readonly<Record<PartName, readonly PythonLibrary[]>> = { grpo: ['pytorch'], lora: ['pytorch', 'onnxsim'], decode: ['pytorch', 'llama.cpp'] }
const say = (line: string) => { process.stderr.write(`${line}\n`) }

async function main(): Promise<void> {
  const { parts: wanted, try: trying, small, python: path, model, threads } = given({
    command: 'npm run bench:peers',
    does: 'Does the same work in this project and in other libraries on this machine, and writes the times into the README. Minutes each, on an\nidle machine.',
    schema: z.object({ parts: z.array(z.enum(partNames)).default([...partNames]), try: z.boolean().default(false), small: z.boolean().default(false), python: z.string().min(1).optional(), model: z.string().min(1).optional(), threads: wholeNumber(1, 1024).default(availableParallelism()) }),
    takes: {
      parts: `of ${partNames.join(', ')}; all when left out`,
      try: 'no value: one round of everything, to see that it runs; nothing is kept, nothing written',
      small: 'no value: leave SmolLM2-135M out; nothing is kept either',
      python: 'one that has the libraries; else one is made in a cache, with some gigabytes',
      model: "the GGUF file of SmolLM2-135M-Instruct: grpo does a step of it, too; half an hour",
      threads: 'as many as there are cores when left out',
    },
    flags: ['try', 'small'],
    bare: 'parts',
  })
  const kept = join(import.meta.dirname, 'results.json')
  const results: Results = readResults(kept)
  const python = await peersPython(path, [...new Set(wanted.flatMap((part) => libraries[part]))], say)
  const modules = wanted.includes('lora') ? await peersModules(say) : { problem: 'it was not asked for' }
  const folder = mkdtempSync(join(tmpdir(), 'agemem-peers-'))
  const browser = await openBrowser()
  try {
    for (const part of wanted) {
      const before = loadavg()[0] ?? 0
      const rows = await parts[part]({ browser, python, modules, folder, threads, rounds: trying ? 1 : 5, small, model: model === undefined ? null : resolve(model), say })
      const done = { date: new Date().toISOString(), machine: cpus()[0]?.model ?? 'an unknown CPU', cores: availableParallelism(), load: [before, loadavg()[0] ?? 0] as [number, number], rows }
      process.stdout.write(`${wordsOf({ [part]: done })}\n\n`)
      if (trying || small) continue
      results[part] = done
      writeFileSync(kept, `${JSON.stringify(results, null, 2)}\n`)
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
