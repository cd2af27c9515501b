// A headless Chromium with pages that Vite built, cross-origin isolated so that wasm has its threads.
import { resolve } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { build, preview } from 'vite'
import { findChromium } from '../scripts/find-chromium.mjs'
import { everywhere } from '../serving/policy.ts'
import type { RemoteLane } from './lane.ts'

export interface LanePage {
  start(kind: string, threads: number): Promise<RemoteLane>
  close(): Promise<void>
}

/** @throws Error when there is no browser */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('The benchmark needs Chrome or Chromium. Install one, or set CHROME_PATH to its executable.')
  return chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
    ],
  })
}

/** What bench/package.json names, where it is installed elsewhere. */
const elsewhere = ['@jax-js/jax', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs']

/**
 * Builds and opens a page.
 * @param folder of bench/, with an index.html whose script calls hostLanes()
 * @param modules a node_modules with the peers' libraries, where it is not that of bench/
 */
export async function openPage(browser: Browser, folder: 'pages' | 'peers', modules?: string): Promise<LanePage> {
  const root = resolve(import.meta.dirname, folder)
  const outDir = resolve(import.meta.dirname, '../.cache/bench', folder)
  const alias = modules === undefined ? [] : elsewhere.map((name) => ({ find: new RegExp(`^${name}(?=/|$)`), replacement: resolve(modules, name) }))
  const config = { root, configFile: false, base: './', logLevel: 'error', resolve: { alias } } as const
  // TensorFlow.js starts its threads from the text of its functions, which minifying breaks.
  await build({ ...config, worker: { format: 'es' }, build: { outDir, emptyOutDir: true, target: 'es2023', minify: false } })
  const server = await preview({ ...config, build: { outDir }, preview: { host: '127.0.0.1', port: 0, headers: everywhere } })
  const [url] = server.resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('The server of the benchmark has no address.')
  const page = await browser.newPage()
  await page.goto(url)
  return {
    async start(kind, threads) {
      const lane = await page.evaluate(([each, count]) => window.lanes.start(each, count), [kind, threads] as const)
      return {
        description: () => page.evaluate((each) => window.lanes.description(each), lane),
        open: (job) => page.evaluate(([each, what]) => window.lanes.open(each, what), [lane, job] as const),
        run: (job) => page.evaluate(([each, what]) => window.lanes.run(each, what), [lane, job] as const),
        stop: () => page.evaluate((each) => { window.lanes.stop(each) }, lane),
      }
    },
    async close() {
      await page.close()
      await server.close()
    },
  }
}
