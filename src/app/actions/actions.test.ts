// The table of actions: each can call every other, whatever the order.
import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { ModelNeeds, ModelSource } from '../../core/policy/model.ts'
import type { EpisodeSettings } from '../../core/record/trajectory.ts'
import type { ModelApi } from '../../rpc/contracts.ts'
import { createConfigStore } from '../state/config.ts'
import { createEpisodeStore } from '../state/episode.ts'
import { createFilesStore } from '../state/files.ts'
import { createGroupStore } from '../state/group.ts'
import { createRolloutsStore } from '../state/rollouts.ts'
import { createLibraryStore } from '../state/library.ts'
import { createModelStore } from '../state/model.ts'
import { createTourStore } from '../state/tour.ts'
import { createUiStore } from '../state/ui.ts'
import { createWeightsStore } from '../state/weights.ts'
import { createWebLlmStore } from '../state/webllm.ts'
import { createActions } from './index.ts'

const gone = () => { throw new Error('No worker is in this test.') }
const backend = {
  ...{ lab: gone, memory: gone, model: gone, webllm: gone, weights: gone },
  restart: () => Promise.reject(new Error('no worker')),
  onLost: () => undefined,
  onRestart: () => undefined,
}

const none = () => Promise.reject(new Error('No worker is in this test.'))
const workerless: ModelApi = {
  plan: none, needs: none, load: none, prepare: none, inspect: none, useAdapter: none, peftFiles: none, readPeft: none,
  serve: none, closeStream: none, abort: none, beginTraining: none, endTraining: none, score: none, update: none, gradient: none, apply: none, adapterState: none,
}
const smol: ModelSource = { kind: 'files', name: 'SmolLM2-135M-Instruct.Q4_1', files: [] }
const taughtAs = 'taught-SmolLM2-135M-Instruct.Q4_1'

function made(training = false, taught: () => Promise<null> = () => Promise.resolve(null), plan?: () => Promise<ModelNeeds>) {
  const config = createConfigStore()
  const episode = createEpisodeStore(backend, () => undefined)
  const ui = createUiStore({ get: () => null, set: () => undefined }, ['en'])
  const stores = {
    config,
    episode,
    ui,
    files: createFilesStore(backend),
    library: createLibraryStore(backend, () => 'k', () => 0),
    model: createModelStore(backend, 'http://127.0.0.1/', { get: () => null, set: () => undefined }),
    weights: createWeightsStore(backend, () => 0, { kind: 'url', name: 'nano', url: 'http://127.0.0.1/nano/' }),
    tour: createTourStore({ config, episode, ui, run: () => Promise.resolve(), newKey: () => 'k', later: () => () => undefined }),
    webllm: createWebLlmStore(backend, () => 0),
  }
  const more = {
    takeTraining: () => Promise.resolve(false),
    restarted: () => Promise.resolve(),
    reconnected: () => Promise.resolve(),
    newKey: () => 'k',
    workspace: { group: createGroupStore(() => Promise.resolve([]), () => 0), rollouts: createRolloutsStore(() => Promise.resolve(null), () => 0), taught, watchLive: () => training },
  }
  return { ...stores, ...createActions({ ...stores, ...more, backend: plan ? { ...backend, model: () => ({ ...workerless, plan }) } : backend }) }
}

describe('actions', () => {
  it('reach each other, those that come later too', async () => {
    const { actions, episode, ui } = made()
    ui.getState().setView('models')
    actions.togglePlay()
    await expect.poll(() => episode.getState().failure).toBe('No worker is in this test.')
    expect(ui.getState().view).toBe('watch')
  })

  it('show the rollout under way while the model is trained, and no failure', async () => {
    const { actions, episode } = made(true)
    await actions.run()
    expect(episode.getState()).toMatchObject({ waiting: false, failure: null })
  })

  it('play with a model as it was taught by the lesson that comes with the page, asked as it learnt', async () => {
    const asked: string[] = []
    const { actions, config, episode } = made(false, () => { asked.push('lesson'); return Promise.resolve(null) })
    actions.playWithSource(smol)
    expect(config.getState()).toMatchObject({ policy: 'own', adapter: taughtAs, settings: settingsPresets.quick })
    await actions.run()
    expect(asked).toEqual(['lesson'])
    expect(episode.getState().failure).toBe('No worker is in this test.')
    actions.playWithSource({ ...smol, name: 'Qwen3-0.6B' })
    expect(config.getState().adapter).toBeNull()
  })

  it('say why a lesson cannot be had, and play nothing', async () => {
    const { actions, episode, ui } = made(false, () => Promise.reject(new Error('There is no network.')))
    actions.playWithSource(smol)
    await actions.run()
    expect(ui.getState().notices.map(({ text }) => text)).toEqual(['Taught the protocol was not imported. There is no network.'])
    expect(episode.getState()).toMatchObject({ waiting: false, failure: null })
  })

  it('wait for the limits of a model whose files are being read', async () => {
    let told: (needs: ModelNeeds) => void = () => undefined
    const plan = () => new Promise<ModelNeeds>((resolve) => { told = resolve })
    const { actions, config, episode } = made(false, undefined, plan)
    const asked: EpisodeSettings[] = []
    episode.setState({ run: ({ settings }) => { asked.push(settings); return Promise.resolve() } })
    actions.playWithSource({ ...smol, name: 'Qwen3-0.6B' })
    expect(config.getState().settings).toEqual(settingsPresets.playground)
    const running = actions.run()
    told({ window: 4096, bytes: 1, learning: 1, limit: 2, parameters: 1 })
    await running
    expect(asked).toEqual([settingsPresets.pretrained])
  })

  it('are commands where they have a name, enabled as things stand', () => {
    const { commands, episode } = made()
    const run = commands.find(({ label }) => label() === 'Run')
    expect(run?.enabled()).toBe(true)
    episode.setState({ waiting: true })
    expect(run?.enabled()).toBe(false)
  })
})
