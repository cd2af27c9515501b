// Plays what the configuration says.
import { messageOf } from '../../core/error-message.ts'
import { taughtKey } from '../../core/policy/taught.ts'
import type { EpisodeRequest, Pace, PolicyChoice } from '../../rpc/contracts.ts'
import { groupRolloutIn } from '../../rpc/group-key.ts'
import { t } from '../locales/index.ts'
import { currentTask, policyChoice, taskOrigin, weightsOf, withinWindow } from '../state/config.ts'
import { cachedOf, linkedAs, windowOf } from '../state/webllm.ts'
import type { Action, Context } from './action.ts'

interface RunOptions {
  pace?: Pace
  at?: number
  /** Under this key: a link is played again, not recorded twice. */
  key?: string
  tour?: boolean
  /** The view stays; else it is Watch. */
  stay?: boolean
}

/** Puts a model on the graphics card; what is not here is fetched only when somebody asks for it under Models. */
export async function onCard({ config, episode, ui, webllm }: Context, id: string): Promise<boolean> {
  const { notify, setView } = ui.getState()
  const words = t().actions.card
  episode.getState().clear()
  if (webllm.getState().card.state === 'loading') return false
  await webllm.getState().refresh()
  const { models, failure, linked } = webllm.getState()
  const foreign = linked?.name === id && linkedAs(webllm.getState(), linked) !== 'known'
  const known = !foreign && (models?.some((each) => each.id === id) ?? false)
  if (failure === null && known && cachedOf(webllm.getState(), id)?.complete === true) {
    if (!(await webllm.getState().load(id))) {
      if (webllm.getState().card.state === 'none') notify({ tone: 'info', topic: 'model', text: words.stopped(id) })
      return false
    }
    const { card } = webllm.getState()
    // The window of a model by address is known only now.
    if (card.state === 'ready' && card.info.window > 0) {
      const listed = windowOf(webllm.getState(), id)
      config.getState().set({ settings: withinWindow(config.getState().settings, listed, card.info.window) })
    }
    return true
  }
  const text = failure ?? (foreign ? words.foreign(id) : known ? words.notHere(id) : words.unknown(id))
  notify({ tone: 'warn', topic: 'model', text })
  setView('models')
  return false
}

/** What came with the page for a model is a checkpoint from when it is first asked for. False, and told why, when it cannot be had. */
async function taughtIsHere({ ui, workspace }: Context, { source, adapter }: Extract<PolicyChoice, { name: 'model' }>): Promise<boolean> {
  if (adapter === null || adapter !== taughtKey(source.name)) return true
  try {
    await workspace.taught(source)
    return true
  } catch (error) {
    ui.getState().notify({ tone: 'error', topic: 'adapter', text: t().runs.notImported(t().lesson.shippedName, messageOf(error)) })
    return false
  }
}

/** What the configuration says, as the lab is asked for it; null, and told why, when it cannot be played. */
export async function requested(context: Context, options?: RunOptions): Promise<EpisodeRequest | null> {
  const { backend, config, files, model, ui, newKey } = context
  const { notify, setTour, setView, tour } = ui.getState()
  const words = t().actions.cannotRun
  await context.limits.known
  const state = config.getState()
  const task = currentTask(state, files.getState().loaded)
  if (!task) {
    const text = { own: t().play.own.noTask, file: words.noFile }
    const why = state.source === 'own' || state.source === 'file' ? text[state.source] : words.noTask
    notify({ tone: 'warn', topic: 'task', text: why })
    return null
  }
  const { nanoSource, ownSource } = model.getState()
  const policy = policyChoice(state, { nano: nanoSource, own: ownSource })
  if (!policy) {
    notify({ tone: 'warn', text: state.policy === 'webllm' ? words.noCardModel : words.noOwnModel })
    if (state.policy === 'webllm') setView('models')
    return null
  }
  if (!options?.tour && tour !== 'off') setTour('off')
  if (!options?.stay) setView('watch')
  // The model that is trained cannot play something else meanwhile.
  if (policy.name === 'model' && context.workspace.watchLive(true)) return null
  if (policy.name === 'model' && !(await taughtIsHere(context, policy))) return null
  if (policy.name === 'webllm' && state.model !== null && !(await onCard(context, state.model))) return null
  const source = taskOrigin(state, files.getState().loaded)
  const { settings } = config.getState()
  const { seed, embedder, agent } = state
  // The lab waits for its worker.
  if (embedder !== null) backend.webllm()
  const key = options?.key ?? newKey()
  const rollout = groupRolloutIn(key)?.rollout
  const reward = weightsOf(state)
  return { key, task, source, policy, agent, seed, settings, embedder, reward, ...(rollout === undefined ? {} : { rollout }) }
}

export const run: Action<(options?: RunOptions) => Promise<void>> = {
  command: {
    label: () => t().actions.run,
    key: { key: 'r', shown: 'R' },
    view: 'watch',
    enabled: ({ episode }) => !episode.getState().waiting,
    go: (actions) => { void actions.run() },
  },
  perform: (context) => async (options) => {
    const request = await requested(context, options)
    if (request) await context.episode.getState().run(request, options)
  },
}
