// How fast training and generating are here, beside the machine's own matrix product rate and beside
// other libraries in the same browser. Progress on standard error, tables on standard output, numbers as JSON.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { given, listOf } from '../cli/given.ts'
import { wholeNumber } from '../cli/options.ts'
import { parameterCount } from '../src/nn/transformer/config.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { openBrowser, openPage, type LanePage } from './browser.ts'
import type { RemoteLane } from './lane.ts'
import { measureGroup, type Row } from './measure.ts'
import { models, type ModelSize } from './model.ts'
import { comparison, generation, matmulAlone, sharing, starting, training, type Group } from './plan.ts'
import { readiness, table } from './report.ts'
import { runtimeLane } from './runtime-lane.ts'
import { messageOf } from '../src/core/error-message.ts'

const parts = ['node', 'wasm', 'peers'] as const
const sizes = ['4M', '30M', '135M'] as const satisfies readonly ModelSize[]
const peers = ['tfjs plain', 'tfjs tuned', 'jax'] as const

const say = (message: string) => process.stderr.write(`${message}\n`)
const rows: Row[] = []
const descriptions: Record<string, string> = {}

async function measured(group: Group, lanes: readonly (readonly [string, RemoteLane])[], show: (rows: Row[]) => string = table): Promise<void> {
  const title = `${group.size} (${parameterCount(models[group.size]).toLocaleString('en')} parameters), ${group.title}`
  try {
    for (const [name, lane] of lanes) descriptions[name] = await lane.description()
    const found = await measureGroup(group, lanes.map(([name, lane]) => ({ name, lane })), (message) => { say(`${title}: ${message}`) })
    rows.push(...found)
    process.stdout.write(`\n${title}\n${show(found)}\n`)
  } finally {
    for (const [, lane] of lanes) await lane.stop()
  }
}

function nodeLane(): RemoteLane {
  const runtime = createNodeRuntime()
  return { ...runtimeLane(runtime), stop: () => runtime.dispose() }
}

/** All parameters of the largest would need more memory than a tab has. */
const groupsOf = (size: ModelSize) => [training(size, 'lora'), ...(size === '135M' ? [] : [training(size, 'all')]), sharing(size), generation(size)]

async function main(): Promise<void> {
  const { only, models: wanted, threads, out: file } = given({
    command: 'npm run bench',
    does: 'Measures how fast training and generating are here: on onnxruntime-node and in Chromium, beside the machine\'s own matrix product\nrate and other libraries.',
    schema: z.object({ only: listOf(parts).default([...parts]), models: listOf(sizes).default(['4M', '30M']), threads: wholeNumber(1, 1024).default(2), out: z.string().min(1).optional() }),
    takes: {
      only: `of ${parts.join(', ')}, with commas between; all when left out`,
      models: `of ${sizes.join(', ')}; 4M,30M when left out; peers are measured on 4M`,
      threads: 'of wasm, a whole number from 1; 2 when left out',
      out: 'where the numbers go; bench/results/latest.json when left out',
    },
  })
  const out = resolve(file ?? resolve(import.meta.dirname, 'results/latest.json'))
  const start = { date: new Date().toISOString(), load: loadavg()[0] ?? 0 }
  if (start.load > 0.3 * availableParallelism()) {
    say(`This machine is busy (load ${start.load.toFixed(1)} on ${availableParallelism()} cores). Times will be too long; ratios hold better. Run it again when it is idle.`)
  }

  if (only.includes('node')) {
    for (const size of wanted) {
      await measured(starting(size), [['node', nodeLane()]], readiness)
      for (const group of groupsOf(size)) await measured(group, [['node', nodeLane()]])
    }
  }

  let browserVersion: string | null = null
  if (only.includes('wasm') || only.includes('peers')) {
    const browser = await openBrowser()
    browserVersion = browser.version()
    const pages: LanePage[] = []
    try {
      const ours = await openPage(browser, 'pages')
      pages.push(ours)
      const wasm = async (count: number) => [`wasm, ${count} ${count === 1 ? 'thread' : 'threads'}`, await ours.start('wasm', count)] as const
      if (only.includes('wasm')) {
        for (const size of wanted) {
          await measured(starting(size), [await wasm(threads)], readiness)
          await measured(matmulAlone(size), [await wasm(1)])
          for (const group of groupsOf(size)) await measured(group, [await wasm(threads)])
        }
      }
      if (only.includes('peers')) {
        if (existsSync(resolve(import.meta.dirname, 'node_modules/@jax-js/jax'))) {
          const page = await openPage(browser, 'peers')
          pages.push(page)
          for (const trainable of ['lora', 'all'] as const) {
            const lanes: (readonly [string, RemoteLane])[] = [await wasm(threads)]
            for (const peer of peers) lanes.push([peer, await page.start(peer, threads)])
            await measured(comparison(trainable), lanes)
          }
        } else {
          say('The libraries to compare with are not installed, so they are left out. To have them: npm ci --prefix bench')
        }
      }
    } finally {
      for (const page of pages) await page.close()
      await browser.close()
    }
  }

  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version, chromium: browserVersion, load_before: start.load, load_after: loadavg()[0] ?? 0 }
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify({ date: start.date, machine, lanes: descriptions, rows }, null, 2)}\n`)
  say(`Saved as ${out}`)
  // A peer that fails is a finding; the project failing is not.
  if (rows.some(({ lane, problem }) => problem !== null && !peers.some((peer) => peer === lane))) process.exitCode = 1
}

main().catch((error: unknown) => {
  say(messageOf(error))
  process.exitCode = 1
})
