// Models of WebLLM that learn, as the page finds them.
import { describe, expect, it } from 'vitest'
import type { CachedModel } from '../../rpc/webllm.ts'
import { defaultCareless } from '../../core/demonstrations/habits.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import { checkpointRecord } from '../../core/training/runs.fixture.ts'
import { playersOf } from './players.ts'
import { workspaceFixture } from './training-workspace.fixture.ts'
import { listed } from './webllm-fixture.ts'
import { liveModels, liveSource } from './weights.ts'

const whole = 'SmolLM2-135M-Instruct-q0f32-MLC'
const here = (id: string, complete = true): CachedModel => ({ id, bytes: 1, files: 1, ofFiles: 1, complete })
const models = [{ ...listed(whole), trainable: true, quantisation: 'q0f32' }, { ...listed('B-q4f16_1-MLC'), trainable: false, quantisation: 'q4f16_1' }, { ...listed('C-q0f32-MLC'), trainable: true, quantisation: 'q0f32' }]
const source: ModelSource = { kind: 'webllm', name: whole, source: { kind: 'listed', id: whole } }

describe('liveModels', () => {
  it('are those that are here whole and not quantised; the quantised ones are named apart', () => {
    const cached = [here(whole), here('B-q4f16_1-MLC'), here('C-q0f32-MLC', false)]
    expect(liveModels({ models, cached }).map(liveSource)).toEqual([source])
    expect(liveModels({ models, cached }, true).map(({ id }) => id)).toEqual(['B-q4f16_1-MLC'])
    expect(liveModels({ models: null, cached })).toEqual([])
  })

  it('keep the addresses of a model that is not in the list', () => {
    expect(liveSource({ ...listed('mine-q0f32'), custom: true, url: 'https://a.example/m', library: 'https://a.example/l.wasm' })).toEqual({ kind: 'webllm', name: 'mine-q0f32', source: { kind: 'custom', name: 'mine-q0f32', url: 'https://a.example/m', library: 'https://a.example/l.wasm' } })
  })
})

describe('a run of a model of WebLLM', () => {
  it('finds its model again, to go on and to be exported', () => {
    const { workspace, webllm } = workspaceFixture()
    expect(workspace.sourceOf(whole)).toBeNull()
    webllm.setState({ models, cached: [here(whole)] })
    expect(workspace.sourceOf(whole)).toEqual(source)
  })
})

describe('adapters in a comparison', () => {
  const nano: ModelSource = { kind: 'url', name: 'nano', url: 'http://here/' }
  const offered = { checkpoints: [checkpointRecord('k', null, { model: whole })], runs: [], webllm: [], constrained: null, careless: defaultCareless }
  const choiceOf = (live: readonly ModelSource[], sources: readonly ModelSource[] = [nano]) => playersOf({ ...offered, sources, live }).find(({ id }) => id === 'checkpoint:k')?.choice

  it('play where they were trained, within the grammar', () => {
    expect(choiceOf([source])).toEqual({ name: 'model', source, adapter: 'k', constrained: true })
    expect(choiceOf([])).toBeNull()
  })

  it('play in the other engine where only that has the model', () => {
    const same: ModelSource = { kind: 'kept', name: 'SmolLM2-135M-Instruct', key: 'x' }
    expect(choiceOf([], [nano, same])).toMatchObject({ source: same, adapter: 'k' })
  })
})
