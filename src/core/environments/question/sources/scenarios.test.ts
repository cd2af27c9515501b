import { describe, expect, it } from 'vitest'
import { currentFacts, neededFacts, states, taskSchema } from '../task.ts'
import { containsPhrase } from '../../../text.ts'
import { complaints } from './complaints.ts'
import { paperCases } from './paper-cases.ts'
import { scenarios } from './scenarios.ts'

describe.each(paperCases.map((scenario) => [scenario.title, scenario] as const))('%s', (_, scenario) => {
  const answers = [scenario.answer, ...scenario.aliases]

  it('is a task with something corrected, small talk and distractors', () => {
    expect(taskSchema.safeParse(scenario).success).toBe(true)
    expect(scenario.build.filter((message) => message.kind === 'correction')).toHaveLength(1)
    expect(scenario.build.filter((message) => message.kind === 'small-talk').length).toBeGreaterThanOrEqual(2)
    expect(scenario.resist.length).toBeGreaterThanOrEqual(4)
  })

  it('states with each message what it lists, and with each fact only that', () => {
    for (const message of scenario.build) {
      expect(scenario.facts.filter((fact) => states(message.text, fact)).map((fact) => fact.id), message.text).toEqual(message.facts)
    }
    for (const fact of scenario.facts) {
      expect(scenario.facts.filter((other) => states(fact.text, other)).map((other) => other.id), fact.text).toEqual([fact.id])
    }
  })

  it('states nothing with a distractor, and gives nothing away', () => {
    for (const message of scenario.resist) {
      expect(scenario.facts.filter((fact) => states(message.text, fact)), message.text).toEqual([])
      expect(answers.filter((phrase) => containsPhrase(message.text, phrase)), message.text).toEqual([])
    }
    expect(answers.filter((phrase) => containsPhrase(scenario.query, phrase))).toEqual([])
    const telling = scenario.resist.concat(scenario.build.filter((message) => message.kind === 'small-talk')).map((message) => message.text)
    // The values that the answer is put together from.
    const parts = scenario.id === 'scenario-longer-sessions' ? ['120', 'two hours'] : scenario.answer.split(/, | on /)
    for (const text of [...telling, scenario.query]) expect(parts.filter((part) => containsPhrase(text, part)), text).toEqual([])
  })

  it('corrects after what it corrects, and needs what holds', () => {
    const at = (id: string) => scenario.build.findIndex((message) => message.facts.includes(id))
    const old = scenario.facts.filter((fact) => fact.superseded_by !== null)
    expect(old).toHaveLength(1)
    for (const fact of old) expect(at(fact.superseded_by ?? '')).toBeGreaterThan(at(fact.id))
    expect(scenario.facts.filter((fact) => fact.needed && fact.superseded_by !== null)).toEqual([])
    expect(currentFacts(scenario).length).toBe(4)
  })

  it('has its answer in the needed facts', () => {
    const known = neededFacts(scenario).map((fact) => fact.text).join(' ')
    for (const part of scenario.answer.split(/, | on /)) expect(containsPhrase(known, part), part).toBe(true)
  })
})

describe.each(complaints.map((scenario) => [scenario.title, scenario] as const))('%s', (_, scenario) => {
  it('is a task that states with each message what it lists, and with each fact only that', () => {
    expect(taskSchema.safeParse(scenario).success).toBe(true)
    for (const message of scenario.build) {
      expect(scenario.facts.filter((fact) => states(message.text, fact)).map((fact) => fact.id), message.text).toEqual(message.facts)
    }
    for (const fact of scenario.facts) {
      expect(scenario.facts.filter((other) => states(fact.text, other)).map((other) => other.id), fact.text).toEqual([fact.id])
    }
  })
  it('states nothing with a distractor, and gives nothing away', () => {
    const answers = [scenario.answer, ...scenario.aliases]
    for (const { text } of scenario.resist) {
      expect(scenario.facts.filter((fact) => states(text, fact)), text).toEqual([])
      expect(answers.filter((phrase) => containsPhrase(text, phrase)), text).toEqual([])
    }
    expect(answers.filter((phrase) => containsPhrase(scenario.query, phrase))).toEqual([])
  })
  it('has its answer in one needed fact, and corrects after what it corrects', () => {
    const needed = neededFacts(scenario)
    expect(needed).toHaveLength(1)
    expect([scenario.answer, ...scenario.aliases].some((phrase) => containsPhrase(needed[0]?.text ?? '', phrase))).toBe(true)
    const at = (id: string) => scenario.build.findIndex((message) => message.facts.includes(id))
    for (const fact of scenario.facts) if (fact.superseded_by !== null) expect(at(fact.superseded_by)).toBeGreaterThan(at(fact.id))
  })
})

it('have different ids', () => {
  expect(new Set(scenarios.map((scenario) => scenario.id)).size).toBe(scenarios.length)
})
