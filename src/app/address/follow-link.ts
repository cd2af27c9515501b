// Shows what a link says, and what an entry of the browser's history had on show. Knows neither the address nor the history.
import { isShipped } from '../../core/training/shipped-run.ts'
import type { Stores } from '../state/context.tsx'
import { currentTask } from '../state/config.ts'
import { isLive } from '../state/episode.ts'
import { runOf } from '../state/runs.ts'
import { t } from '../locales/index.ts'
import type { Place } from '../view.ts'
import { views } from '../views/index.ts'
import type { Link } from './field.ts'
import type { LinkProblem } from './link.ts'
import { problemWords } from './problem-words.ts'
import { messageOf } from '../../core/error-message.ts'

/** Where a link leads to. */
export const placeOfLink = ({ view, played, training, episode, comparison, experiment }: Link): Place => ({
  view,
  run: played?.group ?? training?.run ?? null,
  runStep: played ? 0 : (training?.step ?? null),
  group: training?.group ?? null,
  episode: view === 'watch' ? episode : null,
  comparison: view === 'compare' ? comparison : null,
  experiment: view === 'experiments' ? experiment : null,
})

/** Puts on show what a view has at a place; of a run that is not kept, the view without it. */
async function showPlace(stores: Stores, place: Place): Promise<void> {
  const { ui, workspace: { runs, training } } = stores
  const { show } = views[place.view]
  const { run } = place
  if (!show) return
  if (run === null || place.runStep === 0) return show(stores, place)
  if (isShipped(run) && runs.getState().shippedHidden) await runs.getState().hideShipped(false)
  // One that has just begun has no record yet.
  const known = () => runOf(runs.getState(), run) !== null || training.getState().live?.run === run
  if (!known()) await runs.getState().refresh()
  if (ui.getState().view !== place.view) return
  if (known()) return show(stores, place)
  await show(stores, { ...place, run: null, runStep: null, group: null })
  ui.getState().notify({ tone: 'warn', topic: 'link', text: t().frame.link.noRun })
}

/** The table on show as the link has it. */
function narrowTable({ ui, library, workspace: { rollouts } }: Stores, { view, table }: Link): void {
  if (ui.getState().view !== view) return
  if (view === 'episodes') library.setState(table)
  if (view === 'group' && rollouts.getState().shown) rollouts.setState({ ...table, scroll: 0 })
}

/** Opens an episode that is kept: of the list, or a rollout of a run. False when it is not here; says why when it is damaged. */
async function openKept({ actions, workspace, ui }: Stores, episode: string, { run, runStep }: Place, step: number | null): Promise<boolean> {
  if (run === null || runStep === null) return actions.open(episode, step ?? undefined, { stay: true })
  try {
    return await workspace.watchKept({ run, step: runStep, key: episode }, step ?? undefined)
  } catch (error) {
    ui.getState().notify({ tone: 'error', text: t().frame.link.notOpened(messageOf(error)) })
    return false
  }
}

/**
 * Shows what a link says: what is kept here, and of an episode that is not, the same played again, which goes on after
 * this has ended.
 */
export async function followLink(stores: Stores, link: Link, problems: readonly LinkProblem[]): Promise<void> {
  const { config, episode, files, ui, webllm, actions } = stores
  webllm.setState({ linked: link.custom })
  config.getState().set(link.config)
  if (link.own) config.getState().setOwn(link.own)
  ui.getState().setView(link.view)
  if (problems.length > 0) {
    ui.getState().notify({ tone: 'warn', text: t().frame.link.parts, details: problems.map(problemWords) })
  }
  const place = placeOfLink(link)
  const elsewhere = link.view === 'watch' ? Promise.resolve() : link.played ? actions.openGroup(link.played.group, link.played.rollouts) : showPlace(stores, place)
  if (link.episode === null) episode.getState().clear()
  else if (await openKept(stores, link.episode, link.view === 'watch' ? place : { ...place, run: null }, link.step)) {
    // How it is looked at is the link's affair, not the record's.
    config.getState().set({ reward: link.config.reward, weights: link.config.weights })
    if (link.beside) await actions.putBeside()
  } else if (link.view === 'watch' && place.run !== null) {
    ui.getState().notify({ tone: 'warn', text: t().frame.link.noRollout })
  } else if (link.branch !== null) {
    ui.getState().notify({ tone: 'info', topic: 'link', text: t().play.whatIf.notHere })
  } else if (link.config.policy === 'person') {
    ui.getState().notify({ tone: 'info', topic: 'link', text: t().play.person.notHere })
  } else if (currentTask(config.getState(), files.getState().loaded)) {
    void actions.run({ key: link.episode, at: link.step ?? undefined, pace: { kind: 'run', msPerStep: 0 }, stay: true })
  } else {
    const text =
      link.config.source === 'file' ? t().frame.link.needsFile(link.file) : t().frame.link.noTask
    ui.getState().notify({ tone: 'warn', text })
  }
  await elsewhere
  narrowTable(stores, link)
  if (link.view === 'group' && link.rollout !== null) stores.workspace.group.getState().chooseRollout(link.rollout)
}

/**
 * Shows what an entry of the history had on show, as far as it is still kept: nothing is played again, for what somebody has
 * deleted stays deleted.
 * @param step index of the one that was under the scrubber; null: the last
 * @param link what the entry's address says
 */
export async function returnTo(stores: Stores, place: Place, step: number | null, link: Link): Promise<void> {
  const { config, episode, ui, webllm } = stores
  if (link.custom) webllm.setState({ linked: link.custom })
  config.getState().set(link.config)
  if (link.own) config.getState().setOwn(link.own)
  ui.getState().setView(place.view)
  if (place.view !== 'watch') {
    await showPlace(stores, place)
    narrowTable(stores, link)
    return
  }
  const { shown, playing, waiting } = episode.getState()
  if (place.episode === null) {
    if (shown || waiting) episode.getState().clear()
  } else if (shown?.key === place.episode) {
    // What plays goes on.
    if (!isLive(shown) && !playing) episode.getState().seek(step ?? Infinity)
  } else if (await openKept(stores, place.episode, place, step)) {
    // Without the episode in the address the sentence had been changed since.
    config.getState().set(link.episode === null ? link.config : { reward: link.config.reward, weights: link.config.weights })
  } else if (ui.getState().view === 'watch') {
    episode.getState().clear()
    ui.getState().notify({ tone: 'warn', topic: 'link', text: t().frame.link.gone })
  }
}
