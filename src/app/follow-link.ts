// Shows what a link says, and what an entry of the browser's history had on show. Knows neither the address nor the history.
import type { Stores } from './state/context.tsx'
import { currentTask } from './state/config.ts'
import { isLive } from './state/episode.ts'
import { runOf } from './state/runs.ts'
import type { View } from './state/ui.ts'
import type { Place } from './place.ts'
import type { Link, RunPlace } from './url.ts'
import { messageOf } from '../core/error-message.ts'

const placeInRun = ({ run, runStep, group }: Place): RunPlace | null => (run === null ? null : { run, step: runStep, group })

/** Shows a run in Train, or the rollouts of a step in Group; nothing for other views. */
async function showTraining({ workspace, ui }: Stores, view: View, at: RunPlace | null): Promise<void> {
  if (view !== 'train' && view !== 'group') return
  const { runs, group, training } = workspace
  const leave = () => { if (view === 'train') void runs.getState().show(null); else group.getState().close() }
  if (at === null) {
    leave()
    return
  }
  // One that has just begun has no record yet.
  const known = () => runOf(runs.getState(), at.run) !== null || training.getState().live?.run === at.run
  if (!known()) await runs.getState().refresh()
  if (ui.getState().view !== view) return
  if (!known()) {
    leave()
    ui.getState().notify({ tone: 'warn', topic: 'link', text: 'This training run is not kept in this browser, or was deleted. The others are listed under Train.' })
    return
  }
  if (view === 'train') await runs.getState().show(at.run)
  else if (at.step !== null) {
    workspace.openRollouts(at.run, at.step)
    group.getState().chooseGroup(at.group ?? 0)
  }
}

/** Opens an episode that is kept: of the list, or a rollout of a run. False when it is not here; says why when it is damaged. */
async function openKept({ actions, workspace, ui }: Stores, episode: string, at: RunPlace | null, step: number | null): Promise<boolean> {
  if (at === null || at.step === null) return actions.open(episode, step ?? undefined, { stay: true })
  try {
    return await workspace.watchKept({ run: at.run, step: at.step, key: episode }, step ?? undefined)
  } catch (error) {
    ui.getState().notify({ tone: 'error', text: `The rollout could not be opened. ${messageOf(error)}` })
    return false
  }
}

/**
 * Shows what a link says: what is kept here, and of an episode that is not, the same played again, which goes on after
 * this has ended.
 */
export async function followLink(stores: Stores, link: Link, problems: readonly string[]): Promise<void> {
  const { config, episode, files, ui, webllm, actions } = stores
  webllm.setState({ linked: link.custom })
  config.getState().set(link.config)
  ui.getState().setView(link.view)
  if (problems.length > 0) {
    ui.getState().notify({ tone: 'warn', text: 'Parts of the link were not understood and left out.', details: [...problems] })
  }
  const training = showTraining(stores, link.view, link.training)
  const inWatch = link.view === 'watch' ? link.training : null
  if (link.episode === null) episode.getState().clear()
  else if (await openKept(stores, link.episode, inWatch, link.step)) {
    // How it is looked at is the link's affair, not the record's.
    config.getState().set({ reward: link.config.reward })
  } else if (inWatch) {
    ui.getState().notify({ tone: 'warn', text: 'This rollout is of a training run that is not kept in this browser, or not its rollouts any more.' })
  } else if (currentTask(config.getState(), files.getState().loaded)) {
    void actions.run({ key: link.episode, at: link.step ?? undefined, pace: { kind: 'run', msPerStep: 0 }, stay: true })
  } else {
    const text =
      link.config.source === 'file'
        ? `This link needs ${link.file ?? 'a task file'}, and the episode is not recorded in this browser. Drop the file on the page, then press Run.`
        : 'This episode is not recorded in this browser, and its task is not in the link.'
    ui.getState().notify({ tone: 'warn', text })
  }
  await training
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
  ui.getState().setView(place.view)
  if (place.view !== 'watch') {
    await showTraining(stores, place.view, placeInRun(place))
    return
  }
  const { shown, playing, waiting } = episode.getState()
  if (place.episode === null) {
    if (shown || waiting) episode.getState().clear()
  } else if (shown?.key === place.episode) {
    // What plays goes on.
    if (!isLive(shown) && !playing) episode.getState().seek(step ?? Infinity)
  } else if (await openKept(stores, place.episode, placeInRun(place), step)) {
    // Without the episode in the address the sentence had been changed since.
    config.getState().set(link.episode === null ? link.config : { reward: link.config.reward })
  } else if (ui.getState().view === 'watch') {
    episode.getState().clear()
    ui.getState().notify({ tone: 'warn', topic: 'link', text: 'What was on show here is not kept any more.' })
  }
}
