// Where somebody is in the page: the view, and what is on show in it. Each place is an entry of the browser's history; the
// step under the scrubber is none. Pure.
import { z } from 'zod'
import { namesOf } from '../../core/table.ts'
import { currentTask } from '../state/config.ts'
import { position, type Shown } from '../state/episode.ts'
import { isForItself } from '../state/group.ts'
import { groupSizes } from '../../rpc/group-key.ts'
import { describes } from '../state/restore.ts'
import { rolloutOf } from '../state/training-workspace.ts'
import { customOf } from '../state/webllm.ts'
import type { Moment, Place } from '../view.ts'
import { views } from '../views/index.ts'
import { noFilters } from '../table/filters.ts'
import type { TableView } from './field.ts'
import { writeLink } from './link.ts'

const key = z.string().nullable()
const index = z.number().nullable()
export const placeSchema: z.ZodType<Place> = z.object({
  view: z.enum(namesOf(views)), run: key, runStep: index, group: index, episode: key, comparison: key.default(null), experiment: key.default(null),
})

const nowhere = { run: null, runStep: null, group: null, episode: null, comparison: null, experiment: null }

/** @param before where one was: an episode that was asked for takes the place of the one before when it comes */
export function placeOf(moment: Moment, before: Place | null): Place {
  const { view } = moment.ui
  return { ...nowhere, ...views[view].place?.(moment, before), view }
}

export function samePlace(a: Place, b: Place): boolean {
  return a.view === b.view && a.run === b.run && a.runStep === b.runStep && a.group === b.group && a.episode === b.episode && a.comparison === b.comparison && a.experiment === b.experiment
}

/** From one step or task of a run to another of the same: somebody may hold a key down. */
export function isNextDoor(a: Place, b: Place): boolean {
  return a.view === 'group' && b.view === 'group' && a.run !== null && a.run === b.run
}

/** What is on show, when a link can say so: a rollout, or an episode that the sentence still describes. */
function linkable({ config, episode, files }: Moment): Shown | null {
  const { shown } = episode
  // Once the sentence was changed, the link is of what Run would play; a rollout was never what Run plays.
  return shown && (rolloutOf(shown) || shown.trajectory.setup.branch || describes(config, currentTask(config, files.loaded), shown.trajectory)) ? shown : null
}

/** Does the sentence say what is on show? */
export const saysWhatIsShown = (moment: Moment): boolean => linkable(moment) !== null

/** What the table on show is narrowed to; where none is, nothing. */
function tableShown({ ui, library, rollouts }: Moment): TableView {
  if (ui.view === 'episodes') return library
  return ui.view === 'group' && rollouts.shown ? rollouts : { filters: noFilters, sort: null }
}

/** The link to a moment. */
export function hashOf(moment: Moment): string {
  const { config, episode, files, ui, webllm } = moment
  const place = placeOf(moment, null)
  const shown = linkable(moment)
  const at = position(episode)
  const played = ui.view === 'group' && !moment.rollouts.shown && isForItself(moment.group.at) ? moment.group.at : null
  const last = (shown?.trajectory.steps.length ?? 0) - 1
  return writeLink({
    view: ui.view,
    config,
    own: config.source === 'own' ? config.own : null,
    custom: customOf(webllm, config.model),
    episode: shown?.key ?? null,
    branch: shown?.trajectory.setup.branch?.of ?? null,
    step: at >= 0 && at < last ? at : null,
    rollout: moment.group.rollout > 0 ? moment.group.rollout : null,
    file: files.loaded?.name ?? null,
    played: played ? { group: played.run, rollouts: played.rollouts ?? groupSizes.usual } : null,
    beside: shown !== null && episode.beside?.key === shown.key,
    table: tableShown(moment),
    comparison: place.comparison,
    experiment: place.experiment,
    training: place.run === null || played ? null : { run: place.run, step: place.runStep, group: place.group },
  })
}
