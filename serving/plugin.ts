// Vite's part in serving: the headers of policy.ts on every response of `vite preview` and `vite dev`, in the page itself
// and in a `_headers` file; compressed copies at build time, sent by `vite preview` to whoever takes them.
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Plugin, UserConfig } from 'vite'
import { buildServiceWorker } from './build-service-worker.ts'
import { codings, compressFolder } from './compress.ts'
import { contentPolicy, everywhere, headersFile, headersOf, isEmbedded, policyHeader } from './policy.ts'

/** The path of a request as a file's, from the folder of the page; null where it is none, or leads out of the folder. */
export function pathOf(url: string, folder: string): string | null {
  try {
    const path = decodeURI(url.replace(/[?#].*$/s, ''))
    const from = relative(folder, join(folder, path.endsWith('/') ? `${path}index.html` : path))
    return path.includes('\0') || from.startsWith('..') || isAbsolute(from) ? null : from.split(sep).join('/')
  } catch {
    return null
  }
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** Whether a request takes a content coding (RFC 9110, 12.5.3), which it must name. */
export function takes(accepted: string, coding: string): boolean {
  return accepted.split(',').some((each) => {
    const [name, ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
}

/** A request for a part that the server behind reads rightly: from one byte to another or to the end, if nothing else is asked. */
const isPlainRange = ({ headers }: IncomingMessage) => {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  return from !== undefined && headers['if-range'] === undefined && (to === '' || (Number(to) > 0 && Number(to) >= Number(from)))
}

/** Sets what a response says about its file, and turns the request to the file's compressed copy, if it is taken. */
function prepare(request: IncomingMessage, response: ServerResponse, folder: string): void {
  const url = request.url ?? '/'
  const path = pathOf(url, folder)
  // What is not there is answered with the page or an error, and neither may be kept as if it were the file.
  const there = path !== null && isFile(join(folder, path))
  for (const [name, value] of Object.entries(headersOf(there ? path : 'index.html', isEmbedded(url)))) response.setHeader(name, value)
  if (!there) return
  response.setHeader('Vary', 'Accept-Encoding')
  const wantsPart = request.headers.range !== undefined
  // A server may answer a range with the whole (RFC 9110, 14.2).
  if (wantsPart && !isPlainRange(request)) delete request.headers.range
  const accepted = wantsPart ? '' : String(request.headers['accept-encoding'] ?? '')
  const coding = codings.find(({ name, ending }) => takes(accepted, name) && isFile(join(folder, path + ending)))
  // The server behind would compress again what does not get smaller, and parts.
  request.headers['accept-encoding'] = 'identity'
  if (coding) request.url = `/${encodeURI(path)}${coding.ending}`
}

/** Zod tries `new Function`, which the policy forbids and reports, unless it is told not to before the first schema is made. */
export function zodWithoutEval(): Plugin {
  return {
    name: 'zod-without-eval',
    transform: {
      filter: { id: /\/zod\/v4\/core\/core\.js$/ },
      handler(code) {
        if (!code.includes('export const globalConfig =')) this.error('Zod keeps its configuration elsewhere now: see zodWithoutEval.')
        return `${code}\nglobalConfig.jitless = true;\n`
      },
    },
  }
}

/** XGrammar imports modules of Node's in a branch that no browser takes; Vite would warn of each at every build. */
export function grammarWithoutNode(): Plugin {
  const nothing = '\0nothing-of-node'
  return {
    name: 'grammar-without-node',
    enforce: 'pre',
    resolveId: (source, importer) => (['module', 'url'].includes(source) && importer?.includes('/web-xgrammar/') === true ? nothing : null),
    load: (id) => (id === nothing ? 'export default {}' : null),
  }
}

/** Everything that serving needs of Vite but the plugins of workers, which want their own instances. */
export function serving(): Plugin {
  let folder = ''
  let cache = ''
  const nonce = randomUUID()
  return {
    name: 'serving',
    config: (_, { command, isPreview }): UserConfig => ({
      // In development the page has scripts of Vite's within it.
      ...(command === 'serve' && !isPreview ? { html: { cspNonce: nonce } } : {}),
      optimizeDeps: { rolldownOptions: { plugins: [zodWithoutEval()] } },
    }),
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
      cache = join(config.cacheDir, 'compressed')
    },
    // The built page carries its policy with it, on whatever server it lies.
    transformIndexHtml: {
      order: 'post',
      handler: (_, { server }) => (server ? [] : [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: contentPolicy('index.html') }, injectTo: 'head-prepend' }]),
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const headers = { ...everywhere, ...policyHeader(request.url?.replace(/[?#].*$/s, '') ?? '/', [`'nonce-${nonce}'`]) }
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        next()
      })
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        prepare(request, response, folder)
        next()
      })
    },
    // Behind Vite's own hooks, which copy the public files.
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error) {
        if (error || this.environment.config.command !== 'build') return
        await buildServiceWorker(folder)
        const paths = (await readdir(folder, { recursive: true })).map((path) => path.split(sep).join('/'))
        await writeFile(join(folder, '_headers'), headersFile(paths))
        await compressFolder(folder, cache)
      },
    },
  }
}
