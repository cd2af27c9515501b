// How the built page is served: what its workers may do, each from within; what a first visit fetches, and a second one.
import { createServer, type Server } from 'node:http'
import type { Page, Request, Worker } from '@playwright/test'
import { control, expect, openPage, outcome, test } from './page.ts'

/** What code in a page or worker is let do. */
interface Let {
  name: string
  eval: boolean
  newFunction: boolean
  http: boolean
  https: boolean
  ownHost: boolean
  wasm: boolean
  script: boolean
  blobScript: boolean
}

/** Runs in a worker. Behind a timer, because what a debugger evaluates is free of the policy. */
function tryAll([foreign, ownHost, script]: readonly [string, string, string]): Promise<Let> {
  const works = (attempt: () => unknown) =>
    new Promise<boolean>((resolve) => {
      setTimeout(() => {
        new Promise((done) => { done(attempt()) }).then(() => { resolve(true) }, () => { resolve(false) })
      }, 0)
    })
  const emptyModule = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)
  const imported = (address: string) => works(() => import(/* @vite-ignore */ address))
  return (async () => ({
    name: self.name,
    eval: await works(() => (0, eval)('1 + 1')),
    newFunction: await works(() => Reflect.construct(Function, ['return 1'])),
    http: await works(() => fetch(foreign)),
    https: await works(() => fetch('https://models.test/x')),
    ownHost: await works(() => fetch(ownHost)),
    wasm: await works(async () => { new WebAssembly.Module(emptyModule); await WebAssembly.instantiate(emptyModule) }),
    script: await imported(script),
    blobScript: await imported(URL.createObjectURL(new Blob(['export {}'], { type: 'text/javascript' }))),
  }))()
}

/** Those that answer: a thread that waits for work does not. */
async function answers(page: Page, workers: readonly Worker[], given: readonly [string, string, string]): Promise<Let[]> {
  const found = await Promise.all(workers.map((worker) => Promise.race([worker.evaluate(tryAll, given).catch(() => null), page.waitForTimeout(5000).then(() => null)])))
  return found.filter((each) => each !== null)
}

async function listen(host: string, body = 'x'): Promise<{ server: Server; address: string }> {
  const headers = { 'access-control-allow-origin': '*', 'content-type': 'text/html' }
  const server = createServer((_, response) => { response.writeHead(200, headers).end(body) }).listen(0, host)
  await new Promise((resolve) => server.once('listening', resolve))
  const at = server.address()
  if (typeof at !== 'object' || !at) throw new Error('The server has no port.')
  return { server, address: `http://${host}:${at.port}/` }
}

test('no worker can run text as a program or reach another host by http; those that fetch models reach https', async ({ page, context, baseURL, guard }) => {
  guard.allow(/content security policy/i)
  guard.allow(/^request: (https:\/\/models\.test|http:\/\/127\.0\.0\.[12]:)/)
  await context.route('https://models.test/**', (route) => route.fulfill({ body: 'x', headers: { 'access-control-allow-origin': '*' } }))
  // Loopback has more addresses than the two that models may come from.
  const [foreign, own] = await Promise.all([listen('127.0.0.2'), listen('127.0.0.1')])
  try {
    await openPage(page, '#policy=nano')
    // The lab starts replicas for rollouts side by side; the worker of WebLLM starts with its view.
    await page.evaluate(async () => { await window.agemem.runGroup({ task: 1, rollouts: 8 }) })
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Models' }).click()
    for (const name of ['webllm.worker', 'weights.worker']) await expect.poll(() => page.workers().some((worker) => worker.url().includes(name))).toBe(true)
    const script = await page.evaluate(() => document.querySelector('link[rel="modulepreload"]')?.getAttribute('href') ?? '')
    const given = [foreign.address, own.address, new URL(script, baseURL).href] as const
    const found = await answers(page, page.workers(), given)
    const allowed = { eval: false, newFunction: false, http: false, wasm: true, script: true, blobScript: false }
    for (const name of ['lab', 'memory', 'model', 'replica']) expect(found).toContainEqual({ name, ...allowed, https: false, ownHost: false })
    for (const name of ['weights', 'webllm']) expect(found).toContainEqual({ name, ...allowed, https: true, ownHost: true })
    for (const each of found) expect(each).toMatchObject(allowed)
    expect(await page.evaluate(tryAll, given)).toEqual({ name: '', ...allowed, https: false, ownHost: false })
  } finally {
    foreign.server.close()
    own.server.close()
  }
})

test('an eval that is caught does not go unnoticed', async ({ page, guard }) => {
  const told: string[] = []
  guard.allow(/forbidden by the content security policy: script-src eval/)
  page.on('console', (message) => told.push(message.text()))
  await openPage(page)
  const attempt = () => new Promise<void>((resolve) => {
    setTimeout(() => {
      try {
        Reflect.construct(Function, [''])
      } catch {
        resolve()
      }
    }, 0)
  })
  // It may not have started yet.
  const labIn = () => page.workers().find((worker) => worker.url().includes('lab.worker'))
  await expect.poll(() => labIn()?.url()).toBeDefined()
  for (const inPlace of [() => page.evaluate(attempt), () => labIn()?.evaluate(attempt)]) {
    told.length = 0
    await inPlace()
    await expect.poll(() => told).toContainEqual(expect.stringContaining('forbidden by the content security policy: script-src eval'))
  }
})

test('no other page can put this one into a frame, but for one view that is made for it', async ({ page, guard, baseURL }) => {
  guard.allow(/frame-ancestors/)
  guard.allow(/^request: http:\/\/127\.0\.0\.2:/)
  const around = await listen('127.0.0.2', `<!doctype html><link rel="icon" href="data:,"><iframe src="${baseURL ?? ''}/"></iframe>`)
  try {
    await page.goto(around.address)
    await expect.poll(() => page.frames().map((frame) => frame.url())).toEqual([around.address, 'chrome-error://chromewebdata/'])
  } finally {
    around.server.close()
  }
  const lecture = await listen('127.0.0.2', `<!doctype html><link rel="icon" href="data:,"><iframe src="${baseURL ?? ''}/?embed#view=models"></iframe>`)
  try {
    await page.goto(lecture.address)
    const inside = page.frameLocator('iframe')
    await expect(inside.getByRole('main')).toBeVisible()
    await expect(inside.getByRole('link', { name: 'Open in AgeMem Playground' })).toHaveAttribute('target', '_blank')
    await expect(inside.getByRole('navigation')).toHaveCount(0)
  } finally {
    lecture.server.close()
  }
})

/** Bytes over the wire by file, as the browser counts them: bodies as they came, compressed, without headers. */
async function opened(page: Page, again: boolean): Promise<Map<string, number>> {
  const responses: Promise<readonly [string, number]>[] = []
  const note = (path: string, bytes: number) => [path, Math.max(0, bytes)] as const
  const count = (request: Request) => {
    responses.push(request.sizes().then(({ responseBodySize }) => note(new URL(request.url()).pathname, responseBodySize)))
  }
  page.context().on('requestfinished', count)
  await page.goto('./')
  // An episode plays by itself the first time.
  if (again) await control(page, 'Run').click()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
  await expect(outcome(page)).toBeVisible()
  // It is not shown again to somebody who has seen it.
  if (!again) await page.getByRole('complementary', { name: 'Introduction' }).getByRole('button', { name: 'Skip' }).click()
  // The other views come when there is nothing else to do.
  await page.waitForLoadState('networkidle')
  // What comes later is another visit's, or nobody's when the page is closed.
  page.context().off('requestfinished', count)
  // The script of a worker is counted with the page that starts it.
  const workers = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter((entry) => entry instanceof PerformanceResourceTiming).map((entry) => [new URL(entry.name).pathname, entry.transferSize] as const),
  )
  const bytes = new Map<string, number>()
  for (const [path, size] of await Promise.all(responses)) bytes.set(path, (bytes.get(path) ?? 0) + size)
  for (const [path, size] of workers) if (path.includes('.worker-')) bytes.set(path, size)
  return bytes
}

const sum = (bytes: ReadonlyMap<string, number>, counts: (path: string) => boolean = () => true) => [...bytes].reduce((total, [path, size]) => total + (counts(path) ? size : 0), 0)
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`

test.describe('with its service worker', () => {
  test.use({ serviceWorkers: 'allow' })

  test('a first visit fetches what nano needs, compressed, then what is missing without a network, and a second one next to nothing', async ({ page, context }) => {
    // What the service worker fetches, those that it finds in the browser's own cache with 0 bytes.
    const ahead = new Map<string, number>()
    context.on('requestfinished', (request) => {
      if (!request.serviceWorker()) return
      const path = new URL(request.url()).pathname
      const take = ({ responseBodySize }: { responseBodySize: number }) => { if (responseBodySize > 0) ahead.set(path, responseBodySize) }
      // One that is under way when the test ends has no size.
      request.sizes().then(take, () => undefined)
    })
    const all = await opened(page, false)
    // The last of the list.
    const isKept = () => page.evaluate(async () => {
      const kept = await (await caches.open('agemem-files')).keys()
      return kept.some(({ url }) => url.includes('/nano/tokenizer_config.json'))
    })
    await expect.poll(isKept).toBe(true)
    const first = new Map([...all].filter(([path]) => !ahead.has(path)))
    const isWeights = (path: string) => path.endsWith('model.safetensors')
    const program = sum(first, (path) => !isWeights(path))
    console.log(`a first visit: ${megabytes(sum(first))} over the wire, of which nano's weights ${megabytes(sum(first, isWeights))}; then ahead ${megabytes(sum(ahead))}`)
    const names = [...first.keys()]
    for (const name of ['lab', 'memory', 'model']) {
      const paths = names.filter((path) => path.includes(`/${name}.worker-`))
      expect(paths.map((path) => first.get(path) ?? 0)).toEqual([expect.any(Number)])
    }
    for (const path of names.filter((each) => each.includes('.worker-'))) expect(first.get(path), path).toBeGreaterThan(50_000)
    // Of onnxruntime the one for the CPU, and of the rest nothing that only other models or exports need.
    expect(names.filter((path) => path.endsWith('.wasm'))).toEqual([expect.stringMatching(/ort-wasm-simd-threaded-[\w-]{8}\.wasm$/)])
    expect(names.filter((path) => /plot-/.test(path))).toEqual([])
    expect([...all.keys()].filter((path) => /webgpu|webllm(?!\.worker|-problem)|library.*\.wasm|MODEL_CARD|training\.json/.test(path))).toEqual([])
    // Nothing is asked for that is not there.
    expect(names.filter((path) => path.startsWith('/models/nano/')).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'].map((name) => `/models/nano/${name}`))
    expect(program, `${program} bytes beside nano's weights`).toBeLessThan(3_820_000)
    // 16-bit weights have 13.5 bits of news each: with them it is as little as it gets without other weights.
    expect(sum(first, isWeights)).toBeGreaterThan(4_000_000)
    expect(sum(first)).toBeLessThan(8_400_000)
    // The charts, what reads and writes files, and the run that comes with the page. Nothing twice.
    expect([...ahead.keys()]).toContainEqual(expect.stringMatching(/plot-/))
    expect(sum(ahead)).toBeLessThan(2_000_000)

    await page.close()
    const second = await opened(await context.newPage(), true)
    console.log(`a second visit: ${megabytes(sum(second))}`)
    expect(sum(second)).toBeLessThan(20_000)
  })
})
