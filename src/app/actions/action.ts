// What people can do that touches more than one store: an action a file. The table is index.ts; the list of commands, the
// keys and the help loop over it.
import type { Backend } from '../backend.ts'
import type { StateStores } from '../state/stores.ts'
import type { TrainingWorkspace } from '../state/training-workspace.ts'
import type { View } from '../state/ui.ts'
import type { Actions } from './index.ts'

export interface Context extends Omit<StateStores, 'hosting'> {
  actions: Actions
  backend: Backend
  workspace: Pick<TrainingWorkspace, 'group' | 'rollouts' | 'taught' | 'watchLive'>
  /** Imports a run or an adapter. False when these files are neither. */
  takeTraining: (files: readonly File[]) => Promise<boolean>
  /** What else is to be read again once other workers stand in for lost ones, or the database is there again. */
  restarted: () => Promise<void>
  reconnected: () => Promise<void>
  newKey: () => string
  /** Settles when the limits are those of the policy that was chosen last: a model's small files may have to be read for that. */
  limits: { known: Promise<void> }
}

/** What an action is to people: in the list of commands, the keys and the help. */
export interface Command {
  label: () => string
  /** By KeyboardEvent.key, letters in lower case, and as it stands on keyboards. */
  key?: { key: string; shown: string }
  /** Only there; else in every view. */
  view?: View
  enabled?: (context: Context) => boolean
  go: (actions: Actions) => void
}

export interface Action<F> {
  command?: Command
  perform: (context: Context) => F
}

/** An action, with the type of what performs it. */
export const action = <F>(given: Action<F>): Action<F> => given
