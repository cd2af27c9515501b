import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../../random.ts'
import { currentFacts, neededFacts, states, taskSchema, type Task } from '../task.ts'
import { containsPhrase, words } from '../../../text.ts'
import { nameWords, splitOf, wordKinds, type NameSplit } from './names.ts'
import { answersTo, readFact } from './world-solver.fixture.ts'
import { defaultDifficulty, randomDifficulty, worldDifficultySchema, worldTask, type WorldDifficulty } from './world.ts'

const count = 10_000
const allNames = new Set(wordKinds.flatMap((kind) => nameWords(kind).map((word) => word.toLowerCase())))
const namesIn = (text: string) => words(text).filter((word) => allNames.has(word))

interface Case {
  task: Task
  split: NameSplit
  difficulty: WorldDifficulty
}
const cases: Case[] = []

/** Ids of the tasks that break the rule, few of them: so that a failure can be read. */
function broken(rule: (one: Case) => boolean, from: readonly Case[] = cases): string[] {
  return from.filter((one) => !rule(one)).map(({ task }) => task.id).slice(0, 5)
}

describe(`${count} tasks of random difficulty`, () => {
  beforeAll(() => {
    const random = createRandom('difficulties')
    for (let index = 0; index < count; index++) {
      const split = index % 2 === 0 ? 'train' : 'held-out'
      const difficulty = randomDifficulty(random.fork(index))
      cases.push({ split, difficulty, task: worldTask({ seed: 11, index, split, difficulty }) })
    }
  }, 120_000)

  it('are tasks, each with its own id', () => {
    expect(broken(({ task }) => taskSchema.safeParse(task).success)).toEqual([])
    expect(new Set(cases.map(({ task }) => task.id)).size).toBe(count)
  })

  it('have difficulties that the schema allows', () => {
    expect(broken(({ difficulty }) => worldDifficultySchema.safeParse(difficulty).success)).toEqual([])
  })

  it('can be answered from the needed facts alone, in one way only', () => {
    const rule = ({ task }: Case) => {
      const answers = answersTo(task.query, neededFacts(task).map((fact) => readFact(fact.text)))
      return answers.size === 1 && answers.has(task.answer)
    }
    expect(broken(rule)).toEqual([])
  })

  it('have the same answer when all that still holds is known', () => {
    const rule = ({ task }: Case) => {
      const answers = answersTo(task.query, currentFacts(task).map((fact) => readFact(fact.text)))
      return answers.size === 1 && answers.has(task.answer)
    }
    expect(broken(rule)).toEqual([])
  })

  it('cannot be answered without any one of the needed facts', () => {
    const rule = ({ task }: Case) =>
      neededFacts(task).every((missing) => {
        const rest = currentFacts(task).filter((fact) => fact !== missing)
        return answersTo(task.query, rest.map((fact) => readFact(fact.text))).size === 0
      })
    expect(broken(rule)).toEqual([])
  })

  it('have another answer, or none, when what was corrected is believed', () => {
    const updates = cases.filter(({ task }) => task.kind === 'update')
    expect(updates.length).toBeGreaterThan(count / 10)
    const rule = ({ task }: Case) => {
      const believed = task.facts.filter((fact) => !task.facts.some((old) => old.superseded_by === fact.id))
      return !answersTo(task.query, believed.map((fact) => readFact(fact.text))).has(task.answer)
    }
    expect(broken(rule, updates)).toEqual([])
  })

  it('have the answer in no message of stage 2, no small talk and not in the question', () => {
    const rule = ({ task }: Case) => {
      const texts = [task.query, ...task.resist.map((message) => message.text), ...task.build.filter((message) => message.kind === 'small-talk').map((message) => message.text)]
      return !texts.some((text) => [task.answer, ...task.aliases].some((phrase) => containsPhrase(text, phrase)))
    }
    expect(broken(rule)).toEqual([])
  })

  it('have names of their split only', () => {
    const rule = ({ task, split }: Case) =>
      [task.query, task.answer, ...task.facts.map((fact) => fact.text), ...task.build.map((message) => message.text), ...task.resist.map((message) => message.text)]
        .flatMap(namesIn)
        .every((name) => splitOf(name) === split)
    expect(broken(rule)).toEqual([])
    expect(broken(({ task, split }) => task.split === split)).toEqual([])
  })

  it('name somebody in every fact', () => {
    expect(broken(({ task }) => task.facts.every((fact) => namesIn(fact.text).length > 0))).toEqual([])
  })

  it('state with each message exactly the facts that it lists', () => {
    const rule = ({ task }: Case) =>
      task.build.every((message) => {
        // A correction may repeat what it corrects.
        const told = (message.kind === 'correction' ? currentFacts(task) : task.facts).filter((fact) => states(message.text, fact))
        return JSON.stringify(told.map((fact) => fact.id)) === JSON.stringify(message.facts)
      })
    expect(broken(rule)).toEqual([])
  })

  it('state with each canonical text that fact and no other', () => {
    const rule = ({ task }: Case) => task.facts.every((fact) => task.facts.every((other) => states(fact.text, other) === (fact === other)))
    expect(broken(rule)).toEqual([])
  })

  it('state nothing that holds with a distractor', () => {
    const rule = ({ task }: Case) => !task.resist.some((message) => currentFacts(task).some((fact) => states(message.text, fact)))
    expect(broken(rule)).toEqual([])
  })

  it('tell every fact once, and correct after what is corrected', () => {
    const rule = ({ task }: Case) => {
      const at = new Map(task.build.flatMap((message, index) => message.facts.map((id) => [id, index] as const)))
      const corrections = task.build.filter((message) => message.kind === 'correction').flatMap((message) => message.facts)
      const replacing = task.facts.flatMap((fact) => fact.superseded_by ?? [])
      return (
        task.build.flatMap((message) => message.facts).length === task.facts.length &&
        task.facts.every((fact) => at.has(fact.id)) &&
        JSON.stringify(corrections) === JSON.stringify(replacing) &&
        task.facts.every((fact) => fact.superseded_by === null || (at.get(fact.superseded_by) ?? -1) > (at.get(fact.id) ?? Infinity))
      )
    }
    expect(broken(rule)).toEqual([])
  })

  it('need current facts only, and an update needs the correction', () => {
    expect(broken(({ task }) => neededFacts(task).length > 0 && task.facts.every((fact) => !fact.needed || fact.superseded_by === null))).toEqual([])
    const rule = ({ task }: Case) => {
      const corrected = task.facts.map((fact) => fact.superseded_by).find((id) => id !== null)
      const hit = neededFacts(task).some((fact) => fact.id === corrected)
      return task.kind === 'update' ? hit : task.kind !== 'one-hop' || !hit
    }
    expect(broken(rule)).toEqual([])
  })

  it('hold facts that fit together', () => {
    const rule = ({ task }: Case) => {
      const facts = currentFacts(task).map((fact) => readFact(fact.text))
      const pairs = facts.map(({ subject, relation }) => `${subject}/${relation}`)
      const posts = facts.filter(({ relation }) => ['manager', 'led_by', 'mayor'].includes(relation)).map(({ value }) => value)
      const mayors = facts.filter(({ relation }) => relation === 'mayor').map(({ value }) => value)
      return (
        new Set(pairs).size === pairs.length &&
        !facts.some(({ subject, relation }) => posts.includes(subject) && (relation === 'works_for' || relation === 'manager')) &&
        !facts.some(({ subject, relation }) => mayors.includes(subject) && relation === 'lives_in')
      )
    }
    expect(broken(rule)).toEqual([])
  })

  it('never use one value for two things', () => {
    const rule = ({ task }: Case) => {
      const values = task.facts.map((fact) => readFact(fact.text).value)
      return new Set(values).size === values.length
    }
    expect(broken(rule)).toEqual([])
  })

  it('are as difficult as asked', () => {
    expect(broken(({ task, difficulty }) => task.resist.length === difficulty.distractors)).toEqual([])
    expect(broken(({ task, difficulty }) => task.build.filter((message) => message.kind === 'small-talk').length === difficulty.small_talk)).toEqual([])
    const rule = ({ task, difficulty }: Case) => {
      const told = currentFacts(task).length
      return told === difficulty.facts || (told > difficulty.facts && told <= 2)
    }
    expect(broken(rule)).toEqual([])
  })

  it('mislead with the asked share of distractors: those that use a name of stage 1', () => {
    const rule = ({ task, difficulty }: Case) => {
      const known = new Set(task.build.flatMap((message) => namesIn(message.text)))
      const close = task.resist.filter((message) => namesIn(message.text).some((name) => known.has(name))).length
      return close === Math.round(difficulty.distractors * difficulty.distractor_closeness)
    }
    expect(broken(rule)).toEqual([])
  })

  it('say no two messages alike in a stage', () => {
    const rule = ({ task }: Case) => [task.build, task.resist].every((messages) => new Set(messages.map((message) => message.text)).size === messages.length)
    expect(broken(rule)).toEqual([])
  })

  it('are written out: no slot is left, no sentence begins small, punctuation is in order', () => {
    const rule = ({ task }: Case) =>
      [task.query, ...task.facts.map((fact) => fact.text), ...task.build.map((message) => message.text), ...task.resist.map((message) => message.text)].every(
        (text) => !/[{}]|undefined| {2}|,[.?!,]|\.\.|^[a-z]| ,/.test(text) && /[.?!]$/.test(text),
      )
    expect(broken(rule)).toEqual([])
  })

  it('come in every kind', () => {
    for (const kind of ['one-hop', 'two-hop', 'comparison', 'update']) {
      expect(cases.filter(({ task }) => task.kind === kind).length, kind).toBeGreaterThan(count / 8)
    }
  })
})

describe('worldTask', () => {
  const request = { seed: 5, index: 3, split: 'train', difficulty: defaultDifficulty } as const

  it('is deterministic, and independent of what else was drawn', () => {
    const first = worldTask(request)
    worldTask({ ...request, index: 9 })
    expect(worldTask(request)).toEqual(first)
    expect(worldTask({ ...request, index: 4 }).query).not.toBe(first.query)
    expect(worldTask({ ...request, seed: 6 }).query).not.toBe(first.query)
  })

  it('names the difficulty in the id unless it is the default', () => {
    expect(worldTask(request).id).toBe('world-train-5-3')
    expect(worldTask({ ...request, difficulty: { ...defaultDifficulty, facts: 4 } }).id).toMatch(/^world-train-5-3-[0-9a-f]{8}$/)
  })

  it('corrects something in every task, or in none, when asked to', () => {
    const share = (update_share: number, update: number) => {
      const tasks = Array.from({ length: 200 }, (_, index) => worldTask({ ...request, index, difficulty: { ...defaultDifficulty, update_share, update, facts: 1 } }))
      return tasks.filter((task) => task.build.some((message) => message.kind === 'correction')).length
    }
    expect(share(1, 0)).toBe(200)
    expect(share(0, 0)).toBe(0)
  })

  it('asks only for the kinds that have a weight', () => {
    const difficulty = { ...defaultDifficulty, one_hop: 0, two_hop: 0.2, comparison: 0, update: 0 }
    for (let index = 0; index < 100; index++) expect(worldTask({ ...request, index, difficulty }).kind).toBe('two-hop')
  })

  it('asks comparisons that go on to another relation where there is room for it', () => {
    const difficulty = { ...defaultDifficulty, facts: 6, one_hop: 0, two_hop: 0, update: 0 }
    const needed = Array.from({ length: 100 }, (_, index) => neededFacts(worldTask({ ...request, index, difficulty })).length)
    expect(needed.filter((each) => each === 3).length).toBeGreaterThan(15)
    expect(needed.filter((each) => each === 2).length).toBeGreaterThan(15)
  })
})

describe('worldDifficultySchema', () => {
  it('refuses what is out of range, and no question at all', () => {
    for (const wrong of [{ facts: 0 }, { facts: 9 }, { distractors: 13 }, { small_talk: -1 }, { update_share: 1.1 }, { distractor_closeness: -0.1 }, { facts: 2.5 }]) {
      expect(worldDifficultySchema.safeParse({ ...defaultDifficulty, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
    }
    const nothing = worldDifficultySchema.safeParse({ ...defaultDifficulty, one_hop: 0, two_hop: 0, comparison: 0, update: 0 })
    expect(nothing.error?.issues[0]?.message).toContain('above 0')
    expect(worldDifficultySchema.parse(defaultDifficulty)).toEqual(defaultDifficulty)
  })
})
