// node server.mjs [--port 4180] [--chrome PATH] [--models a,b] [--software]
// Serves this folder to a browser of this machine and keeps what it measures as results-*.json beside it. With --chrome it
// starts that browser itself, without a window, and ends when the numbers are there. Needs Node alone.
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { parseArgs } from 'node:util'

const text = { type: 'string' }
const { values } = parseArgs({ options: { port: { ...text, default: '4180' }, chrome: text, models: text, query: text, software: { type: 'boolean', default: false } } })
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.mjs': 'text/javascript' }
const largest = 2 ** 20
let browser = null

async function keep(request, response) {
  let body = ''
  for await (const piece of request) {
    body += piece
    if (body.length > largest) {
      response.writeHead(413).end()
      return
    }
  }
  const name = join(import.meta.dirname, `results-${new Date().toISOString().replaceAll(':', '-')}.json`)
  await writeFile(name, body)
  response.writeHead(204).end()
  console.log(`${body}\nKept as ${name}`)
  if (browser) browser.kill()
}

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
  if (request.method === 'POST' && path === '/results') {
    keep(request, response).catch((error) => { console.error(error) })
    return
  }
  const file = join(import.meta.dirname, path === '/' ? 'index.html' : path)
  stat(file).then(
    (found) => {
      if (!found.isFile()) throw new Error('no file')
      response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Length': found.size, 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' })
      createReadStream(file).pipe(response)
    },
  ).catch(() => { response.writeHead(404).end() })
})

server.listen(Number(values.port), '127.0.0.1', async () => {
  const query = new URLSearchParams(values.query ?? '')
  if (values.models) query.set('models', values.models)
  if (values.software) query.set('software', '')
  const address = `http://127.0.0.1:${server.address().port}/${query.size > 0 ? `?${query}` : ''}`
  if (!values.chrome) {
    console.log(`Open ${address} in Chrome, and press Measure.`)
    return
  }
  if (!query.has('models')) query.set('models', 'nano,SmolLM2-135M,SmolLM2-360M,Qwen2.5-0.5B')
  const profile = await mkdtemp(join(tmpdir(), 'agemem-bench-'))
  const flags = values.software ? ['--use-webgpu-adapter=swiftshader'] : ['--enable-features=Vulkan', '--ignore-gpu-blocklist']
  browser = spawn(values.chrome, ['--headless=new', '--enable-unsafe-webgpu', ...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--no-first-run', `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/?${query}`], { stdio: 'ignore' })
  browser.on('error', (error) => {
    console.error(`${values.chrome} did not start: ${error.message}`)
    process.exitCode = 1
    server.close()
  })
  browser.on('exit', () => {
    server.close()
    server.closeAllConnections()
    void rm(profile, { recursive: true, force: true }).catch(() => undefined)
  })
})
