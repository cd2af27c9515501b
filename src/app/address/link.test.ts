import fc from 'fast-check'
import { rewardPresets, type RewardPreset } from '../../core/reward/presets.ts'
import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../core/episode/settings.ts'
import { defaultCareless } from '../../core/demonstrations/scripted.ts'
import { exampleOwn, readOwn } from '../../core/environments/question/sources/own.ts'
import { defaultDifficulty } from '../../core/environments/question/sources/world.ts'
import { agentNames } from '../../core/agents/names.ts'
import { defaultConfig, isConstrained, policyNames, sources, type Config } from '../state/config.ts'
import type { View } from '../state/ui.ts'
import { noFilters, places } from '../table/filters.ts'
import { outcomes } from '../table/rows.ts'
import type { Link } from './field.ts'
import { readLink as read, writeLink } from './link.ts'
import { problemWords } from './problem-words.ts'

const views: readonly View[] = ['watch', 'train', 'group', 'compare', 'experiments', 'models', 'checkpoints', 'episodes']
/** With its problems in the words of the page. */
function readLink(hash: string) {
  const { link: seen, problems } = read(hash, views)
  return { link: seen, problems: problems.map(problemWords) }
}

const link = (config: Partial<Config>, rest: Partial<Link> = {}): Link => ({ view: 'watch', config: { ...defaultConfig, ...config }, custom: null, own: null, played: null, episode: null, branch: null, step: null, rollout: null, file: null, beside: false, table: { filters: noFilters, sort: null }, comparison: null, experiment: null, training: null, ...rest })

describe('writeLink', () => {
  it('leaves out what is as usual', () => {
    expect(writeLink(link({}))).toBe('#task=1&policy=nano&seed=7')
    expect(writeLink(link({}, { view: 'models' }))).toBe('#view=models&task=1&policy=nano&seed=7')
  })

  it('writes differences only', () => {
    expect(writeLink(link({ policy: 'careless', careless: { ...defaultCareless, filter: 0.5 }, settings: { ...settingsPresets.playground, t_max: 256 }, index: 2 }, { episode: 'abc', step: 8 }))).toBe(
      '#task=3&policy=careless&seed=7&t_max=256&careless=filter:0.5&episode=abc&step=9',
    )
    expect(writeLink(link({ policy: 'webllm', model: 'Qwen3-4B-q4f16_1-MLC', constrained: false }))).toBe('#task=1&policy=webllm&model=Qwen3-4B-q4f16_1-MLC&grammar=off&seed=7')
    expect(writeLink(link({ settings: settingsPresets.paper, source: 'scenario', scenario: 's1' }))).toBe('#source=scenario&scenario=s1&policy=nano&seed=7&limits=paper')
  })
})

describe('a place in a training run', () => {
  it.each<[string, Partial<Link>, string]>([
    ['a run in Train', { view: 'train', training: { run: 'f00d', step: null, group: null } }, '#view=train&task=1&policy=nano&seed=7&run=f00d'],
    ['a task of a step in Group', { view: 'group', training: { run: 'f00d', step: 12, group: 2 } }, '#view=group&task=1&policy=nano&seed=7&run=f00d&run_step=12&group=3'],
    ['a rollout in Group', { view: 'group', training: { run: 'f00d', step: 12, group: 0 }, rollout: 4 }, '#view=group&task=1&policy=nano&seed=7&run=f00d&run_step=12&group=1&rollout=5'],
    ['a rollout in Watch', { episode: 'f00d-11-t-2', step: 0, training: { run: 'f00d', step: 12, group: null } }, '#task=1&policy=nano&seed=7&episode=f00d-11-t-2&step=1&run=f00d&run_step=12'],
  ])('%s is written, and read as it was', (_, rest, hash) => {
    expect(writeLink(link({}, rest))).toBe(hash)
    expect(readLink(hash)).toEqual({ link: link({}, rest), problems: [] })
  })
  it('is left out where it cannot be', () => {
    const { link: seen, problems } = readLink('#view=group&run=../x&run_step=0&group=0')
    expect(seen.training).toBeNull()
    expect(problems).toHaveLength(3)
    expect(readLink('#view=group&run=f00d&run_step=0').link.training).toEqual({ run: 'f00d', step: null, group: null })
  })
})

describe('a table', () => {
  it.each<[string, Partial<Link>, string]>([
    [
      'what rollouts are narrowed to',
      { view: 'group', training: { run: 'f00d', step: null, group: null }, table: { filters: { ...noFilters, text: 'Oslo & Bergen', place: 'replies', tool: 'Add_memory', reward: { from: -0.5, to: null }, step: { from: 3, to: 9 } }, sort: { column: 'reward', descending: true } } },
      '#view=group&task=1&policy=nano&seed=7&find=Oslo+%26+Bergen&find_in=replies&used=Add_memory&reward_from=-0.5&steps_from=3&steps_to=9&sort=-reward&run=f00d',
    ],
    [
      'one task of those that were played',
      { view: 'episodes', table: { filters: { ...noFilters, task: 'Where does Mira Voss live?', outcome: 'wrong' }, sort: { column: 'recorded', descending: false } } },
      '#view=episodes&task=1&policy=nano&seed=7&outcome=wrong&only=Where+does+Mira+Voss+live%3F&sort=recorded',
    ],
  ])('%s is written, and read as it was', (_, rest, hash) => {
    expect(writeLink(link({}, rest))).toBe(hash)
    expect(readLink(hash)).toEqual({ link: link({}, rest), problems: [] })
  })
  it('is left as it is by what it cannot be narrowed to', () => {
    const { link: seen, problems } = readLink('#view=episodes&outcome=perhaps&used=rm%20-rf&reward_from=much&sort=--x')
    expect(seen.table).toEqual({ filters: noFilters, sort: null })
    expect(problems).toHaveLength(4)
  })
})

describe('a branch', () => {
  it('stands beside the episode that it began as', () => {
    const rest = { episode: 'b1', branch: 'a1', beside: true }
    expect(writeLink(link({}, rest))).toBe('#task=1&policy=nano&seed=7&episode=b1&branch=a1&beside=original')
    expect(readLink(writeLink(link({}, rest))).link).toEqual(link({}, rest))
    expect(writeLink(link({}, { episode: 'b1', beside: true }))).not.toContain('beside')
  })
})

describe('a model of one’s own', () => {
  const custom = { name: 'mine-q0f32', url: 'https://models.test/mine/', library: 'https://models.test/mine.wasm' }
  const hash = '#task=1&policy=webllm&model=mine-q0f32&model_url=https:%2F%2Fmodels.test%2Fmine%2F&model_library=https:%2F%2Fmodels.test%2Fmine.wasm&seed=7'

  it('travels with its addresses', () => {
    expect(writeLink(link({ policy: 'webllm', model: custom.name }, { custom }))).toBe(hash)
    expect(readLink(hash)).toEqual({ link: link({ policy: 'webllm', model: custom.name }, { custom }), problems: [] })
    expect(writeLink(link({ policy: 'webllm', model: 'another' }, { custom }))).not.toContain('model_url')
  })
  it.each([
    ['an address that is not of the web', hash.replace('https:%2F%2Fmodels.test%2Fmine%2F', 'javascript:alert(1)'), ['model_url', 'model']],
    ['a library that is no .wasm', hash.replace('mine.wasm', 'mine.js'), ['model_library', 'model']],
    ['only one address', hash.replace(/&model_library=[^&]*/, ''), ['model']],
    ['no name', hash.replace('model=mine-q0f32&', ''), ['model']],
  ])('is not read from %s', (_, text, wrong) => {
    const { link: seen, problems } = readLink(text)
    expect(seen.custom).toBeNull()
    expect(problems.map((problem) => problem.split('=')[0])).toEqual(wrong)
  })
})

describe('readLink', () => {
  it('gives the usual for an empty hash', () => {
    expect(readLink('')).toEqual({ link: link({}), problems: [] })
  })

  it('leaves out bad values, says which, and keeps the good ones', () => {
    const { link: seen, problems } = readLink('#seed=99999&policy=wizard&task=0&step=x&facts=9&theta=2&n_max=1,2&careless=add:7&colour=red&distractors=5')
    expect(seen).toEqual(link({ difficulty: { ...defaultDifficulty, distractors: 5 } }))
    expect(problems.map((problem) => problem.split('=')[0]).sort()).toEqual(['careless', 'colour', 'facts', 'n_max', 'policy', 'seed', 'step', 'task', 'theta'])
    expect(problems).toContain('seed=99999: needs a whole number from 0 to 9999')
  })

  it.each([
    ['facts=99', 'needs a whole number from 1 to 8'],
    ['task=0', 'needs a whole number from 1 to 10,000,000'],
    ['t_max=9007199254740991', 'needs a whole number from 64 to 8192'],
    ['t_max=1', 'needs a whole number from 64 to 8192'],
    ['top_k=11', 'needs a whole number from 1 to 10'],
    ['exchanges=1000000000', 'needs a whole number from 1 to 8'],
    ['n_max=1,2,41', 'needs a whole number from 1 to 40'],
    ['n_max=1,,2', 'needs a number'],
    ['n_max=1,2', 'needs 3 numbers with commas between'],
    ['response_limit=2049', 'needs a whole number from 1 to 2048'],
    ['temperature=2.5', 'needs a number from 0 to 2'],
    ['min_p=7', 'needs a number from 0 to 1'],
    ['theta=x', 'needs a number'],
    ['prompt=long', 'needs full or compact'],
    ['limits=gold', 'needs one of paper'],
    // Read as 0 before.
    ['careless=add:', 'add: needs a number from 0 to 1'],
    ['careless=add:7', 'add: needs a number from 0 to 1'],
    ['careless=sing:1', 'has what is not known here: "sing"'],
    ['seed=7&seed=8', 'is given twice, and the first holds'],
  ])('refuses %s in words with what is allowed', (hash, words) => {
    const { link: seen, problems } = readLink(`#${hash}`)
    expect(problems).toEqual([`${hash.split('&').at(-1) ?? ''}: ${words}`])
    expect(seen).toEqual(link({}))
  })

  it('reads every number that it writes', () => {
    for (const theta of [1 / 3, 0.1 + 0.2, 1e-7, 0.47368421052631576]) {
      const settings = { ...settingsPresets.playground, theta, min_p: theta }
      expect(readLink(writeLink(link({ settings })))).toEqual({ link: link({ settings }), problems: [] })
    }
  })

  it('counts what it does not know, and is soon done with it', () => {
    const many = Array.from({ length: 2500 }, (_, i) => `k${i}=v`).join('&')
    const { link: seen, problems } = readLink(`#${many}&seed=8`)
    expect(seen.config.seed).toBe(8)
    expect(problems).toHaveLength(6)
    expect(problems[0]).toBe('k0=v: is not known here')
    expect(problems[5]).toBe('and 2,495 more that are not known here')
    expect(readLink(`#colour=${'red'.repeat(1000)}`).problems[0]?.length).toBeLessThan(100)
  })

  it('reads nothing of a link that is too long, and says so', () => {
    const { link: seen, problems } = readLink(`#seed=8&${'k=v&'.repeat(30_000)}`)
    expect(seen).toEqual(link({}))
    expect(problems).toEqual(['The link has 120,008 characters, and 20,000 is the limit: nothing of it was read.'])
  })

  it('does not take a difficulty without any kind of question', () => {
    const { link: seen, problems } = readLink('#one_hop=0&two_hop=0&comparison=0&corrected=0')
    expect(problems).toHaveLength(1)
    expect(seen.config.difficulty).toEqual({ ...defaultDifficulty, one_hop: 0, two_hop: 0, comparison: 0 })
  })

  it('takes no task of one’s own that is too long or has too many parts', () => {
    for (const lines of ['x'.repeat(301), 'x\n'.repeat(41), 'x'.repeat(12_001)]) {
      const { link: seen, problems } = readLink(`#source=own&own=${encodeURIComponent(lines)}`)
      expect(seen.own).toBeNull()
      expect(problems).toHaveLength(1)
    }
  })

  it('takes no weights that there are not', () => {
    for (const text of ['memory:3', 'memory:-1', 'kindness:1', 'memory', 'alpha:1', '__proto__:1']) {
      const { link: seen, problems } = readLink(`#reward=paper-unit&weights=${encodeURIComponent(text)}`)
      expect(seen.config).toMatchObject({ reward: 'paper-unit', weights: null })
      expect(problems).toHaveLength(1)
    }
    expect(readLink('#weights=memory:0.5,beta.storage:0.2').link.config.weights).toMatchObject({ task: 1 / 3, memory: 0.5, beta: { storage: 0.2, relevance: 1 / 3 } })
  })

  it('takes no markup for an episode key', () => {
    const { link: seen, problems } = readLink('#episode=<img>')
    expect(seen.episode).toBeNull()
    expect(problems).toHaveLength(1)
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (hash) => { expect(readLink(hash).link.config.seed).toBeGreaterThanOrEqual(0) }))
  })
})

const unit = fc.integer({ min: 0, max: 100 }).map((n) => n / 100)

/** Weights of one's own, near a preset. */
function ownWeights({ reward, weights }: { reward: RewardPreset; weights: { memory: number; storage: number; rounds: number } | null }) {
  if (!weights) return { weights }
  const { memory, storage, rounds } = weights
  const { beta, penalty, ...rest } = rewardPresets[reward]
  return { weights: { ...rest, memory, beta: { ...beta, storage }, penalty: { ...penalty, rounds } } }
}

const anyLink: fc.Arbitrary<Link> = fc.record({
  comparison: fc.constantFrom(null, 'c-1'),
  experiment: fc.constantFrom(null, 'tools', 'main,e-1'),
  beside: fc.boolean(),
  table: fc.record({
    filters: fc.record({
      text: fc.string({ maxLength: 200 }),
      place: fc.constantFrom(...places),
      outcome: fc.constantFrom('any', ...outcomes),
      tool: fc.constantFrom(null, 'Add_memory'),
      agent: fc.constantFrom(null, 'mem0-add-only'),
      reward: fc.record({ from: fc.constantFrom(null, -0.25, 0), to: fc.constantFrom(null, 1) }),
      step: fc.record({ from: fc.constantFrom(null, 1), to: fc.constantFrom(null, 46) }),
      task: fc.constantFrom(null, 'Where does “Mira & Tom” live?'),
    }),
    sort: fc.constantFrom(null, { column: 'reward', descending: true }, { column: 'step', descending: false }),
  }),
  view: fc.constantFrom(...views),
  config: fc.record({
    source: fc.constantFrom(...sources),
    scenario: fc.constant(defaultConfig.scenario),
    index: fc.integer({ min: 0, max: 9_999_999 }),
    seed: fc.integer({ min: 0, max: 9999 }),
    agent: fc.constantFrom(...agentNames),
    policy: fc.constantFrom(...policyNames),
    adapter: fc.constantFrom(null, 'run-1/12', 'a1b2c3', 'taught-SmolLM2-135M-Instruct.Q4_1'),
    model: fc.constantFrom(null, 'Qwen3-0.6B-q0f16-MLC', 'my.own_model'),
    constrained: fc.constantFrom(null, true, false),
    embedder: fc.constantFrom(null, 'snowflake-arctic-embed-s-q0f32-MLC-b4'),
    reward: fc.constantFrom('paper', 'paper-unit', 'published-code', 'answer-only'),
    weights: fc.option(fc.record({ memory: unit, storage: unit, rounds: fc.constantFrom(1 / 3, 2) }), { nil: null }),
    difficulty: fc.record({
      facts: fc.integer({ min: 1, max: 8 }),
      one_hop: unit,
      two_hop: unit,
      comparison: unit,
      update: fc.constantFrom(0.1, 1),
      distractors: fc.integer({ min: 0, max: 12 }),
      distractor_closeness: unit,
      small_talk: fc.integer({ min: 0, max: 8 }),
      update_share: unit,
    }),
    careless: fc.record({ add: unit, add_small_talk: unit, update: unit, delete: unit, retrieve: unit, filter: unit, summarise: unit, break_format: unit, wrong_id: unit }),
    settings: fc.record({
      t_max: fc.integer({ min: 64, max: 8192 }),
      n_max: fc.record({ build: fc.integer({ min: 1, max: 40 }), resist: fc.integer({ min: 1, max: 40 }), answer: fc.integer({ min: 1, max: 40 }) }),
      exchanges: fc.integer({ min: 1, max: 8 }),
      top_k: fc.integer({ min: 1, max: 10 }),
      theta: unit,
      response_limit: fc.integer({ min: 1, max: 2048 }),
      temperature: unit,
      min_p: unit,
      prompt: fc.constantFrom('full', 'compact'),
    }),
  }).map((config) => ({ ...config, ...ownWeights(config), adapter: config.policy === 'nano' || config.policy === 'own' ? config.adapter : null, ...(config.policy !== 'webllm' && { model: null }) }))
    // What is usual goes without saying.
    .map((config) => ({ ...config, constrained: isConstrained(config) === isConstrained({ ...config, constrained: null }) ? null : config.constrained })),
  own: fc.constantFrom(null, exampleOwn, readOwn('* Lena & Tom, “12 %”\n~ 莉娜住在 Oslo\n. a=b#c\n? Where?')),
  branch: fc.constantFrom(null, 'f00d-3'),
  played: fc.constantFrom(null, { group: 'f00d-2', rollouts: 8 }),
  episode: fc.constantFrom(null, '0b1c-2d'),
  step: fc.option(fc.integer({ min: 0, max: 99_999 }), { nil: null }),
  custom: fc.constant(null),
  rollout: fc.constantFrom(null, 3),
  file: fc.constantFrom(null, 'hotpot qa & more.json'),
  training: fc.constantFrom(null, { run: 'f00d-1', step: null, group: null }, { run: 'f00d-1', step: 3, group: 0 }),
})

describe('a link', () => {
  it('comes back as it was written, but for what its source and policy do not use', () => {
    fc.assert(
      fc.property(anyLink, ({ config, ...rest }) => {
        const { link: seen, problems } = readLink(writeLink({ config, ...rest }))
        expect(problems).toEqual([])
        expect(seen.config).toEqual({
          ...config,
          index: config.source === 'world' || config.source === 'file' ? config.index : 0,
          difficulty: config.source === 'world' ? config.difficulty : defaultDifficulty,
          careless: config.policy === 'careless' ? config.careless : defaultCareless,
        })
        expect(seen.view).toBe(rest.view)
        expect(seen.rollout).toBe(rest.view === 'group' ? rest.rollout : null)
        expect(seen.own).toEqual(config.source === 'own' ? rest.own : null)
        expect(seen.beside).toBe(rest.beside && rest.branch !== null)
        expect(seen.table).toEqual(rest.table)
        expect(seen.branch).toBe(rest.branch)
        expect(seen.played).toEqual(rest.played)
        expect(seen.episode).toBe(rest.episode)
        expect(seen.step).toBe(rest.episode === null ? null : rest.step)
        expect(seen.training).toEqual(rest.training)
        expect(seen.file).toBe(config.source === 'file' ? rest.file : null)
      }),
    )
  })
})
