// The list of runs, what is exported and imported, how far a run got.
import type { RunRecord } from '../../../core/training/runs.ts'
import { count, integer } from '../../format.ts'

const ofSteps = (steps: number, planned: number) => `${integer(steps)} of ${count(planned, 'step')} ${steps === 1 ? 'is' : 'are'} kept`

export const runs = {
  title: 'Runs',
  newRun: 'New run',
  importRun: 'Import a run',
  importHint: 'A run that this page exported as a zip, to look at.',
  unread: (why: string) => `The runs could not be read. ${why}`,
  reading: 'Reading…',
  none: 'Every run is kept here, step by step, in this browser.',
  status: { running: 'interrupted', paused: 'paused', finished: 'finished', imported: 'imported' } satisfies Record<RunRecord['status'], string>,
  training: 'training',
  trainingElsewhere: 'training in another tab',
  line: (status: string, steps: number, planned: number) => `${status}, ${integer(steps)} of ${count(planned, 'step')}`,
  nameOfRun: 'Name of the run',
  layOver: (name: string) => `Compare “${name}” in the charts`,
  layOverHint: 'Draw it over the charts of this run.',
  takeOff: (name: string) => `Remove “${name}” from the charts`,
  takeOffHint: 'Remove it from the charts.',
  rename: 'Rename',
  exportRun: 'Export the whole run (zip)',
  exportTrajectories: 'Export trajectories (JSONL)',
  exportMetrics: 'Export metrics (CSV)',
  exportFor: (framework: string) => `Export for ${framework} (zip)`,
  showTrajectories: 'Trajectories for other programs',
  showMetrics: 'Metrics for other programs',
  remove: 'Delete',

  madeItsSteps: (name: string, steps: number) => `“${name}” has made its ${steps} steps.`,
  paused: (name: string, why: string) => `“${name}” paused. ${why}`,
  undo: 'Undo',
  notUndone: (why: string) => `It could not be restored. ${why}`,
  removed: (name: string) => `“${name}” deleted, with its rollouts and checkpoints.`,
  checkpointRemoved: (name: string) => `“${name}” deleted.`,
  notRemoved: (why: string) => `It could not be deleted. ${why}`,
  deletedElsewhere: 'It was deleted, perhaps in another tab.',
  notRenamed: (name: string, why: string) => `“${name}” could not be renamed. ${why}`,

  notExported: (name: string, why: string) => `“${name}” could not be exported. ${why}`,
  notExportedFor: (name: string, framework: string, why: string) => `“${name}” could not be exported for ${framework}. ${why}`,
  packing: (name: string, step: number, of: number) => `Packing “${name}”: step ${step} of ${of}.`,
  packed: (name: string) => `“${name}” is packed.`,
  packedFor: (name: string, framework: string, adapter: string | null) => `“${name}” is packed for ${framework}${adapter === null ? ', without an adapter: none is kept' : `, with the adapter “${adapter}”`}. Its README has the commands.`,
  packedToShow: (name: string, program: string) => `“${name}” is packed for ${program}. Its README says how to open it, and what it does not hold.`,
  setGone: (name: string) => `Its tasks come from the data set “${name}”, which is not kept here any more: import the same file again.`,
  readingRun: (name: string, step: number, of: number) => `Reading “${name}”: step ${step} of ${of}.`,
  imported: (name: string, steps: number) => `“${name}” is here, with ${count(steps, 'step')}. You can look at it, not train it further.`,
  notImported: (name: string, why: string) => `${name} was not imported. ${why}`,
  notRead: (name: string | null, why: string) => `${name ?? 'The file'} was not read. ${why}`,

  modelNotLoaded: (model: string) => `It is an adapter of ${model}, which is not loaded. Its names and shapes come from that model: choose it in Watch first.`,
  weightsGone: 'Its weights are no longer here.',
  pauseFirst: 'A training is running: pause it first.',
  adapterHere: (name: string, rank: number, model: string, saved: boolean) => `“${name}” is here: LoRA of rank ${rank} for ${model}.${saved ? '' : ' It is only in memory: a reload loses it.'}`,

  /** "1 to 5 and 7" */
  stretches: (stretches: readonly (readonly [first: number, last: number])[]) => {
    const each = stretches.map(([first, last]) => (first === last ? integer(first) : `${integer(first)} to ${integer(last)}`))
    return each.length < 2 ? each.join('') : `${each.slice(0, -1).join(', ')} and ${each.at(-1) ?? ''}`
  },
  stepsNamed: (stretches: string, one: boolean) => `${one ? 'step' : 'steps'} ${stretches}`,
  rolloutsOf: (steps: string) => `the rollouts of ${steps}`,
  notKept: (parts: readonly string[]) => `Not kept any more: ${parts.join(', and ')}.`,
  interrupted: {
    nothing: (planned: number) => `No step of ${integer(planned)} was finished; Resume starts again.`,
    goesOn: (steps: number, planned: number) => `${ofSteps(steps, planned)}; Resume continues from there.`,
    fromStart: (steps: number, planned: number) => `${ofSteps(steps, planned)}, but no adapter; Resume starts again and makes ${steps === 1 ? 'it' : 'them'} again, with the same result.`,
    again: (steps: number, planned: number, from: number) =>
      `${ofSteps(steps, planned)}; Resume continues from the adapter after step ${integer(from)} and makes ${steps - from === 1 ? `step ${integer(steps)}` : `steps ${integer(from + 1)} to ${integer(steps)}`} again, with the same result.`,
  },
}
