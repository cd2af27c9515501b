// All that people can do: an action is a file and its line here.
import { namesOf } from '../../core/table.ts'
import type { Action, Command, Context } from './action.ts'
import { branchOff } from './branch-off.ts'
import { checkRoom } from './check-room.ts'
import { choosePolicy } from './choose-policy.ts'
import { compareBy } from './compare-by.ts'
import { copyLink } from './copy-link.ts'
import { deleteWebLlm } from './delete-web-llm.ts'
import { deleteWeights } from './delete-weights.ts'
import { describe } from './describe.ts'
import { importEpisodes } from './import-episodes.ts'
import { judge, judgeByRule } from './judge.ts'
import { move } from './move.ts'
import { open } from './open.ts'
import { openGroup, playGroup, stopGroup } from './play-group.ts'
import { playWithSource } from './play-with-source.ts'
import { playWithWebLlm } from './play-with-web-llm.ts'
import { putBeside } from './put-beside.ts'
import { reconnect } from './reconnect.ts'
import { remove } from './remove.ts'
import { restart } from './restart.ts'
import { run } from './run.ts'
import { startTour } from './start-tour.ts'
import { step } from './step.ts'
import { takeFile, takeFiles } from './take-files.ts'
import { togglePlay } from './toggle-play.ts'

const actionTable = {
  run,
  step,
  move,
  togglePlay,
  open,
  describe,
  takeFile,
  takeFiles,
  importEpisodes,
  branchOff,
  checkRoom,
  choosePolicy,
  compareBy,
  deleteWebLlm,
  deleteWeights,
  playWithSource,
  playWithWebLlm,
  playGroup,
  openGroup,
  putBeside,
  stopGroup,
  judge,
  judgeByRule,
  remove,
  reconnect,
  restart,
  copyLink,
  startTour,
} satisfies Record<string, Action<unknown>>

export type Actions = { [K in keyof typeof actionTable]: ReturnType<(typeof actionTable)[K]['perform']> }

/** Those that people choose from a list or by a key. */
export interface BoundCommand extends Omit<Command, 'enabled' | 'go'> {
  enabled: () => boolean
  go: () => void
}

const names = namesOf(actionTable)

const isWhole = (made: Partial<Actions>): made is Actions => names.every((name) => Object.hasOwn(made, name))

export function createActions(parts: Omit<Context, 'actions' | 'limits'>): { actions: Actions; commands: readonly BoundCommand[] } {
  const early = () => { throw new Error('An action was performed before all were made.') }
  const actions: Partial<Actions> = Object.fromEntries(names.map((name) => [name, early]))
  if (!isWhole(actions)) throw new Error('An action was lost.')
  const context: Context = { ...parts, actions, limits: { known: Promise.resolve() } }
  for (const name of names) Object.assign(actions, { [name]: actionTable[name].perform(context) })
  const commands = names.flatMap((name): BoundCommand[] => {
    const { command }: Action<unknown> = actionTable[name]
    if (!command) return []
    const { enabled = () => true, go, ...rest } = command
    return [{ ...rest, enabled: () => enabled(context), go: () => { go(actions) } }]
  })
  return { actions, commands }
}
