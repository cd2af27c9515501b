// With which headers each file of the built page is served: what it may do and reach, who may embed it, how long it may
// be kept. Decides by the path alone; knows no server.

/** Workers that fetch models from wherever their owner has them; by the name of their entry file. */
const reachModels = /(?:^|\/)(?:weights|webllm)\.worker[-.][^/]*$/
const worker = /\.worker-[^/]*\.js$/
const hashed = /(?:^|\/)assets\/[^/]+-[\w-]{8}\.\w+$/

/** The file's name has a hash of its content: what it holds never changes. */
export const isHashed = (path: string): boolean => hashed.test(path)

/** The script of the service worker, in the folder of the page, which is its scope. */
export const serviceWorkerFile = 'service-worker.js'

/**
 * Models come by https, and from the user's own machine. A policy cannot name [::1].
 * https://www.w3.org/TR/CSP3/#grammardef-host-source
 */
const modelHosts = ['https:', 'http://localhost:*', 'http://127.0.0.1:*']

/**
 * Content security policy of a page or a worker: a worker takes the one of its own response, not its page's.
 * @param path of the file, from the folder of the page
 * @param more sources of scripts, beside the page's own files
 */
export function contentPolicy(path: string, more: readonly string[] = []): string {
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...more].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...(reachModels.test(path) ? modelHosts : [])].join(' '),
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** Headers of every file. */
export const everywhere: Readonly<Record<string, string>> = {
  // Cross-origin isolation gives wasm its threads and exact timers.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'].map((feature) => `${feature}=()`).join(', '),
}

/** One view without its frame, which other pages may show within them: a lecture, a blog. */
export const isEmbedded = (url: string): boolean => /\?(?:[^#]*&)?embed(?:[=&#]|$)/.test(url)

/** The policy as a header. Only as a header it can say who may put the page into a frame. */
export const policyHeader = (path: string, more?: readonly string[], embedded = false) => ({
  'Content-Security-Policy': contentPolicy(path, more) + (embedded ? '' : "; frame-ancestors 'none'"),
})

const keptForever = { 'Cache-Control': 'public, max-age=31536000, immutable' }

/** All headers of one file. @param embedded it was asked for as a view inside another page */
export function headersOf(path: string, embedded = false): Record<string, string> {
  return { ...everywhere, ...policyHeader(path, undefined, embedded), 'Cache-Control': 'no-cache', ...(isHashed(path) ? keptForever : {}) }
}

/**
 * The same as a `_headers` file, which Netlify, Cloudflare Pages and others read. Rules that match a path add up there,
 * and two policies allow what both allow: so the page and each worker are named.
 * @param paths of all files, from the folder of the page
 */
export function headersFile(paths: readonly string[]): string {
  const rule = (path: string, headers: Readonly<Record<string, string>>) => [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n')
  const workers = paths.filter((path) => worker.test(path)).sort()
  return [rule('/*', everywhere), rule('/assets/*', keptForever), ...['/', '/index.html', `/${serviceWorkerFile}`, ...workers.map((path) => `/${path}`)].map((path) => rule(path, policyHeader(path)))].join('\n\n') + '\n'
}
