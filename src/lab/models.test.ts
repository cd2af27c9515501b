import { describe, expect, it } from 'vitest'
import type { ModelSource } from '../core/policy/model.ts'
import type { LiveApi } from '../rpc/live.ts'
import { createModels } from './models.ts'
import { tableEncodingOf, tableModelApi } from './table-model.fixture.ts'

const source: ModelSource = { kind: 'webllm', name: 'A-q0f32-MLC', source: { kind: 'listed', id: 'A-q0f32-MLC' } }
const engine: ModelSource = { kind: 'url', name: 'nano', url: 'http://here/' }

describe('createModels', () => {
  it('takes a model of WebLLM from where it learns, alone, and every other from the model worker', async () => {
    const loaded: string[] = []
    const { load, ...api } = tableModelApi()
    const absent = () => Promise.reject(new Error('not in this test'))
    const live: LiveApi = {
      ...api,
      look: absent,
      cardBytes: absent,
      load: async (of, onProgress) => {
        loaded.push(`live ${of.name}`)
        return { ...(await load(of, onProgress)), processor: 'gpu', live: true }
      },
    }
    const model = { ...api, load: ((of, onProgress) => { loaded.push(`model ${of.name}`); return load(of, onProgress) }) satisfies typeof load }
    const start = () => { throw new Error('No replica is of use on a graphics card.') }
    const models = createModels({ model: () => Promise.resolve(model), live: () => Promise.resolve(live), encodingOf: tableEncodingOf, replicas: { count: 4, start } })
    const one = await models.forMany(source, () => undefined)
    expect(one).toMatchObject({ name: 'A-q0f32-MLC', recomputes: true, oneConversation: true })
    expect(await models.one(engine, () => undefined)).toMatchObject({ name: 'nano', recomputes: false, oneConversation: false })
    expect(loaded).toEqual(['live A-q0f32-MLC', 'model nano'])
  })

  it('says that there is no such worker where there is none', async () => {
    const models = createModels({ model: () => Promise.resolve(tableModelApi()), encodingOf: tableEncodingOf })
    await expect(models.one(source, () => undefined)).rejects.toThrow('no worker here in which a model of WebLLM could learn')
  })
})
