import { describe, expect, it } from 'vitest'
import { filter, miraTask, retrieve, trajectoryOf } from '../../core/episode/fixture.ts'
import { HashEmbedder } from '../../core/memory/hash-embedder.ts'
import { histogramOf, materialOf, similaritiesOf, takenBy, type Embed } from './similarities.ts'

const task = miraTask()
const [distractor] = task.resist
const noise = distractor?.text ?? ''

describe('materialOf', () => {
  it('takes the task before anything was played', () => {
    const { messages, probes, of } = materialOf(task, null)
    expect(messages.map(({ text }) => text)).toEqual([...task.build, ...task.resist].map(({ text }) => text))
    expect(messages.filter((each) => each.distractor).map(({ text }) => text)).toEqual([noise])
    expect({ probes, of }).toEqual({ probes: [task.query], of: 'question' })
  })

  it('takes what was said, each text once, without system message and question; criteria go before queries', () => {
    const steps = [
      { phase: 'resist' as const, says: 'Hello.', calls: [retrieve('Mira Voss')] },
      { phase: 'resist' as const, says: `Hello.\n${noise}`, calls: [filter('Jon')] },
      { phase: 'answer' as const, says: task.query, answer: 'Oslem' },
    ]
    const { messages, probes, of } = materialOf(task, trajectoryOf({ task, steps }))
    expect({ probes, of }).toEqual({ probes: ['Jon'], of: 'criteria' })
    const texts = messages.map(({ text }) => text)
    expect(texts.filter((text) => text === 'Hello.')).toHaveLength(1)
    expect(texts).not.toContain(task.query)
    expect(texts).not.toContain('You keep memories.')
    expect(messages.find(({ text }) => text.includes(noise))?.distractor).toBe(true)
    expect(materialOf(task, trajectoryOf({ task, steps: steps.slice(0, 1) }))).toMatchObject({ probes: ['Mira Voss'], of: 'queries' })
  })
})

describe('a long episode', () => {
  it('is compared by its first messages and criteria', () => {
    const steps = Array.from({ length: 210 }, (_, i) => ({ phase: 'resist' as const, says: `Message ${i}.`, calls: i < 25 ? [filter(`criteria ${i}`)] : [] }))
    const { messages, probes } = materialOf(task, trajectoryOf({ task, steps }))
    expect(messages).toHaveLength(200)
    expect(probes).toEqual(Array.from({ length: 20 }, (_, i) => `criteria ${i}`))
  })
})

describe('similaritiesOf', () => {
  it('is the cosine of every message with every probe', async () => {
    const vectors: Record<string, [number, number]> = { p: [1, 0], q: [0, 1], a: [0.6, 0.8], b: [1, 0] }
    const embed: Embed = (texts) => Promise.resolve(texts.map((text) => Float32Array.from(vectors[text] ?? [0, 0])))
    const found = await similaritiesOf({ probes: ['p', 'q'], messages: [{ text: 'a', distractor: false }, { text: 'b', distractor: true }] }, embed)
    expect(found.map(({ value, distractor: noisy }) => [Number(value.toFixed(6)), noisy])).toEqual([[0.6, false], [0.8, false], [1, true], [0, true]])
  })

  it('holds with the embedder of the page: a text is 1 to itself', async () => {
    const embedder = new HashEmbedder()
    const [found] = await similaritiesOf({ probes: [noise], messages: [{ text: noise, distractor: true }] }, (texts) => embedder.embed(texts))
    expect(found?.value).toBeCloseTo(1, 5)
  })
})

describe('histogramOf', () => {
  it('counts in steps of 0.05, with the ends inside', () => {
    const values = [-0.1, 0, 0.049, 0.05, 0.59999996, 1]
    const bins = histogramOf(values.map((value, i) => ({ value, distractor: i === 3 })))
    expect(bins).toHaveLength(20)
    expect(bins.map(({ distractors, others }) => distractors + others)).toEqual([3, 1, ...Array.from({ length: 10 }, () => 0), 1, ...Array.from({ length: 6 }, () => 0), 1])
    expect(bins[1]).toEqual({ from: 0.05, to: 0.1, distractors: 1, others: 0 })
  })
})

describe('takenBy', () => {
  it('counts what is at least θ', () => {
    const similarities = [{ value: 0.6, distractor: true }, { value: 0.7, distractor: false }, { value: 0.5, distractor: true }]
    expect(takenBy(similarities, 0.6)).toEqual({ all: 2, distractors: 1 })
  })
})
