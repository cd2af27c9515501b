// What the page says of what people do.
import { count, integer } from '../../format.ts'

interface Misfits {
  file: string
  /** Tasks that do not fit, those that were counted, and all of the file. */
  large: number
  counted: number
  tasks: number
  /** Tokens that the smallest and the largest of them need. */
  least: number
  most: number
  why: string
}

export const actions = {
  run: 'Run',
  step: 'One step',
  togglePlay: 'Play or pause',
  commands: 'Commands',
  search: 'What do you want to do?',
  none: 'Nothing has that name.',
  goTo: (view: string) => `Go to ${view}`,
  cannotRun: {
    noFile: 'There is no file to take a task from. Drop a file of HotpotQA, MuSiQue, LoCoMo, LongMemEval or FactConsolidation on the page, or choose another source.',
    noTask: 'There is no such task. Choose another one.',
    noCardModel: 'No model for the graphics card is chosen. Choose one here, or let nano play.',
    noOwnModel: 'No model of your own is loaded. Open the policy in the sentence and choose one, or let nano play.',
  },
  card: {
    stopped: (id: string) =>
      `Stopped. No model is on the graphics card; the files of ${id} stay in this browser.`,
    foreign: (id: string) =>
      `${id} is somebody’s own model, which this browser does not have. Under Models you see where it would come from; nothing is fetched until you press Download.`,
    notHere: (id: string) => `${id} is not in this browser yet. Download it first.`,
    unknown: (id: string) =>
      `${id} is not known in this browser. If it is a model of your own, add it by its address.`,
  },
  notOpened: (why: string) => `The episode could not be opened. ${why}`,
  imported: (episodes: number, file: string) => `Imported ${count(episodes, 'episode')} from ${file}.`,
  notImported: (file: string, why: string) => `${file} was not imported. ${why}`,
  tasks: {
    failed: (why: string, kept: boolean) =>
      kept ? `${why} The tasks that were loaded before are still there.` : why,
    read: (file: string, tasks: number, skipped: number) =>
      `${file}: ${count(tasks, 'task')} read${skipped > 0 ? `, ${count(skipped, 'record')} skipped` : ''}.`,
    planning: 'Choose it under the tasks of the plan to train on it.',
    skipped: (record: number, id: string | null, field: string, message: string) =>
      `Record ${record}${id === null ? '' : ` (${id})`}, ${field}: ${message}`,
    more: (records: number) => `and ${integer(records)} more`,
  },
  room: {
    raise: (tMax: number) => `T_max ${integer(tMax)}`,
    onlyThose: (tasks: number) => `Keep the ${integer(tasks)} that ${tasks === 1 ? 'fits' : 'fit'}`,
  },
  embedder: {
    loading: (id: string) => `Loading ${id} and measuring its θ…`,
    ready: (id: string, theta: string) =>
      `Texts are now compared by ${id}; θ begins at ${theta}, which tells facts beside their own question best from others.`,
    failed: (why: string) => `Texts are compared as before. ${why}`,
  },
  modelDeleted: (id: string, freed: string | null, custom: boolean) =>
    [
      freed === null ? `${id} is out of the list.` : `${id} is deleted: ${freed} are free.`,
      custom ? 'To have it again, add it by its address.' : 'Download fetches it again.',
    ].join(' '),
  deleted: {
    done: 'Episode deleted.',
    undo: 'Undo',
    notUndone: (why: string) => `It could not be brought back. ${why}`,
    failed: (why: string) => `The episode could not be deleted. ${why}`,
  },
  storage: {
    back: (gone: number) =>
      [
        'Connected again. What was kept in memory has been stored.',
        ...(gone === 0
          ? []
          : [`${count(gone, 'recorded episode')} of the database that was deleted ${gone === 1 ? 'is' : 'are'} gone.`]),
      ].join(' '),
    failed: (why: string) => `Still no storage. ${why}`,
  },
  workers: {
    restarted: 'Restarted. Recorded episodes are still there.',
    failed: (why: string) => `The restart failed: ${why} Reload the page.`,
  },
  judging: {
    kept: 'The judged rollout is kept as an episode of its own, under Episodes. Its run keeps the reward that it was trained with.',
    deleted: 'The episode was deleted while it was judged, so the verdict is not kept.',
    failed: (why: string) => `The episode was not judged: it is scored as before. ${why}`,
    notTakenOut: (why: string) => `The verdict could not be taken out. ${why}`,
  },
  dataSets: (why: string) => `The data sets could not be listed. ${why}`,
  misfit: {
    takes: (policy: string, tokens: number) => `${policy} takes ${integer(tokens)} at once`,
    tMax: (tokens: number) => `T_max is ${integer(tokens)}`,
    text: ({ file, large, counted, tasks, least, most, why }: Misfits) => {
      const of = counted < tasks ? `the first ${integer(counted)} tasks` : count(tasks, 'task')
      const tokens = least === most ? integer(least) : `${integer(least)} to ${integer(most)}`
      const need = large === 1 ? 'needs' : 'need'
      return `${file}: ${integer(large)} of ${of} ${need} ${tokens} tokens for what is told and asked alone, and ${why}.`
    },
    holds: (tMax: number, all: boolean) => `A T_max of ${integer(tMax)} holds ${all ? 'them all' : 'more of them'}.`,
    fits: (tasks: number) => `${count(tasks, 'task')} ${tasks === 1 ? 'fits' : 'fit'} as it is.`,
    other: 'Another policy may take more at once: a scripted one has no window of its own, and Models lists larger ones.',
  },
}
