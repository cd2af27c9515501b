// A static host as plain as there is: the built page under a sub-path, with types, and no other header. It can be given
// other contents for a file, as after an upload, and it can be gone.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}
const built = fileURLToPath(new URL('../dist', import.meta.url))

export interface StaticHost {
  /** Of the page, with a slash at its end. */
  readonly address: string
  /** Paths from the page's folder, in the order in which they were asked for. */
  readonly asked: string[]
  /** From now on this is what the file holds. */
  upload(path: string, text: string): void
  /** What the file holds as it was built. */
  read(path: string): Promise<string>
  /** Answers no longer, until it is true again. */
  answers: boolean
  close(): void
}

/** @param folder path under which the page lies, with slashes around it */
export async function staticHost(folder: string): Promise<StaticHost> {
  const uploaded = new Map<string, string>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '')
    if (!host.answers) {
      request.socket.destroy()
      return
    }
    const file = path.startsWith(folder) ? path.slice(folder.length) || 'index.html' : ''
    asked.push(file)
    const found = uploaded.has(file) ? Promise.resolve(uploaded.get(file) ?? '') : readFile(join(built, file))
    found.then(
      (body) => response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const at = server.address()
  if (typeof at !== 'object' || !at) throw new Error('The server has no port.')
  const host: StaticHost = {
    address: `http://127.0.0.1:${at.port}${folder}`,
    asked,
    upload: (path, text) => { uploaded.set(path, text) },
    read: (path) => readFile(join(built, path), 'utf8'),
    answers: true,
    close: () => { server.close() },
  }
  return host
}
