// Entry of the service worker, which vite's part in serving (plugin.ts) bundles with the list of what was built. Keeps the
// page for when there is no network, gives it the headers that its host does not send, and takes over from an earlier
// build only when a person says so.
import { KeptFiles, type BuiltFiles } from './kept-files.ts'

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends LastingEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
/** What this file needs of ServiceWorkerGlobalScope, whose types exclude those of a page. */
interface Scope {
  readonly registration: ServiceWorkerRegistration
  readonly clients: { claim(): Promise<void>; matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly unknown[]> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: LastingEvent) => void): void
  addEventListener(type: 'message', listener: (event: LastingEvent & { readonly data: unknown }) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
}

declare const self: Scope
declare const builtFiles: BuiltFiles

const files = new KeptFiles(builtFiles, self.registration.scope, () => caches.open('agemem-files'), (...request) => fetch(...request))

/** An earlier build's page that is still open may yet need its files. */
async function tidy(): Promise<void> {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (open.length <= 1) await files.forgetOthers()
}

self.addEventListener('install', (event) => {
  // The first one does not hold up the page that it came with, which asks when it has loaded. A later one is offered
  // when all of it is here.
  if (self.registration.active) event.waitUntil(files.keep())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})

self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(self.skipWaiting())
  // What does not come now is asked for at the next visit.
  if (event.data === 'keep') event.waitUntil(files.keep().then(tidy).catch(() => undefined))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  // Models from elsewhere are their worker's affair; a part of a file is its host's.
  if (request.method !== 'GET' || files.pathOf(request.url) === null || request.headers.has('range')) return
  // See https://crbug.com/823392: developer tools ask so, and fetch refuses it.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return
  const answer = files.answer(request)
  event.respondWith(answer)
  event.waitUntil(answer.then(() => files.settled()).catch(() => undefined))
})
