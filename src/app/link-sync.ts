// Keeps the address and the page the same: the hash follows what is on show, and a hash that is opened is shown.
import { currentTask } from './stores/config.ts'
import { position } from './stores/episode.ts'
import { customOf } from './stores/webllm.ts'
import { describes } from './stores/restore.ts'
import type { Stores } from './stores/context.tsx'
import { readLink, writeLink, type Link } from './url.ts'

/** Browsers limit how often the address may change, ms. */
const writeInterval = 250

function hashOf({ config, episode, files, ui, webllm }: Stores): string {
  const state = config.getState()
  const loaded = files.getState().loaded
  const { shown: present } = episode.getState()
  // Once the sentence was changed, the link is of what Run would play.
  const shown = present && describes(state, currentTask(state, loaded), present.trajectory) ? present : null
  const at = position(episode.getState())
  const last = (shown?.trajectory.steps.length ?? 0) - 1
  return writeLink({ view: ui.getState().view, config: state, custom: customOf(webllm.getState(), state.model), episode: shown?.key ?? null, step: at >= 0 && at < last ? at : null, file: loaded?.name ?? null })
}

/** Shows what a link says: the recorded episode when it is here, else the same played again, which takes a moment. */
export async function followLink(stores: Stores, link: Link, problems: readonly string[]): Promise<void> {
  const { config, episode, files, ui, webllm, actions } = stores
  webllm.setState({ linked: link.custom })
  config.getState().set(link.config)
  ui.getState().setView(link.view)
  if (problems.length > 0) {
    ui.getState().notify({ tone: 'warn', text: 'Parts of the link were not understood and left out.', details: [...problems] })
  }
  if (link.episode === null) {
    episode.getState().clear()
    return
  }
  /** Opening or playing an episode shows it; the link may be of another view. */
  const back = () => {
    if (ui.getState().view === 'watch') ui.getState().setView(link.view)
  }
  if (await actions.open(link.episode, link.step ?? undefined)) {
    back()
    return
  }
  if (!currentTask(config.getState(), files.getState().loaded)) {
    const text =
      link.config.source === 'file'
        ? `This link needs ${link.file ?? 'a task file'}, and the episode is not recorded in this browser. Drop the file on the page, then press Run.`
        : 'This episode is not recorded in this browser, and its task is not in the link.'
    ui.getState().notify({ tone: 'warn', text })
    return
  }
  await actions.run({ key: link.episode, at: link.step ?? undefined, pace: { kind: 'run', msPerStep: 0 } })
  back()
}

/** Starts both directions. @returns what stops them */
export function syncLink(stores: Stores): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let written = location.hash
  const write = () => {
    timer = null
    // Somebody has put a link into the address, and hashchange is still to come: what it says is shown, not overwritten.
    if (location.hash !== written) return
    const next = hashOf(stores)
    if (next === written) return
    history.replaceState(null, '', next)
    written = location.hash
  }
  const soon = () => {
    timer ??= setTimeout(write, writeInterval)
  }
  const follow = () => {
    if (location.hash === written) return
    written = location.hash
    const { link, problems } = readLink(location.hash)
    void followLink(stores, link, problems)
  }
  const ends = [stores.config.subscribe(soon), stores.episode.subscribe(soon), stores.files.subscribe(soon), stores.ui.subscribe(soon), stores.webllm.subscribe(soon)]
  const leave = () => {
    if (timer === null) return
    clearTimeout(timer)
    write()
  }
  addEventListener('hashchange', follow)
  addEventListener('pagehide', leave)
  return () => {
    if (timer !== null) clearTimeout(timer)
    for (const end of ends) end()
    removeEventListener('hashchange', follow)
    removeEventListener('pagehide', leave)
  }
}
