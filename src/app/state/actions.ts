// What people can do that touches more than one store.
import { rewardPresets } from '../../core/reward/presets.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { WebLlmModel } from '../../core/policy/webllm.ts'
import { calibratedTheta } from '../../core/memory/remote-embedder.ts'
import type { Pace } from '../../rpc/contracts.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import type { Backend } from '../backend.ts'
import { count, decimal, size } from '../format.ts'
import { t } from '../locales/index.ts'
import { currentTask, defaultConfig, policyChoice, taskOrigin, withEmbedder, withinWindow, withWebLlmModel, withPolicy, type PolicyName } from './config.ts'
import type { Stores } from './context.tsx'
import { isLive, position } from './episode.ts'
import { createJudging, type Judging } from './judging.ts'
import { restoreConfig } from './restore.ts'
import { webLlmWindow, localWindow, misfitOf } from './room.ts'
import { cachedOf, linkedAs } from './webllm.ts'
import { messageOf } from '../../core/error-message.ts'

export interface Actions extends Judging {
  /** Plays what the configuration says, in Watch unless the view is to stay. With a key, under that key: a link is played again, not recorded twice. */
  run(options?: { pace?: Pace; at?: number; key?: string; tour?: boolean; stay?: boolean }): Promise<void>
  /** One step of the live episode, or of a new one. */
  step(): void
  /** Moves the scrubber; beyond the end of a paused live episode it plays one more step. */
  move(by: number): void
  togglePlay(): void
  /** Opens a recorded episode, in Watch unless the view is to stay. False when there is none under that key. */
  open(key: string, at?: number, how?: { stay: boolean }): Promise<boolean>
  /** Takes a file that was dropped or chosen: exported episodes, or tasks. */
  takeFile(file: File): Promise<void>
  /** Takes what was dropped together: a file as above, a run as a zip, an adapter as a zip or as its two files. */
  takeFiles(files: readonly File[]): Promise<void>
  importEpisodes(file: File): Promise<void>
  /** Another policy plays; limits that nobody has touched follow it. */
  choosePolicy(policy: PolicyName): void
  /** Texts are compared by that embedding model of WebLLM's, null: by words, and θ is what was measured for it. */
  compareBy(embedder: string | null): Promise<void>
  /** Deletes what is here of a model; what played or compared with it goes back to nano and to words. */
  deleteWebLlm(model: WebLlmModel, bytes: number): Promise<void>
  /** A model of WebLLM becomes the policy of Watch. */
  playWithWebLlm(model: string): void
  remove(key: string): Promise<void>
  reconnect(): Promise<void>
  restart(): Promise<void>
  /** The sentence says again what this episode is. */
  describe(trajectory: Trajectory): void
  /** The episode of the first visit, by itself; at once and still for people who asked for less motion. */
  startTour(): Promise<void>
  /** Copies the address of what is on show. */
  copyLink(): Promise<void>
}

interface Parts extends Omit<Stores, 'actions' | 'hosting' | 'workspace'> {
  backend: Backend
  /** Imports a run or an adapter. False when these files are neither. */
  takeTraining: (files: readonly File[]) => Promise<boolean>
  /** What else is to be read again once other workers stand in for lost ones, or the database is there again. */
  restarted: () => Promise<void>
  reconnected: () => Promise<void>
  newKey: () => string
}

/** Does the file start like episodes that this page exported? */
async function looksLikeEpisodes(file: File): Promise<boolean> {
  return (await file.slice(0, 2000).text()).includes('"schema_version"')
}

const skippedShown = 20
const onlyThose = (tasks: number) => `Keep the ${tasks.toLocaleString('en')} that ${tasks === 1 ? 'fits' : 'fit'}`

/** Slow enough to read along, ms a step. */
const tourPace = 1100

export function createActions({ backend, config, episode, files, library, model, ui, webllm, takeTraining, restarted, reconnected, newKey }: Parts): Actions {
  const { notify } = ui.getState()

  async function importEpisodes(file: File) {
    try {
      const imported = await library.getState().importFile(file)
      notify({ tone: 'info', topic: 'file', text: `Imported ${count(imported.length, 'episode')} from ${file.name}.` })
      const [first] = imported
      if (imported.length === 1 && first) {
        actions.describe(first.trajectory)
        episode.getState().show(first.key, first.trajectory, 0)
        ui.getState().setView('watch')
      } else ui.getState().setView('episodes')
    } catch (error) {
      notify({ tone: 'error', topic: 'file', text: `${file.name} was not imported. ${messageOf(error)}` })
    }
  }

  async function readTasks(file: File) {
    const loaded = await files.getState().read(file)
    if (!loaded) {
      const failure = files.getState().failure
      if (failure) notify({ tone: 'error', topic: 'file', text: `${failure.message}${files.getState().loaded ? ' The tasks that were loaded before are still there.' : ''}` })
      return
    }
    // Whoever plans a run wants to train on it.
    const planning = ui.getState().view === 'train'
    if (!planning) {
      config.getState().set({ source: 'file', index: 0 })
      ui.getState().setView('watch')
    }
    const { tasks, name, records, head, notes, skipped } = loaded
    // Not all that were skipped are described.
    const left = records - tasks.length
    notify({
      tone: left > 0 || head !== null || notes.length > 0 ? 'warn' : 'info',
      topic: 'file',
      text: [`${name}: ${count(tasks.length, 'task')} read${left > 0 ? `, ${count(left, 'record')} skipped` : ''}.`, ...(head === null ? [] : [head]), ...(planning ? ['Choose it under the tasks of the plan to train on it.'] : [])].join(' '),
      details: [
        ...notes,
        ...skipped.slice(0, skippedShown).map(({ index, id, field, message }) => `Record ${index + 1}${id === null ? '' : ` (${id})`}, ${field}: ${message}`),
        ...(left > skippedShown ? [`and ${(left - skippedShown).toLocaleString('en')} more`] : []),
      ],
    })
    await checkRoom()
  }

  let roomNotice: number | null = null
  /** Says of the tasks of the loaded file what does not fit into the window, and offers what does. */
  async function checkRoom() {
    const { loaded } = files.getState()
    const state = config.getState()
    const { nanoSource, ownSource } = model.getState()
    const choice = policyChoice(state, { nano: nanoSource, own: ownSource })
    if (!loaded || state.source !== 'file' || !choice) return
    const name = choice.name === 'model' ? choice.source.name : choice.name === 'webllm' ? (state.model ?? '') : choice.name
    const window = () => (state.policy === 'webllm' ? webLlmWindow(state.model, webllm.getState()) : localWindow(state.policy, model.getState()))
    // A policy that cannot be asked says so when it is to play.
    const room = await backend.lab().room(loaded.tasks, choice, state.settings, window()).catch(() => null)
    const misfit = room && misfitOf(loaded.name, loaded.tasks.length, room, name, window())
    if (files.getState().loaded !== loaded) return
    if (roomNotice !== null) ui.getState().dismiss(roomNotice)
    roomNotice = null
    if (!misfit) return
    const { text, details, offer } = misfit
    const take = () => {
      if (offer?.kind === 'tMax') config.getState().setSettings({ t_max: offer.tMax })
      if (offer?.kind === 'tasks') {
        files.getState().keepOnly(offer.fits)
        config.getState().set({ index: 0 })
      }
      if (roomNotice !== null) ui.getState().dismiss(roomNotice)
    }
    const label = offer?.kind === 'tMax' ? `T_max ${offer.tMax.toLocaleString('en')}` : onlyThose(offer?.fits.length ?? 0)
    roomNotice = notify({ tone: 'warn', topic: 'room', text, details, ...(offer && { action: { label, run: take } }) })
  }

  /** Puts a model on the graphics card; what is not here is fetched only when somebody asks for it under Models. */
  async function onCard(id: string): Promise<boolean> {
    const large = webllm.getState()
    episode.getState().clear()
    if (large.card.state === 'loading') return false
    await large.refresh()
    const { models, failure, linked } = webllm.getState()
    const foreign = linked?.name === id && linkedAs(webllm.getState(), linked) !== 'known'
    const known = !foreign && (models?.some((each) => each.id === id) ?? false)
    if (failure === null && known && cachedOf(webllm.getState(), id)?.complete === true) {
      if (!(await webllm.getState().load(id))) {
        if (webllm.getState().card.state === 'none') notify({ tone: 'info', topic: 'model', text: `Stopped. No model is on the graphics card; the files of ${id} stay in this browser.` })
        return false
      }
      const { card } = webllm.getState()
      // The window of a model by address is known only now.
      if (card.state === 'ready' && card.info.window > 0) config.getState().set({ settings: withinWindow(config.getState().settings, windowOf(id), card.info.window) })
      return true
    }
    const brought = `${id} is a model of somebody’s own, which this browser does not have. Under Models you see where it would come from; nothing is fetched until you press Download.`
    const text = failure ?? (foreign ? brought : known ? `${id} is not in this browser yet. Download it first.` : `${id} is not known in this browser. If it is a model of your own, add it by its address.`)
    notify({ tone: 'warn', topic: 'model', text })
    ui.getState().setView('models')
    return false
  }

  const windowOf = (id: string | null) => webllm.getState().models?.find((each) => each.id === id)?.window ?? null

  const actions: Actions = {
    async run(options) {
      const state = config.getState()
      const task = currentTask(state, files.getState().loaded)
      if (!task) {
        notify({ tone: 'warn', topic: 'task', text: state.source === 'own' ? t().play.own.noTask : state.source === 'file' ? 'There is no file to take a task from. Drop a HotpotQA or MuSiQue file on the page, or choose another source.' : 'There is no such task. Choose another one.' })
        return
      }
      const { nanoSource, ownSource } = model.getState()
      const policy = policyChoice(state, { nano: nanoSource, own: ownSource })
      if (!policy && state.policy === 'webllm') {
        notify({ tone: 'warn', text: 'No model for the graphics card is chosen. Choose one here, or let nano play.' })
        ui.getState().setView('models')
        return
      }
      if (!policy) {
        notify({ tone: 'warn', text: 'No model of your own is loaded. Open the policy in the sentence and choose one, or let nano play.' })
        return
      }
      if (!options?.tour && ui.getState().tour !== 'off') ui.getState().setTour('off')
      if (!options?.stay) ui.getState().setView('watch')
      if (policy.name === 'webllm' && state.model !== null && !(await onCard(state.model))) return
      const source = taskOrigin(state, files.getState().loaded)
      const { settings } = config.getState()
      const of = { task, source, policy, seed: state.seed, settings, embedder: state.embedder, reward: rewardPresets[state.reward] }
      const request = { key: options?.key ?? newKey(), ...of }
      // The lab waits for its worker.
      if (state.embedder !== null) backend.webllm()
      await episode.getState().run(request, options)
    },
    step() {
      const { shown, stepOnce } = episode.getState()
      if (shown && isLive(shown)) {
        if (shown.phase === 'running') episode.getState().pause()
        else stepOnce()
        return
      }
      const key = newKey()
      void actions.run({ key, pace: { kind: 'pause' } })
      void backend.lab().stepOnce(key).catch(() => undefined)
    },
    move(by) {
      const state = episode.getState()
      if (!state.shown) return
      const at = position(state)
      const atEnd = at >= state.shown.trajectory.steps.length - 1
      if (by > 0 && atEnd && state.shown.phase === 'paused') state.stepOnce()
      else state.seek(at + by)
    },
    togglePlay() {
      const { shown, playing, pause, resume, play, hold } = episode.getState()
      if (!shown) void actions.run()
      else if (shown.phase === 'paused') resume()
      else if (isLive(shown)) pause()
      else if (playing) hold()
      else play()
    },
    async open(key, at, how) {
      const from = ui.getState().view
      try {
        const trajectory = await library.getState().get(key)
        if (!trajectory) return false
        actions.describe(trajectory)
        episode.getState().show(key, trajectory, at)
        // Somebody who went elsewhere while it was read is left there.
        if (!how?.stay && ui.getState().view === from) ui.getState().setView('watch')
        return true
      } catch (error) {
        notify({ tone: 'error', text: `The episode could not be opened. ${messageOf(error)}` })
        return false
      }
    },
    async takeFile(file) {
      if (await looksLikeEpisodes(file)) await importEpisodes(file)
      else await readTasks(file)
    },
    async takeFiles(dropped) {
      const [file] = dropped
      if (file && !(await takeTraining(dropped))) await actions.takeFile(file)
    },
    importEpisodes,
    choosePolicy(policy) {
      const state = config.getState()
      state.set(withPolicy(state, policy, windowOf(state.model)))
      void checkRoom()
    },
    async compareBy(embedder) {
      if (embedder === null) {
        config.getState().set(withEmbedder(config.getState(), null, settingsPresets.playground.theta))
        return
      }
      notify({ tone: 'info', topic: 'embedder', text: `Loading ${embedder} and measuring its θ…` })
      try {
        const theta = await calibratedTheta({ embed: (texts) => webllm.getState().embed(embedder, texts) })
        config.getState().set(withEmbedder(config.getState(), embedder, theta))
        notify({ tone: 'info', topic: 'embedder', text: `Texts are now compared by ${embedder}; θ begins at ${decimal(theta)}, which tells facts beside their own question best from others.` })
      } catch (error) {
        notify({ tone: 'error', topic: 'embedder', text: `Texts are compared as before. ${messageOf(error)}` })
      }
    },
    async deleteWebLlm(large, bytes) {
      const state = config.getState()
      if (state.policy === 'webllm' && state.model === large.id) actions.choosePolicy('nano')
      if (state.embedder === large.id) await actions.compareBy(null)
      await webllm.getState().remove(large)
      if (webllm.getState().failure !== null) return
      const again = large.custom ? 'To have it again, add it by its address.' : 'Download fetches it again.'
      notify({ tone: 'info', topic: 'model', text: bytes > 0 ? `${large.id} is deleted: ${size(bytes)} are free. ${again}` : `${large.id} is out of the list. ${again}` })
    },
    playWithWebLlm(id) {
      const state = config.getState()
      state.set(withWebLlmModel(state, id, windowOf(id)))
      ui.getState().setView('watch')
    },
    ...createJudging({ episode, library, ui, webllm, newKey }),
    async remove(key) {
      try {
        // What is still being played would be recorded anew; without a lab nothing is.
        await backend.lab().stop(key).catch(() => undefined)
        const undo = await library.getState().remove(key)
        if (episode.getState().shown?.key === key) episode.getState().clear()
        const id: number = notify({
          tone: 'info',
          text: 'Episode deleted.',
          action: undo ? { label: 'Undo', run: () => { ui.getState().dismiss(id); void undo().catch((error: unknown) => notify({ tone: 'error', text: `It could not be brought back. ${messageOf(error)}` })) } } : undefined,
        })
      } catch (error) {
        notify({ tone: 'error', text: `The episode could not be deleted. ${messageOf(error)}` })
      }
    },
    async reconnect() {
      try {
        const status = await library.getState().reconnect()
        if (status.kind !== 'durable') return
        await reconnected()
        const gone = status.gone ? ` ${count(status.gone.episodes, 'recorded episode')} of the database that was deleted ${status.gone.episodes === 1 ? 'is' : 'are'} gone.` : ''
        notify({ tone: status.gone ? 'warn' : 'info', topic: 'storage', text: `Connected again. What was kept in memory has been stored.${gone}` })
      } catch (error) {
        notify({ tone: 'error', topic: 'storage', text: `Still no storage. ${messageOf(error)}` })
      }
    },
    async restart() {
      try {
        await backend.restart()
        library.getState().setLost(null)
        // What only a lost worker was to blame for is no longer so.
        ui.getState().dismissWhere(isOfLostWorker)
        if (isOfLostWorker(files.getState().failure?.message ?? '')) files.getState().forgetFailure()
        episode.getState().restarted()
        await Promise.all([library.getState().refresh(), webllm.getState().restarted(), restarted()])
        notify({ tone: 'info', topic: 'restart', text: 'Restarted. Recorded episodes are still there.' })
      } catch (error) {
        notify({ tone: 'error', topic: 'restart', text: `The restart failed: ${messageOf(error)} Reload the page.` })
      }
    },
    describe(trajectory) {
      const state = config.getState()
      state.restore(restoreConfig(trajectory, state, files.getState().loaded))
    },
    async copyLink() {
      const { copied, notCopied } = t().frame
      try {
        await navigator.clipboard.writeText(location.href)
        notify({ tone: 'info', topic: 'copy', text: copied })
      } catch {
        notify({ tone: 'warn', topic: 'copy', text: notCopied })
      }
    },
    async startTour() {
      config.getState().set(defaultConfig)
      ui.getState().setTour('playing')
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches
      const key = newKey()
      await actions.run(still ? { key, tour: true, pace: { kind: 'run', msPerStep: 0 }, at: 0 } : { key, tour: true, pace: { kind: 'run', msPerStep: tourPace } })
      const watched = ui.getState().tour === 'playing' && episode.getState().shown?.key === key
      if (!watched || still) return
      ui.getState().setTour('handover')
      config.getState().set({ ...defaultConfig, index: 1 })
    },
  }
  return actions
}
