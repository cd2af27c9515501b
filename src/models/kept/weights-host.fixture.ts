// A host of models for tests: files under /OWNER/MODEL/resolve/REVISION/ in ranges, the list of them as the Hugging Face
// hub has it, and connections that break.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

export interface WeightsHost {
  /** Folder of the files. */
  readonly address: string
  /** Names and ranges in the order in which they were asked for. */
  readonly asked: string[]
  /** Breaks the connection when a file has got so far, once; −1: never. */
  breakAt: { file: string; byte: number } | null
  /** Ranges are understood. */
  ranges: boolean
  /** The list of files is given. */
  lists: boolean
  /** Bytes a second; Infinity: as fast as it goes. */
  pace: number
  files: Map<string, Uint8Array>
  /** Comes in the place of a file that is listed. */
  instead: Map<string, Uint8Array>
  /** The last-modified of all; null: it is not said. */
  version: string | null
  close(): void
}

export const commit = 'a'.repeat(40)
const sha = (algorithm: string, bytes: Uint8Array, head = '') => createHash(algorithm).update(head).update(bytes).digest('hex')

export async function weightsHost(files: ReadonlyMap<string, Uint8Array>): Promise<WeightsHost> {
  const repository = '/owner/tiny'
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '')
    const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'content-range', 'cross-origin-resource-policy': 'cross-origin' }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...headers, 'access-control-allow-headers': 'range' }).end()
      return
    }
    if (path.startsWith(`/api/models${repository}/`) && host.lists) {
      const tree = [...host.files].map(([name, bytes]) => ({
        type: 'file',
        path: name,
        size: bytes.length,
        oid: sha('sha1', bytes, `blob ${bytes.length}\0`),
        ...(name.endsWith('.safetensors') ? { lfs: { oid: sha('sha256', bytes), size: bytes.length } } : {}),
      }))
      response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(path.includes('/revision/') ? { sha: commit } : tree))
      return
    }
    const name = path.replace(/^.*\//, '')
    const bytes = host.instead.get(name) ?? host.files.get(name)
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    host.asked.push(from > 0 ? `${name} ${from}-` : name)
    if (!path.startsWith(`${repository}/resolve/`) || !bytes) {
      response.writeHead(404, headers).end()
      return
    }
    if (from >= bytes.length && from > 0) {
      response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes.length}` }).end()
      return
    }
    const part = host.ranges ? bytes.subarray(from) : bytes
    response.writeHead(from > 0 && host.ranges ? 206 : 200, {
      ...headers,
      'content-length': part.length,
      ...(host.version === null ? {} : { 'last-modified': host.version }),
      ...(from > 0 && host.ranges ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    const { breakAt } = host
    if (breakAt?.file === name && breakAt.byte > from) {
      host.breakAt = null
      response.write(part.subarray(0, breakAt.byte - from), () => setTimeout(() => request.socket.destroy(), 20))
      return
    }
    void send(response, part)
  })
  async function send(response: { write(bytes: Uint8Array): boolean; end(): void; destroyed: boolean }, part: Uint8Array): Promise<void> {
    const piece = 16 * 1024
    for (let at = 0; at < part.length && !response.destroyed; at += piece) {
      response.write(part.subarray(at, at + piece))
      if (host.pace !== Infinity) await new Promise((resolve) => setTimeout(resolve, (1000 * piece) / host.pace))
    }
    response.end()
  }
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const at = server.address()
  if (typeof at !== 'object' || !at) throw new Error('The server has no port.')
  const host: WeightsHost = {
    address: `http://127.0.0.1:${at.port}${repository}/resolve/main/`,
    asked: [],
    breakAt: null,
    ranges: true,
    lists: true,
    pace: Infinity,
    files: new Map(files),
    instead: new Map(),
    version: null,
    close: () => { server.close() },
  }
  return host
}
