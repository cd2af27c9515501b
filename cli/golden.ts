// The `golden` command: compares our programs on a device with numbers that an independent implementation recorded.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareGolden } from '../src/goldens/golden.ts'
import { worstOfEachPart, type Comparison } from '../src/goldens/golden-compare.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { ArgumentError, firstSentence } from './options.ts'
import type { ExitStatus, Io } from './io.ts'

const devices = ['node', 'wasm', 'webgpu'] as const
type Device = (typeof devices)[number]

const usage = `golden DIR [--device ${devices.join('|')}] [--json]`
const help = `${usage}

Computes everything that DIR/golden.json records, from DIR/config.json and DIR/model.safetensors: logits,
log-probabilities, losses with their statistics, gradients, AdamW steps, supervised gradients; with and without
recomputation, whole and in micro-batches. Prints the largest error of each part.

  --device   node (default): onnxruntime-node; wasm, webgpu: onnxruntime-web in a headless Chromium, for webgpu with a
             software adapter where there is no other, and nothing of it on the CPU
  --json     every comparison as JSON

Exit status: 0 all within tolerance, 1 not so or failed, 2 wrong arguments.`

interface GoldenResult {
  device: Device
  /** The device in words. */
  description: string
  ok: boolean
  /** Seconds for everything, the browser's start not counted. */
  seconds: number
  comparisons: Comparison[]
}

/** @throws ArgumentError */
function readArguments(args: readonly string[]): { folder: string; device: Device; json: boolean } | 'help' {
  const options = { device: { type: 'string', default: 'node' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } as const
  let read: { values: { device: string; json: boolean; help: boolean }; positionals: string[] }
  try {
    read = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new ArgumentError(`${firstSentence(error)}. Usage: ${usage}`)
  }
  if (read.values.help) return 'help'
  const [folder, ...more] = read.positionals
  if (folder === undefined || more.length > 0) throw new ArgumentError(`golden takes one folder, not ${read.positionals.length}. Usage: ${usage}`)
  const device = devices.find((each) => each === read.values.device)
  if (!device) throw new ArgumentError(`--device: "${read.values.device}" is not allowed. It takes one of ${devices.join(', ')}.`)
  return { folder, device, json: read.values.json }
}

/** A file of the folder. @throws ArgumentError when it cannot be read */
async function readMember(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch(() => {
    throw new ArgumentError(`${join(folder, name)} cannot be read. golden needs a folder with config.json, model.safetensors and golden.json.`)
  })
}

function parseJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new Error(`${name} is not JSON.`)
  }
}

async function compareOn(device: Device, folder: string): Promise<GoldenResult> {
  const [config, golden, model] = [await readMember(folder, 'config.json'), await readMember(folder, 'golden.json'), await readMember(folder, 'model.safetensors')]
  const result = (description: string, comparisons: Comparison[], elapsed: number): GoldenResult => ({
    device,
    description,
    ok: comparisons.length > 0 && comparisons.every(({ ok }) => ok),
    seconds: elapsed / 1000,
    comparisons,
  })
  switch (device) {
    case 'node': {
      const started = performance.now()
      const runtime = createNodeRuntime()
      try {
        const files = { config: parseJson(config, 'config.json'), golden: parseJson(golden, 'golden.json'), model }
        return result(runtime.description, await compareGolden(runtime, files), performance.now() - started)
      } finally {
        await runtime.dispose()
      }
    }
    case 'wasm':
    case 'webgpu': {
      // Only here: the tools that build and drive the page are not needed for anything else.
      const { openHarness } = await import('../e2e/harness/open.ts')
      const harness = await openHarness()
      try {
        const { description, comparisons, elapsed } = await harness.compareGolden(folder, device)
        return result(description, comparisons, elapsed)
      } finally {
        await harness.close()
      }
    }
  }
}

/** Lines of the table: one a part, its worst comparison. */
function goldenTable({ description, ok, seconds, comparisons }: GoldenResult): string[] {
  const worst = worstOfEachPart(comparisons)
  const wide = Math.max(...worst.map(({ part }) => part.length))
  const rows = worst.map(({ part, name, error, tolerance, ok: within }) =>
    [part.padEnd(wide), error.toExponential(1).padStart(8), tolerance.toExponential(0).padStart(9), within ? ' ok  ' : ' FAIL', name].join('  '),
  )
  const failed = comparisons.filter((each) => !each.ok).length
  return [
    description,
    ['part'.padEnd(wide), '   error', 'tolerance', '     ', 'largest in'].join('  '),
    ...rows,
    `${ok ? `All ${comparisons.length} comparisons are within tolerance` : `${failed} of ${comparisons.length} comparisons are out of tolerance`}; ${seconds.toFixed(1)} s.`,
  ]
}

/** 0 when every number agrees, 1 when one does not. @throws ArgumentError */
export async function runGoldenCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const read = readArguments(args)
  if (read === 'help') {
    await io.out(help)
    return 0
  }
  const result = await compareOn(read.device, read.folder)
  if (read.json) await io.out(JSON.stringify(result))
  else for (const line of goldenTable(result)) await io.out(line)
  return result.ok ? 0 : 1
}
