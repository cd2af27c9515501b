// Builds and serves the harness page, opens it in a headless Chromium, and asks it for a comparison.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { build, preview, type Plugin, type PreviewServer } from 'vite'
import { findChromium } from '../../scripts/find-chromium.mjs'
import type { Extent } from '../../src/goldens/golden.ts'
import type { BrowserDevice, GoldenReport, HarnessReply, HarnessRequest, LiveReport, LossReport, MergeReport } from './messages.ts'

export interface Harness {
  /** Compares the golden set of a folder. @throws Error with the words of the page's error */
  compareGolden(folder: string, device: BrowserDevice, extent?: Extent): Promise<GoldenReport>
  /** What a strict WebGPU runtime says to a program that needs the CPU. */
  refusal(): Promise<string>
  /** Adapters written into the weights of small models on the graphics card, each architecture and type; and what is said of them when the card is lost meanwhile. */
  merges(): Promise<{ merged: MergeReport[]; losses: LossReport[] }>
  /** A tiny model that learns from buffers which another program reads. */
  learns(): Promise<LiveReport>
  /** Ends the browser and the server, and removes what was built. */
  close(): Promise<void>
}

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic']
/** Without these flags a headless Chromium on a machine without a GPU has no WebGPU adapter. */
const softwareWebGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

/** Serves the three files of whatever folder is set. */
function goldenFiles(folder: () => string): Plugin {
  return {
    name: 'golden-files',
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = ['config.json', 'golden.json', 'model.safetensors'].find((name) => request.url === `/golden/${name}`)
        if (!file) {
          next()
          return
        }
        readFile(join(folder(), file)).then(
          (bytes) => { response.end(bytes) },
          () => { response.writeHead(404).end() },
        )
      })
    },
  }
}

/**
 * Opens the harness, built with the project's own configuration: its headers and content security policy too.
 * @throws Error when there is no browser to run it in
 */
export async function openHarness(): Promise<Harness> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chrome or Chromium was found. Install one, or set CHROME_PATH to its executable.')
  const outDir = await mkdtemp(join(tmpdir(), 'agemem-harness-'))
  let folder = ''
  let server: PreviewServer | null = null
  let browser: Browser | null = null
  const close = async () => {
    await browser?.close()
    await server?.close()
    await rm(outDir, { recursive: true, force: true })
  }
  try {
    const root = resolve(import.meta.dirname)
    const shared = { root, configFile: resolve(root, '../../vite.config.ts'), logLevel: 'warn' } as const
    await build({ ...shared, publicDir: false, build: { outDir, emptyOutDir: true, reportCompressedSize: false, minify: false } })
    server = await preview({ ...shared, build: { outDir }, preview: { port: 0 }, plugins: [goldenFiles(() => folder)] })
    browser = await chromium.launch({ executablePath, args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...quiet, ...softwareWebGpu] })
  } catch (error) {
    await close()
    throw error
  }
  const [address] = server.resolvedUrls?.local ?? []
  const running = browser
  if (address === undefined) throw new Error('The harness is not being served.')
  const ask = async (request: HarnessRequest): Promise<HarnessReply> => {
    const page = await running.newPage()
    try {
      await page.goto(address)
      return await page.evaluate((what) => window.ask(what), request)
    } finally {
      await page.close()
    }
  }
  return {
    async compareGolden(from, device, extent = 'all') {
      folder = from
      const reply = await ask({ kind: 'golden', device, extent })
      if ('error' in reply) throw new Error(reply.error)
      if (!('report' in reply)) throw new Error('The harness gave no comparison.')
      return reply.report
    },
    async learns() {
      const reply = await ask({ kind: 'live' })
      if ('error' in reply) throw new Error(reply.error)
      if (!('learnt' in reply)) throw new Error('The harness learnt nothing.')
      return reply.learnt
    },
    async merges() {
      const reply = await ask({ kind: 'merge' })
      if ('error' in reply) throw new Error(reply.error)
      if (!('merged' in reply)) throw new Error('The harness merged nothing.')
      return reply
    },
    async refusal() {
      const reply = await ask({ kind: 'fallback' })
      return 'error' in reply ? reply.error : 'It was loaded.'
    },
    close,
  }
}
