// Starts the page over a backend: stores, theme, link, list of episodes, console, first visit.
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import type { Backend } from './backend.ts'
import { createConsole } from './console.ts'
import { askBeforeLeaving } from './leaving.ts'
import { syncLink } from './address/link-sync.ts'
import { printWhole } from './printing.ts'
import { keepOffline } from './service-worker.ts'
import { t } from './locales/index.ts'
import type { PolicyName } from './state/config.ts'
import type { Stores } from './state/context.tsx'
import { createStores } from './state/create.ts'
import { applyTheme, localRemembered, tourSeen } from './state/ui.ts'
import './page.css'
import { scriptedNames } from '../core/demonstrations/habits.ts'
import { messageOf } from '../core/error-message.ts'

/** Not randomUUID, which a page that came by plain http does not have. */
function newKey(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/**
 * Loads nano as soon as somebody may ask it, at once as the page comes. A link to what a script plays fetches no model: it
 * would be 7 MB for nothing. @returns what ends with the loading, at once where there is none
 */
function warmNano({ config, model, ui }: Stores): Promise<void> {
  const scripted = (name: PolicyName) => scriptedNames.some((each) => each === name)
  const needed = () => !scripted(config.getState().policy) || !['watch', 'episodes'].includes(ui.getState().view)
  if (needed()) return model.getState().warmUp()
  const look = () => {
    if (!needed()) return
    for (const end of ends) end()
    void model.getState().warmUp()
  }
  const ends = [config, ui].map((store) => store.subscribe(look))
  return Promise.resolve()
}

export async function start(backend: Backend, root: HTMLElement): Promise<void> {
  const remembered = localRemembered()
  const embedded = new URLSearchParams(location.search).has('embed')
  const stores = createStores(backend, {
    remembered,
    newKey,
    now: () => Date.now(),
    clock: () => performance.now(),
    base: document.baseURI,
    languages: navigator.languages,
    isolated: crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    embedded,
    // Not there on pages that came over plain http.
    ...('storage' in navigator ? { storage: navigator.storage } : {}),
  })
  const { hosting, library, episode, model, ui, webllm, weights, actions, workspace } = stores
  applyTheme(ui.getState().theme)
  // Before a word is shown. A catalogue that does not come leaves English.
  await ui.getState().setLanguage(ui.getState().language).catch(() => undefined)
  window.agemem = createConsole(backend, stores, newKey)

  const watchStorage = () => backend.memory().watchStatus((status) => { library.getState().setStorage(status) })
  const failed = (error: unknown) => { library.getState().setLost(messageOf(error)) }
  backend.onLost((worker) => {
    if (worker === 'webllm') webllm.getState().lost()
    if (worker === 'weights') weights.getState().lost()
    episode.getState().lost()
    workspace.lost()
    library.getState().setLost(t().frame.lost[worker])
  })
  backend.onRestart(() => {
    void watchStorage().catch(failed)
    void model.getState().restarted()
  })
  void watchStorage().catch(failed)
  void library.getState().refresh()
  void workspace.runs.getState().refresh()
  void workspace.runs.getState().sweep()
  // Another tab may have recorded or deleted something meanwhile.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    void library.getState().refresh()
    void workspace.runs.getState().refresh()
  })

  const linked = location.hash.length > 1
  const { follow } = syncLink(stores)
  askBeforeLeaving(stores)
  printWhole(episode)
  if (linked) follow()
  else if (!embedded && !tourSeen(remembered)) void actions.startTour()
  // What nano needs comes first.
  void warmNano(stores).finally(async () => {
    const { setVersion, setLoad } = hosting.getState()
    const load = await keepOffline({ ready: () => { setVersion('waiting') }, takenOver: () => { setVersion('elsewhere') } })
    if (load) setLoad(load)
  })

  createRoot(root).render(<App stores={stores} />)
}
