// Where somebody is in the page: the view, and what is on show in it. Each place is an entry of the browser's history; the
// step under the scrubber is none. Pure.
import { z } from 'zod'
import type { GroupState } from './state/group.ts'
import { rolloutKey } from './state/training-workspace.ts'
import { currentTask, type ConfigState } from './state/config.ts'
import { position, type EpisodeState, type Shown } from './state/episode.ts'
import type { FilesState } from './state/files.ts'
import { describes } from './state/restore.ts'
import type { RunsState } from './state/runs.ts'
import { views, type UiState } from './state/ui.ts'
import { customOf, type WebLlmState } from './state/webllm.ts'
import { writeLink } from './url.ts'

export const placeSchema = z.object({
  view: z.enum(views),
  /** Key of the run: on show in Train, of the rollouts on show in Group, that the rollout on show in Watch is of. */
  run: z.string().nullable(),
  /** Which of its steps, from 1; of Group and Watch. */
  runStep: z.number().nullable(),
  /** Which task of the step, from 0; of Group. */
  group: z.number().nullable(),
  /** Key of the episode on show; of Watch. */
  episode: z.string().nullable(),
})
export type Place = z.infer<typeof placeSchema>

/** The states of the stores that a place and its link follow from, at one moment. */
export interface Moment {
  config: ConfigState
  episode: EpisodeState
  files: Pick<FilesState, 'loaded'>
  group: Pick<GroupState, 'at' | 'group'>
  runs: Pick<RunsState, 'shown'>
  ui: Pick<UiState, 'view' | 'tour'>
  webllm: Pick<WebLlmState, 'models' | 'linked'>
}

const nowhere = { run: null, runStep: null, group: null, episode: null }

/** Where the rollout on show is kept; null: what is on show is no rollout of a run. */
function rolloutOf({ shown }: Pick<EpisodeState, 'shown'>): { run: string; runStep: number } | null {
  if (!shown || rolloutKey(shown.trajectory) !== shown.key) return null
  const { run, batch } = shown.trajectory.id
  return { run, runStep: batch }
}

/** @param before where one was: an episode that was asked for takes the place of the one before when it comes */
export function placeOf({ ui: { view }, runs, group, episode }: Moment, before: Place | null): Place {
  switch (view) {
    case 'train':
      return { view, ...nowhere, run: runs.shown }
    case 'group':
      return { view, ...nowhere, ...(group.at && { run: group.at.run, runStep: group.at.step, group: group.group }) }
    case 'watch':
      if (episode.waiting && before?.view === 'watch') return before
      return { view, ...nowhere, ...rolloutOf(episode), episode: episode.shown?.key ?? null }
    case 'compare':
    case 'models':
    case 'checkpoints':
    case 'episodes':
      return { view, ...nowhere }
  }
}

export function samePlace(a: Place, b: Place): boolean {
  return a.view === b.view && a.run === b.run && a.runStep === b.runStep && a.group === b.group && a.episode === b.episode
}

/** From one step or task of a run to another of the same: somebody may hold a key down. */
export function isNextDoor(a: Place, b: Place): boolean {
  return a.view === 'group' && b.view === 'group' && a.run !== null && a.run === b.run
}

/** What is on show, when a link can say so: a rollout, or an episode that the sentence still describes. */
function linkable({ config, episode, files }: Moment): Shown | null {
  const { shown } = episode
  // Once the sentence was changed, the link is of what Run would play; a rollout was never what Run plays.
  return shown && (rolloutOf(episode) || describes(config, currentTask(config, files.loaded), shown.trajectory)) ? shown : null
}

/** Does the sentence say what is on show? */
export const saysWhatIsShown = (moment: Moment): boolean => linkable(moment) !== null

/** The link to a moment. */
export function hashOf(moment: Moment): string {
  const { config, episode, files, ui, webllm } = moment
  const place = placeOf(moment, null)
  const shown = linkable(moment)
  const at = position(episode)
  const last = (shown?.trajectory.steps.length ?? 0) - 1
  return writeLink({
    view: ui.view,
    config,
    custom: customOf(webllm, config.model),
    episode: shown?.key ?? null,
    step: at >= 0 && at < last ? at : null,
    file: files.loaded?.name ?? null,
    training: place.run === null ? null : { run: place.run, step: place.runStep, group: place.group },
  })
}
