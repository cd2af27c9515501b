// npx tsx bench/search.ts: how long a search in a large long-term memory takes in the browser, in memory alone and over
// IndexedDB as in the playground.
import { availableParallelism, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { build, preview } from 'vite'
import { everywhere } from '../serving/policy.ts'
import { openBrowser } from './browser.ts'
import type { StoreKind } from './search/messages.ts'
import { messageOf } from '../src/core/error-message.ts'

const entries = 20_000
const searches = 200
/** The promise: the usual search, ms. */
const limit = 20

const root = resolve(import.meta.dirname, 'search')
const outDir = resolve(import.meta.dirname, '../.cache/bench/search')
const config = { root, configFile: false, base: './', logLevel: 'error' } as const

async function main(): Promise<void> {
  await build({ ...config, worker: { format: 'es' }, build: { outDir, emptyOutDir: true, target: 'es2023' } })
  const server = await preview({ ...config, build: { outDir }, preview: { host: '127.0.0.1', port: 0, headers: everywhere } })
  const browser = await openBrowser()
  try {
    const [address] = server.resolvedUrls?.local ?? []
    if (address === undefined) throw new Error('The server of the benchmark has no address.')
    const page = await browser.newPage()
    await page.goto(address)
    process.stdout.write(`${searches} searches among ${entries.toLocaleString('en')} entries, top 5, in Chromium ${browser.version()}; load ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores\n`)
    for (const store of ['memory', 'disk'] as const satisfies StoreKind[]) {
      const reply = await page.evaluate((request) => window.measureSearch(request), { store, entries, searches })
      if ('error' in reply) throw new Error(reply.error)
      const { times, filling, found, durable } = reply.result
      if (store === 'disk' && !durable) throw new Error('The disk did not take the entries.')
      const sorted = times.toSorted((a, b) => a - b)
      const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
      process.stdout.write(`${store.padEnd(6)}  median ${at(0.5).toFixed(1)} ms, 95 % within ${at(0.95).toFixed(1)} ms, fastest ${at(0).toFixed(1)}, slowest ${at(1).toFixed(1)}; right entry first in ${Math.round(100 * found)} %; an addition ${(filling / entries).toFixed(2)} ms\n`)
      if (at(0.5) > limit) process.exitCode = 1
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
})
