// The page's side of its service worker (serving/service-worker.ts): the headers that the host may not send, files for
// when there is no network, and word of a new version. Knows no store and no view.
const reloadedKey = 'agemem.reloaded'
/** How long the page waits for its first service worker before it starts without, ms. */
const patience = 4000
/** How often a page that stays open looks for a new version, ms. */
const lookEvery = 60 * 60 * 1000

/** Only the built page has one; not every browser lets it: private windows, plain http. */
const container = (): ServiceWorkerContainer | null => (import.meta.env.PROD && 'serviceWorker' in navigator ? navigator.serviceWorker : null)

const register = (workers: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> =>
  workers.register(new URL('service-worker.js', document.baseURI), { updateViaCache: 'none' })

/** Storage of this tab, which survives a reload; null where the browser keeps nothing. */
function tabRemembers(): Pick<Storage, 'getItem' | 'setItem'> | null {
  try {
    sessionStorage.setItem(reloadedKey, sessionStorage.getItem(reloadedKey) ?? '')
    return sessionStorage
  } catch {
    return null
  }
}

async function untilActive(workers: ServiceWorkerContainer): Promise<boolean> {
  const timeout = new Promise<boolean>((resolve) => { setTimeout(() => { resolve(false) }, patience) })
  const ready = (async () => {
    const { active } = await register(workers)
    if (active?.state === 'activated') return true
    await workers.ready
    return true
  })()
  return Promise.race([ready, timeout]).catch(() => false)
}

/**
 * Loads the page once more through its service worker if its host has not isolated it, which threads need.
 * @returns whether the page may start; else it is about to be loaded again
 */
export async function isolate(): Promise<boolean> {
  const workers = container()
  const tab = tabRemembers()
  if (crossOriginIsolated) {
    tab?.setItem(reloadedKey, '')
    return true
  }
  // In a frame, the page around decides. What was tried once in this tab is not tried again.
  if (!workers || !tab || window.top !== window || tab.getItem(reloadedKey) !== '') return true
  if (!(await untilActive(workers))) return true
  tab.setItem(reloadedKey, 'once')
  location.reload()
  return false
}

export interface Updates {
  /** A new version waits, whole. */
  ready(): void
  /** Another tab has let it take over: this page goes on with its own files, and meets it at the next load. */
  takenOver(): void
}

/**
 * Has all files kept, those that the page has not asked for yet too, and watches for a new version.
 * @returns lets the waiting version take over, and loads the page with it
 */
export async function keepOffline(updates: Updates): Promise<(() => void) | null> {
  const workers = container()
  if (!workers) return null
  // A browser that refuses it, or e2e tests that block it, may give no registration.
  const registration: ServiceWorkerRegistration | undefined = await register(workers).catch(() => undefined)
  if (!registration) return null
  let asked = false
  let controlled = workers.controller !== null
  const look = () => { if (registration.waiting && registration.active) updates.ready() }
  registration.addEventListener('updatefound', () => { registration.installing?.addEventListener('statechange', look) })
  look()
  workers.addEventListener('controllerchange', () => {
    if (asked) location.reload()
    else if (controlled) updates.takenOver()
    // The first one takes what is open as it is.
    controlled = true
  })
  const check = () => { registration.update().catch(() => undefined) }
  setInterval(check, lookEvery)
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') check() })
  const { active } = await workers.ready
  active?.postMessage('keep')
  return () => {
    asked = true
    if (registration.waiting) registration.waiting.postMessage('take over')
    else location.reload()
  }
}
