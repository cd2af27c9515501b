// The table of actions: each can call every other, whatever the order.
import { describe, expect, it } from 'vitest'
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

function made(training = false) {
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
    workspace: { group: createGroupStore(() => Promise.resolve([]), () => 0), rollouts: createRolloutsStore(() => Promise.resolve(null), () => 0), watchLive: () => training },
  }
  return { ...stores, ...createActions({ ...stores, ...more, backend }) }
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

  it('are commands where they have a name, enabled as things stand', () => {
    const { commands, episode } = made()
    const run = commands.find(({ label }) => label() === 'Run')
    expect(run?.enabled()).toBe(true)
    episode.setState({ waiting: true })
    expect(run?.enabled()).toBe(false)
  })
})
