// What a view of the page is: a module that describes itself. The table of views is views/index.ts; header, help, keys, the
// address and the history loop over it.
import type { ComponentType } from 'react'
import type { Stores } from './state/context.tsx'
import type { CompareState } from './state/compare.ts'
import type { ExperimentsState } from './state/experiments.ts'
import type { ConfigState } from './state/config.ts'
import type { EpisodeState } from './state/episode.ts'
import type { FilesState } from './state/files.ts'
import type { GroupState } from './state/group.ts'
import type { LibraryState } from './state/library.ts'
import type { RolloutsState } from './state/rollouts.ts'
import type { RunsState } from './state/runs.ts'
import type { UiState, View } from './state/ui.ts'
import type { WebLlmState } from './state/webllm.ts'

/** Where somebody is in the page. Each place is an entry of the browser's history; the step under the scrubber is none. */
export interface Place {
  view: View
  /** Key of the run: on show in Train, of the rollouts on show in Group, that the rollout on show in Watch is of. */
  run: string | null
  /** Which of its steps, from 1; of Group, where null is all of them, and Watch. */
  runStep: number | null
  /** Which task of the step, from 0; of Group. */
  group: number | null
  /** Key of the episode on show; of Watch. */
  episode: string | null
  /** Key of the comparison on show; of Compare. */
  comparison: string | null
  /** Which experiment is on show, and behind a comma the key of a result that was made here; of Experiments. */
  experiment: string | null
}

/** The states of the stores that a place and its link follow from, at one moment. */
export interface Moment {
  compare: Pick<CompareState, 'result'>
  experiments: Pick<ExperimentsState, 'at'>
  config: ConfigState
  episode: EpisodeState
  files: Pick<FilesState, 'loaded'>
  group: Pick<GroupState, 'at' | 'group' | 'rollout'>
  library: Pick<LibraryState, 'filters' | 'sort'>
  rollouts: Pick<RolloutsState, 'run' | 'shown' | 'filters' | 'sort'>
  runs: Pick<RunsState, 'shown'>
  ui: Pick<UiState, 'view' | 'tour'>
  webllm: Pick<WebLlmState, 'models' | 'linked'>
}

/** Keys that do one kind of thing, and how the help says it. */
export interface Shortcut {
  /** As they stand on keyboards, with spaces between: "← →". */
  shown: string
  help: () => string
  /** By KeyboardEvent.key, letters in lower case. */
  keys: Readonly<Record<string, (stores: Stores) => void>>
}

export interface Badge {
  text: string
  /** What it means, where the number alone does not say. */
  title?: string
}

export interface ViewModule {
  title: () => string
  /** A view comes from a file of its own. */
  load: () => Promise<ComponentType>
  /** A hook: what stands beside the title. */
  useBadge?: () => Badge | null
  shortcuts?: readonly Shortcut[]
  /** What is on show there. @param before where one was: what was asked for takes its place when it comes */
  place?: (moment: Moment, before: Place | null) => Partial<Place>
  /** Puts on show what a link or an entry of the history says of it, as far as it is kept. */
  show?: (stores: Stores, place: Place) => Promise<void>
  /** Somebody comes to it by the header. */
  opened?: (stores: Stores) => void
}
