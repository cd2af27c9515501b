import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../core/episode/settings.ts'
import { defaultConfig, webLlmSettings, policyChoice, withinWindow, withWebLlmModel, withPolicy, type Config } from './config.ts'

const large: Config = { ...defaultConfig, policy: 'webllm', model: 'Qwen3-4B-q4f16_1-MLC', settings: webLlmSettings(4096) }

describe('a WebLLM model as the policy', () => {
  it('has the paper’s limits, within its window', () => {
    expect(webLlmSettings(null)).toEqual(settingsPresets.paper)
    expect(webLlmSettings(40_960)).toEqual(settingsPresets.paper)
    expect(webLlmSettings(4096)).toEqual({ ...settingsPresets.paper, t_max: 4096, response_limit: 1024 })
    expect(withWebLlmModel(defaultConfig, 'A', 4096)).toEqual({ policy: 'webllm', model: 'A', adapter: null, settings: webLlmSettings(4096) })
  })

  it('leaves limits alone that somebody set', () => {
    const own = { ...defaultConfig, settings: { ...settingsPresets.playground, t_max: 512 } }
    expect(withWebLlmModel(own, 'A', 4096)).not.toHaveProperty('settings')
    expect(withPolicy({ ...large, settings: own.settings }, 'nano', 4096)).toEqual({ policy: 'nano' })
  })

  it('keeps within the window that shows itself when it is loaded, unless somebody set limits', () => {
    expect(withinWindow(settingsPresets.paper, null, 4096)).toEqual(webLlmSettings(4096))
    expect(withinWindow(settingsPresets.playground, null, 4096)).toBe(settingsPresets.playground)
  })

  it('takes its limits with it when another one plays', () => {
    expect(withPolicy(large, 'nano', 4096)).toEqual({ policy: 'nano', settings: settingsPresets.playground })
    expect(withPolicy(defaultConfig, 'oracle', null)).toEqual({ policy: 'oracle' })
  })

  it('of one’s own is told the whole protocol, where its window has room for it', () => {
    const own = withPolicy(defaultConfig, 'own', null, 8192)
    expect(own).toEqual({ policy: 'own', settings: settingsPresets.pretrained })
    expect(withPolicy({ ...defaultConfig, ...own }, 'nano', null, 8192)).toEqual({ policy: 'nano', settings: settingsPresets.playground })
    expect(withPolicy(large, 'own', 4096, 8192)).toMatchObject({ settings: settingsPresets.pretrained })
    expect(withPolicy(defaultConfig, 'own', null, 512)).toEqual({ policy: 'own' })
    expect(withPolicy({ ...defaultConfig, settings: settingsPresets.quick }, 'own', null, 8192)).toEqual({ policy: 'own' })
  })

  it('of one’s own keeps to the protocol without an adapter, nano does not, unless somebody says otherwise', () => {
    const nano = { kind: 'url', name: 'nano', url: 'models/nano/' } as const
    const mine = { kind: 'url', name: 'mine', url: 'https://models.test/mine/' } as const
    const asked = (patch: Partial<Config>) => policyChoice({ ...defaultConfig, ...patch }, { nano, own: mine })
    expect(asked({})).toEqual({ name: 'model', source: nano, adapter: null })
    expect(asked({ constrained: true })).toEqual({ name: 'model', source: nano, adapter: null, constrained: true })
    expect(asked({ policy: 'own' })).toEqual({ name: 'model', source: mine, adapter: null, constrained: true })
    expect(asked({ policy: 'own', adapter: 'run/7' })).toEqual({ name: 'model', source: mine, adapter: 'run/7' })
    expect(asked({ policy: 'own', constrained: false })).toEqual({ name: 'model', source: mine, adapter: null })
    expect(withPolicy({ ...defaultConfig, constrained: true }, 'own', null)).toEqual({ policy: 'own', constrained: null })
  })

  it('is asked for by its id, constrained or not', () => {
    const nano = { kind: 'url', name: 'nano', url: '' } as const
    expect(policyChoice({ ...large, constrained: false }, { nano, own: null })).toEqual({ name: 'webllm', source: { kind: 'listed', id: large.model }, options: { constrained: false } })
    expect(policyChoice({ ...large, model: null }, { nano, own: null })).toBeNull()
  })
})
