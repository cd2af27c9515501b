import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { policySpecSchema, setupSchema, taskOriginSchema } from './record/setup.ts'
import { recordSchema } from './episode/read-record.ts'
import { episodeSettingsSchema, stepSchema } from './record/trajectory.ts'
import { settingsPresets } from './episode/settings.ts'
import { trainConfigSchema, trainPresets } from './training/config.ts'
import { fit, misfits, misfitWords, mustFit } from './fit.ts'
import { defaultDifficulty, worldDifficultySchema } from './environments/question/sources/world.ts'

const words = (schema: z.ZodType, value: unknown): string => {
  const read = fit(schema, value)
  return read.success ? 'fits' : misfitWords(read.misfit)
}

describe('what does not fit, in words with the allowed range', () => {
  const whole = z.number().int().min(1).max(8)
  it.each<[string, z.ZodType, unknown]>([
    ['fits', whole, 8],
    ['the whole: needs a whole number from 1 to 8, not 9', whole, 9],
    ['the whole: needs a whole number from 1 to 8, not 0', whole, 0],
    ['the whole: needs a whole number from 1 to 8, not 1.5', whole, 1.5],
    ['the whole: needs a whole number from 1 to 8, not text', whole, '3'],
    ['the whole: needs a whole number above 0, not -1', z.number().int().positive(), -1],
    ['the whole: needs a number of at least 0 and below 1, not 1', z.number().min(0).lt(1), 1],
    ['the whole: needs a number of at most 0.5, not NaN', z.number().max(0.5), NaN],
    ['the whole: needs a whole number from 2 to 100,000, not 1', z.number().int().min(2).max(100_000), 1],
    ['the whole: needs a multiple of 64, not 65', z.number().multipleOf(64), 65],
    ['the whole: needs text, not a list', z.string(), []],
    ['the whole: needs some text, and is empty', z.string().min(1).max(9), ''],
    ['the whole: needs text of 1 to 3 characters', z.string().min(1).max(3), 'four'],
    ['the whole: needs text of at most 1 character', z.string().max(1), 'xx'],
    ['the whole: needs a list of at least 1 entry', z.array(z.number()).min(1), []],
    ['the whole: needs a list of 2 entries', z.tuple([z.number(), z.number()]), [1]],
    ['the whole: needs true or false, not null', z.boolean(), null],
    ['the whole: needs an object, not a list', z.object({}), []],
    ['the whole: needs k1, k2 or k3, not "k4"', z.enum(['k1', 'k2', 'k3']), 'k4'],
    ['the whole: needs 1, 2 or 3, not 4', z.union([z.literal(1), z.literal(2), z.literal(3)]), 4],
    ['a: is missing', z.object({ a: z.string() }), {}],
    ['a: is missing: it needs 1', z.object({ a: z.literal(1) }), {}],
    ['a.1: needs a number, not text', z.object({ a: z.array(z.number()) }), { a: [1, 'x'] }],
    [
      'type: needs x or y',
      z.discriminatedUnion('type', [z.object({ type: z.literal('x') }), z.object({ type: z.literal('y') })]),
      { type: 'z' },
    ],
    ['the whole: has what is not known here: "b"', z.object({ a: z.number() }).strict(), { a: 1, b: 2 }],
    // Of several forms the one that the value comes nearest to.
    ['task.id: is missing', z.object({ task: z.union([z.number(), z.object({ id: z.string() })]) }), { task: {} }],
    ['the whole: needs the words of the schema', z.string().regex(/x/, 'needs the words of the schema'), 'y'],
  ])('%s', (expected, schema, value) => {
    expect(words(schema, value)).toBe(expected)
  })

  it('says nothing of Zod for any field of what is recorded', () => {
    const task = {
      id: 't',
      source: 'world',
      kind: 'k',
      split: 'none',
      facts: [],
      build: [],
      resist: [],
      query: 'q',
      answer: 'a',
      aliases: [],
    }
    const policy = { kind: 'onnx', model: 'm', source: null, adapter: { key: 'k', name: 'n', hash: null } }
    const source = { kind: 'generated', generator: 'world', seed: 1, index: 0, split: 'train', options: null }
    const setup = { agent: 'agemem', policy, embedder: 'hash', reward: {}, source }
    const trajectory = {
      schema_version: 2,
      id: { run: 'r', batch: 0, task: 't', rollout: 0 },
      task,
      policy: 'p',
      setup,
      seed: 1,
      settings: settingsPresets.playground,
      embedder: 'e',
      token_counter: 'c',
      status: 'complete',
      stop: 'answered',
      failure: null,
      answer: 'a',
      steps: [],
    }
    const { setup: _, ...rest } = trajectory
    const old = { ...rest, schema_version: 1 }
    expect([trajectory, old].map((each) => words(recordSchema, each))).toEqual(['fits', 'fits'])
    const wrong: unknown[] = [undefined, null, '', 'x', -1, 1.5, [], {}, [{}], true]
    const spoilt = (value: object, schema: z.ZodType) =>
      Object.keys(value).flatMap((key) => wrong.map((each) => words(schema, { ...value, [key]: each })))
    const all = [
      ...spoilt(trajectory, recordSchema),
      ...spoilt(old, recordSchema),
      ...spoilt(setup, setupSchema),
      ...spoilt(policy, policySpecSchema),
      ...spoilt(source, taskOriginSchema),
      ...spoilt(settingsPresets.playground, episodeSettingsSchema),
      ...spoilt(trainPresets.quick, trainConfigSchema),
      ...spoilt(defaultDifficulty, worldDifficultySchema),
      ...misfits(stepSchema, {}).map((each) => misfitWords(each)),
    ]
    expect(all.length).toBeGreaterThan(300)
    for (const each of all)
      expect(each).not.toMatch(
        /invalid|expected|received|too (big|small)|unrecogni[sz]ed|does not fit|undefined|[<>]=/i,
      )
  })

  it('ends at the first of a million things that are wrong', () => {
    const many = { steps: Array.from({ length: 1_000_000 }, () => 0) }
    expect(words(z.object({ steps: z.array(z.object({ a: z.number(), b: z.string() })) }), many)).toBe(
      'steps.0: needs an object, not 0',
    )
  })
})

describe('misfits', () => {
  it('are all that is wrong', () => {
    expect(
      misfits(z.object({ a: z.string(), b: z.number().max(3) }), { b: 4 }).map((each) => misfitWords(each)),
    ).toEqual(['a: is missing', 'b: needs a number of at most 3, not 4'])
    expect(misfits(z.string(), 'x')).toEqual([])
  })
})

describe('mustFit', () => {
  it('throws a sentence', () => {
    expect(() => mustFit(z.object({ k: z.number().max(3) }), { k: 4 }, '--set: ')).toThrow(
      '--set: k: needs a number of at most 3, not 4.',
    )
    expect(mustFit(z.string(), 'x')).toBe('x')
  })
  it('does not hold what it refused in its message', () => {
    expect(() =>
      mustFit(
        z.object({ a: z.string() }).strict(),
        Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${'x'.repeat(100)}${i}`, 1])),
      ),
    ).toThrow(/^a: is missing\.$/)
    expect(() =>
      mustFit(
        z.object({}).strict(),
        Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${'x'.repeat(100)}${i}`, 1])),
      ),
    ).toThrow(/^has what is not known here: .{200,300} and 4995 more\.$/)
  })
})
