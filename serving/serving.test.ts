// What `vite preview` answers, byte for byte, for a folder made here.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compressFolder } from './compress.ts'
import { serving } from './plugin.ts'

const base = mkdtempSync(join(tmpdir(), 'agemem-serving-'))
const [folder, cache] = [join(base, 'dist'), join(base, 'cache')]
const page = `<!doctype html><title>A page</title>${'<p>The same words again and again.</p>'.repeat(60)}`
const script = `export const words = ${JSON.stringify('as they were '.repeat(200))}`
// Random enough that compressing it is of no use.
const noise = Uint8Array.from({ length: 5000 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24 ^ Math.imul(i * i + 7, 40503) >>> 9)
const module = Uint8Array.from({ length: 1_200_000 }, (_, i) => i % 50)
const files: Record<string, string | Uint8Array> = {
  'index.html': page,
  'assets/index-Abcd_123.js': script,
  'assets/lab.worker-Abcd1234.js': script,
  'assets/model.worker-Abcd1234.js': script,
  'assets/weights.worker-Abcd1234.js': script,
  'assets/webllm.worker-A-_d1234.js': script,
  'assets/engine-Abcd1234.wasm': module,
  'models/nano/model.safetensors': noise,
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

let server: PreviewServer
let port = 0
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((done, failed) => {
    // Not fetch(), which would tidy the path and unpack the body.
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => { done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }) })
    }).on('error', failed).end()
  })

beforeAll(async () => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  writeFileSync(join(base, 'secret.js'), 'export const secret = 1'.padEnd(2000))
  writeFileSync(join(base, 'secret.js.br'), 'secret')
  await compressFolder(folder, cache)
  server = await preview({ configFile: false, root: base, logLevel: 'silent', build: { outDir: folder }, preview: { host: '127.0.0.1', port: 0 }, plugins: [serving()] })
  const address = server.httpServer.address()
  port = typeof address === 'object' && address ? address.port : 0
})
afterAll(async () => {
  await server.close()
  rmSync(base, { recursive: true, force: true })
})

describe('compressed copies', () => {
  it('are made where they are smaller, and hold the same bytes', () => {
    expect(readdirSync(join(folder, 'assets')).filter((name) => name.startsWith('engine')).sort()).toEqual(['engine-Abcd1234.wasm', 'engine-Abcd1234.wasm.br', 'engine-Abcd1234.wasm.gz'])
    expect(readdirSync(join(folder, 'models/nano'))).toEqual(['model.safetensors'])
    const wasm = join(folder, 'assets/engine-Abcd1234.wasm')
    expect(brotliDecompressSync(readFileSync(`${wasm}.br`)).equals(module)).toBe(true)
    expect(gunzipSync(readFileSync(`${wasm}.gz`)).equals(module)).toBe(true)
  })

  it('of large files come from the cache the next time', async () => {
    const kept = readdirSync(cache)
    expect(kept).toHaveLength(2)
    for (const name of kept) writeFileSync(join(cache, name), `kept ${name.slice(-2)}`)
    const other = join(base, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'engine.wasm'), module)
    expect(await compressFolder(other, cache)).toEqual(['engine.wasm.br', 'engine.wasm.gz'])
    expect(readFileSync(join(other, 'engine.wasm.br'), 'utf8')).toBe('kept br')
    expect(readFileSync(join(other, 'engine.wasm.gz'), 'utf8')).toBe('kept gz')
  })
})

describe('a request', () => {
  it.each([
    ['br, gzip, deflate', 'br'],
    ['gzip, deflate, br;q=0.5', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, GZIP;q=1', 'gzip'],
  ])('that takes %s gets %s, with the type and length of what it is', async (accepted, coding) => {
    for (const [path, type, content] of [['/assets/engine-Abcd1234.wasm', 'application/wasm', Buffer.from(module)], ['/assets/index-Abcd_123.js?v=1', 'text/javascript', Buffer.from(script)], ['/', 'text/html;charset=utf-8', Buffer.from(page)]] as const) {
      const { status, headers, body } = await ask(path, { 'accept-encoding': accepted })
      expect([status, headers['content-encoding'], headers['content-type'], headers.vary, headers['content-length']]).toEqual([200, coding, type, 'Accept-Encoding', String(body.length)])
      expect((coding === 'br' ? brotliDecompressSync(body) : gunzipSync(body)).equals(content)).toBe(true)
    }
  })

  it('that takes nothing gets the file as it is', async () => {
    for (const accepted of ['identity', 'br;q=0, gzip;q=0.0', 'brotli, x-gzip', '']) {
      const { headers, body } = await ask('/assets/engine-Abcd1234.wasm', { 'accept-encoding': accepted })
      expect([headers['content-encoding'], headers['content-length']]).toEqual([undefined, '1200000'])
      expect(body.equals(module)).toBe(true)
    }
  })

  it('for the head alone has the same headers and no body', async () => {
    const [whole, head] = [await ask('/assets/engine-Abcd1234.wasm', { 'accept-encoding': 'br' }), await ask('/assets/engine-Abcd1234.wasm', { 'accept-encoding': 'br' }, 'HEAD')]
    expect(head.headers['content-length']).toBe(whole.headers['content-length'])
    expect(head.headers['content-encoding']).toBe('br')
  })

  it('for what it has already is answered without a body, each form by its own mark', async () => {
    const marks = new Set<string>()
    for (const accepted of ['br', 'gzip', 'identity']) {
      const { headers } = await ask('/assets/engine-Abcd1234.wasm', { 'accept-encoding': accepted })
      marks.add(headers.etag ?? '')
      const again = await ask('/assets/engine-Abcd1234.wasm', { 'accept-encoding': accepted, 'if-none-match': headers.etag ?? '' })
      expect([again.status, again.body.length]).toEqual([304, 0])
    }
    expect(marks.size).toBe(3)
  })

  it.each([
    ['bytes=10-19', 206, 10, 20],
    ['bytes=4990-', 206, 4990, 5000],
    ['bytes=4990-9999', 206, 4990, 5000],
    // Answered with the whole, as a server may: never with another part than was asked for.
    ['bytes=-10', 200, 0, 5000],
    ['bytes=0-0', 200, 0, 5000],
    ['bytes=20-10', 200, 0, 5000],
    ['bytes=0-1,5-6', 200, 0, 5000],
    ['lines=1-2', 200, 0, 5000],
  ])('for %s of the weights', async (range, status, from, to) => {
    const answer = await ask('/models/nano/model.safetensors', { range, 'accept-encoding': 'br, gzip' })
    expect(answer.status).toBe(status)
    expect(answer.body.equals(noise.slice(from, to))).toBe(true)
    expect(answer.headers['content-range']).toBe(status === 206 ? `bytes ${from}-${to - 1}/5000` : undefined)
  })

  it('for a part is answered with bytes of the file, not of its compressed form', async () => {
    for (const path of ['/assets/engine-Abcd1234.wasm', '/assets/index-Abcd_123.js']) {
      const { status, headers, body } = await ask(path, { range: 'bytes=100-1999', 'accept-encoding': 'br, gzip' })
      expect([status, headers['content-encoding']]).toEqual([206, undefined])
      expect(body.equals(Buffer.from(path.endsWith('.js') ? script : module).subarray(100, 2000))).toBe(true)
    }
  })

  it('does not lead out of the folder', async () => {
    for (const path of ['/../secret.js', '/..%2fsecret.js', '/%2e%2e/secret.js', '/assets/../../secret.js', '/assets/..%5c..%5csecret.js', '//../secret.js', '/%00', '/%', '/assets/%E0%A4%A']) {
      const { body } = await ask(path, { 'accept-encoding': 'br' })
      expect(body.includes('secret'), path).toBe(false)
    }
    expect((await ask('/')).status).toBe(200)
  })
})

describe('headers', () => {
  const policyOf = ({ headers }: Answer) => String(headers['content-security-policy']).split('; ')

  it('keep what has its hash in its name, and ask again for the rest', async () => {
    const kept = async (path: string) => (await ask(path)).headers['cache-control']
    for (const path of ['/assets/index-Abcd_123.js', '/assets/engine-Abcd1234.wasm', '/assets/webllm.worker-A-_d1234.js']) expect(await kept(path), path).toBe('public, max-age=31536000, immutable')
    for (const path of ['/', '/index.html', '/models/nano/model.safetensors', '/assets/gone-Abcd1234.js']) expect(await kept(path), path).toBe('no-cache')
  })

  it('let the workers that fetch models reach https and the own machine, and nothing else anything', async () => {
    for (const path of ['/assets/weights.worker-Abcd1234.js', '/assets/webllm.worker-A-_d1234.js']) {
      expect(policyOf(await ask(path)), path).toContain("connect-src 'self' https: http://localhost:* http://127.0.0.1:*")
    }
    for (const path of ['/', '/index.html', '/assets/lab.worker-Abcd1234.js', '/assets/model.worker-Abcd1234.js', '/assets/index-Abcd_123.js', '/nothing/weights.worker-Abcd1234.js', '/weights.worker-Abcd1234.js']) {
      expect(policyOf(await ask(path)), path).toContain("connect-src 'self'")
    }
  })

  it('are on every answer, errors and unchanged files too', async () => {
    const { headers } = await ask('/')
    const answers = [await ask('/'), await ask('/', { 'if-none-match': headers.etag ?? '' }), await ask('/nothing.js', { accept: 'text/javascript' }), await ask('/%'), await ask('/assets/lab.worker-Abcd1234.js', { 'accept-encoding': 'br' }), await ask('/models/nano/model.safetensors', { range: 'bytes=9999-' })]
    expect(answers.map(({ status }) => status).slice(0, 3)).toEqual([200, 304, 404])
    for (const answer of answers) {
      expect(answer.headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      expect(policyOf(answer)).toEqual(expect.arrayContaining(["default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "object-src 'none'", "frame-ancestors 'none'"]))
    }
  })
})
