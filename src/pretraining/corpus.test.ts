import { beforeAll, describe, expect, it } from 'vitest'
import { splitOf } from '../core/environments/question/sources/names.ts'
import { playCorpus, textOf, type CorpusEpisode, type Exchange } from './corpus-episodes.ts'
import { sequencesOf, type CorpusSequence } from './corpus.ts'
import { fixtureEpisodes, fixtureSource, fixtureTokenizer } from '../models/fixtures/nano-fixture.ts'
import { endMark } from './nano-tokenizer.ts'
import { Tokenizer } from '../models/files/tokenizer.ts'

let tokenizer: Tokenizer
let episodes: CorpusEpisode[]
let sequences: CorpusSequence[][]
beforeAll(async () => {
  episodes = await fixtureEpisodes()
  tokenizer = new Tokenizer(await fixtureTokenizer())
  sequences = episodes.map((episode) => sequencesOf(episode, tokenizer, 4096))
})

const textAt = (ids: readonly number[], indices: readonly number[]) => tokenizer.decode(indices.map((index) => ids[index] ?? 0), { special: true })
const exchanges = () => episodes.flatMap((episode) => episode.exchanges.map((exchange) => ({ episode, exchange })))

describe('playCorpus', () => {
  it('gives each episode by its index alone', async () => {
    const [one] = await playCorpus(fixtureSource, 7, 1)
    expect(one).toEqual(episodes[7])
  })
  it('has episodes of both manners and all kinds of questions', () => {
    expect(new Set(episodes.map(({ manner }) => manner))).toEqual(new Set(['untrained', 'versatile']))
    expect(new Set(episodes.map(({ problem }) => problem.task.kind)).size).toBe(4)
  })
  it('keeps the splits apart', async () => {
    const heldOut = await playCorpus({ ...fixtureSource, split: 'held-out' }, 0, 10)
    for (const [played, split] of [[episodes, 'train'], [heldOut, 'held-out']] as const) {
      const subjects = played.flatMap(({ problem }) => problem.facts.map(({ subject }) => subject.split(' ')[0] ?? ''))
      expect(subjects.map(splitOf)).toEqual(subjects.map(() => split))
    }
  })
  it('notes replies in the order of the steps, summaries where they were asked for', () => {
    for (const { exchanges, trajectory } of episodes) {
      expect(exchanges.filter(({ purpose }) => purpose === 'act').map(({ reply }) => reply)).toEqual(trajectory.steps.map(({ reply }) => reply.text))
      const summaries = trajectory.steps.flatMap(({ asides }) => asides.map(({ generation }) => generation.text))
      expect(exchanges.filter(({ purpose }) => purpose === 'summarise').map(({ reply }) => reply)).toEqual(summaries)
    }
  })
  it('knows which replies failed', () => {
    const failed = exchanges().filter(({ exchange }) => exchange.failed)
    expect(failed.length).toBeGreaterThan(3)
    for (const { exchange } of exchanges()) if (!exchange.reply.includes('</answer>') && !exchange.reply.includes('</tool_call>')) expect(exchange.failed || exchange.purpose === 'summarise').toBe(true)
  })
})

describe('sequencesOf', () => {
  it('puts replies whose prompts extend each other into one sequence', () => {
    const plain = episodes.findIndex(({ problem, exchanges }) => problem.task.resist.length > 0 && exchanges.every(({ reply }) => !/Summary_context|Filter_context/.test(reply)))
    // Stage 1, and stages 2 and 3 together: the reset between them breaks the prefix.
    expect(sequences[plain]).toHaveLength(2)
    const [first, second] = sequences[plain] ?? []
    const { conversation, reply } = episodes[plain]?.exchanges.at(-1) ?? { conversation: [], reply: '' }
    expect(tokenizer.decode(second?.ids ?? [], { special: true })).toBe(tokenizer.chat(conversation) + reply + endMark)
    expect(first?.ids.length).toBeGreaterThan(20)
  })
  it('begins anew after an edit of the context, without learning anything twice', () => {
    for (const [i, { exchanges, manner }] of episodes.entries()) {
      const learnt = (sequences[i] ?? []).map(({ ids, policy }) => textAt(ids, policy)).join('')
      const said = exchanges.filter(({ failed }) => !failed)
      if (manner === 'untrained') expect(learnt.split(endMark).sort()).toEqual([...said.map(({ reply }) => reply), ''].sort())
      else expect(learnt.split(endMark)).toHaveLength(said.length + 1)
    }
  })
  it('hides the word that tells the act, in versatile episodes alone', () => {
    let seen = 0
    for (const [i, { exchanges, manner }] of episodes.entries()) {
      if (manner === 'untrained') continue
      const learnt = (sequences[i] ?? []).map(({ ids, policy }) => textAt(ids, policy)).join('').split(endMark)
      const isHidden = ({ phase, opens, purpose }: Exchange) => purpose === 'act' && phase !== 'answer' && opens
      const open = new Set(exchanges.filter((exchange) => !isHidden(exchange)).map(({ reply }) => reply))
      for (const { reply } of exchanges.filter((exchange) => !exchange.failed && isHidden(exchange))) {
        const [whole = '', word = ''] = /^<think>([\p{L}\d]+)/u.exec(reply) ?? []
        const rest = reply.slice(whole.length)
        expect(word).not.toBe('')
        // A token may reach beyond the word.
        expect(learnt.some((text) => text.startsWith('<think>') && rest.endsWith(text.slice('<think>'.length)))).toBe(true)
        if (!open.has(reply)) expect(learnt).not.toContain(reply)
        seen++
      }
    }
    expect(seen).toBeGreaterThan(50)
  })
  it('says which word tells the act chosen about a message of stages 1 and 2, of untrained episodes', () => {
    let told = 0
    for (const [i, { exchanges, manner }] of episodes.entries()) {
      const opening = exchanges.filter(({ purpose, phase, opens, failed }) => purpose === 'act' && phase !== 'answer' && opens && !failed)
      const words = (sequences[i] ?? []).flatMap(({ ids, choices }) => choices.map((index) => textAt(ids, [index])))
      if (manner === 'versatile') expect(words).toEqual([])
      else {
        const first = opening.map(({ reply }) => /^<think>([\p{L}\d]+)/u.exec(reply)?.[1] ?? '')
        for (const word of first) expect(words.join('')).toContain(word)
        told += first.length
      }
    }
    expect(told).toBeGreaterThan(50)
  })
  it('learns of the environment what the episode shows for the first time, and never the system message', () => {
    for (const [i, episode] of episodes.entries()) {
      const [first] = sequences[i] ?? []
      const shown = textAt(first?.ids ?? [], first?.environment ?? [])
      expect(shown).not.toContain('You keep memories')
      expect(shown.startsWith(`<|user|>${episode.problem.task.build[0]?.text.slice(0, 10) ?? ''}`)).toBe(true)
      for (const { policy, environment } of sequences[i] ?? []) expect(policy.filter((index) => environment.includes(index))).toEqual([])
    }
  })
  it('points at facts and answers', () => {
    const spans = sequences.flatMap((each, i) => each.flatMap(({ ids, spans }) => spans.map((span) => ({ span, text: tokenizer.decode(ids.slice(span.from, span.to)), episode: episodes[i] }))))
    const copies = spans.filter(({ span }) => span.kind === 'copy')
    const answers = spans.filter(({ span }) => span.kind === 'answer')
    expect(copies.length).toBeGreaterThan(60)
    expect(answers.length).toBeGreaterThan(10)
    for (const { text, episode } of copies) expect(episode?.problem.task.facts.map((fact) => fact.text)).toContain(text)
    // A token may hold a letter or two more than the value.
    for (const { text, span, episode } of answers) {
      expect(text).toContain(episode?.problem.task.answer)
      expect(span.question).toBe(episode?.problem.task.kind)
    }
  })
  it('leaves out what is too long', () => {
    expect(episodes.flatMap((episode) => sequencesOf(episode, tokenizer, 250)).length).toBeGreaterThan(episodes.length)
    for (const episode of episodes) {
      const whole = sequencesOf(episode, tokenizer, 4096)
      const cut = sequencesOf(episode, tokenizer, 250)
      for (const { ids, policy, environment, spans } of cut) {
        expect(ids.length).toBeLessThanOrEqual(250)
        expect([...policy, ...environment, ...spans.map(({ to }) => to - 1)].every((index) => index < ids.length)).toBe(true)
        expect(whole.some((each) => ids.every((id, i) => each.ids[i] === id))).toBe(true)
      }
    }
  })
})

describe('textOf', () => {
  it('has everything that was said', () => {
    const [episode] = episodes
    if (!episode) throw new Error('There is no episode.')
    const text = textOf(episode)
    for (const message of [...episode.problem.task.build, ...episode.problem.task.resist]) expect(text).toContain(message.text.split('\n')[0])
    for (const { reply } of episode.exchanges) expect(text).toContain(reply)
  })
})
