// Takes what was dropped together: exported episodes, tasks, a run as a zip, an adapter as a zip or as its two files, a
// model as a GGUF file.
import { kindOfFile } from '../../core/file-kind.ts'
import { t } from '../locales/index.ts'
import { action, type Context } from './action.ts'

/** Skipped records that are named. */
const skippedShown = 20

/** Does the file start like episodes that this page exported? */
async function looksLikeEpisodes(file: File): Promise<boolean> {
  return (await file.slice(0, 2000).text()).includes('"schema_version"')
}

/** What the model is and needs is shown where models are; its weights wait for a yes. */
async function lookAtModel({ model, ui }: Context, file: File): Promise<void> {
  ui.getState().setView('models')
  await model.getState().look({ kind: 'files', name: file.name.replace(/\.gguf$/i, ''), files: [file] })
}

async function readTasks({ actions, config, files, ui }: Context, file: File): Promise<void> {
  const { notify, setView, view } = ui.getState()
  const words = t().actions.tasks
  const loaded = await files.getState().read(file)
  if (!loaded) {
    const { failure, loaded: before } = files.getState()
    if (failure) notify({ tone: 'error', topic: 'file', text: words.failed(failure.message, before !== null) })
    return
  }
  // Whoever plans a run wants to train on it.
  const planning = view === 'train'
  if (!planning) {
    config.getState().set({ source: 'file', index: 0 })
    setView('watch')
  }
  const { tasks, name, records, head, notes, skipped } = loaded
  // Not all that were skipped are described.
  const left = records - tasks.length
  const described = skipped.slice(0, skippedShown)
  notify({
    tone: left > 0 || head !== null || notes.length > 0 ? 'warn' : 'info',
    topic: 'file',
    text: [words.read(name, tasks.length, left), ...(head === null ? [] : [head]), ...(planning ? [words.planning] : [])].join(' '),
    details: [
      ...notes,
      ...described.map(({ index, id, field, message }) => words.skipped(index + 1, id, field, message)),
      ...(left > skippedShown ? [words.more(left - skippedShown)] : []),
    ],
  })
  await actions.checkRoom()
}

export const takeFiles = action({
  perform: (context) => async (dropped: readonly File[]): Promise<void> => {
    const [file] = dropped
    if (file && !(await context.takeTraining(dropped))) await context.actions.takeFile(file)
  },
})

export const takeFile = action({
  perform: (context) => async (file: File): Promise<void> => {
    if (kindOfFile(new Uint8Array(await file.slice(0, 512).arrayBuffer())) === 'gguf') await lookAtModel(context, file)
    else if (await looksLikeEpisodes(file)) await context.actions.importEpisodes(file)
    else await readTasks(context, file)
  },
})
