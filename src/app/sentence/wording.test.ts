import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../core/episode/settings.ts'
import { defaultConfig } from '../state/config.ts'
import type { LoadedFile } from '../state/files.ts'
import { indexWords, sentence, settingsWords, sourceWords, windowWords } from './wording.ts'

const file: LoadedFile = { name: 'hotpotqa.json', format: 'hotpotqa', tasks: [], whole: [], skipped: [], records: 0, head: null, notes: [] }

describe('sentence', () => {
  it('says the default in words', () => {
    expect(sentence(defaultConfig, null)).toBe('nano plays task 1 of a made-up world (3 facts, 3 distractors).')
  })

  it('says what is not as usual', () => {
    const difficulty = { ...defaultConfig.difficulty, facts: 1, distractors: 0 }
    const settings = { ...settingsPresets.playground, t_max: 2048 }
    expect(sentence({ ...defaultConfig, policy: 'store-all', index: 1233, difficulty, settings, reward: 'answer-only' }, null)).toBe(
      'store-all plays task 1,234 of a made-up world (1 fact, no distractors) in a window of 2,048 tokens, rewarded for the answer only.',
    )
  })

  it('names a scenario without a number', () => {
    expect(sentence({ ...defaultConfig, source: 'scenario' }, null)).toMatch(/^nano plays “The longer sessions”\.$/)
  })
})

describe('its parts', () => {
  it('counts the tasks of a file, and says when there is none', () => {
    const config = { ...defaultConfig, source: 'file' as const, index: 2 }
    expect(indexWords(config, { ...file, tasks: Array.from({ length: 50 }, () => ({ ...emptyTask })) })).toBe('task 3 of 50')
    expect(indexWords(config, null)).toBeNull()
    expect(sourceWords(config, null)).toBe('a file (none is loaded)')
    expect(sourceWords(config, file)).toBe('hotpotqa.json')
  })

  it('names the paper’s limits and a changed θ', () => {
    expect(settingsWords({ settings: settingsPresets.paper })).toBe('a window of 8,192 tokens, the paper’s limits')
    expect(settingsWords({ settings: settingsPresets.paper }, 1024)).toBe('a window of 8,192 tokens (the model takes 1,024), the paper’s limits')
    expect(settingsWords({ settings: settingsPresets.paper }, 8192)).not.toContain('takes')
    expect(settingsWords({ settings: { ...settingsPresets.playground, theta: 0.45 } })).toBe('a window of 1,024 tokens, θ 0.45')
  })
})

const emptyTask: LoadedFile['tasks'][number] = { id: 't', source: 'hotpotqa', kind: 'bridge', split: 'none', facts: [], build: [], resist: [], query: 'q', answer: 'a', aliases: [] }

describe('windowWords', () => {
  it('says what the model takes, and when T_max is beyond it', () => {
    expect(windowWords(8192, null, 8192)).toBe('The model loads with a window of 8,192 tokens if the card has enough memory.')
    expect(windowWords(8192, 4096, 8192)).toBe('The model was loaded with a window of 4,096 tokens: a longer prompt ends the episode, so choose a smaller T_max.')
    expect(windowWords(1024, null, null)).toContain('once it is loaded')
  })
})
