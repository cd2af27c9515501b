import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChatMessage } from '../../core/policy/policy.ts'
import { compactSystemPrompt } from '../../core/agents/agemem/prompts.ts'
import { formatReply } from '../../core/agents/agemem/protocol/parser.ts'
import type { TokenizerText } from '../../core/policy/model.ts'
import { tokenCounter } from '../encoding.ts'
import { endMark, protocolStrings } from '../../pretraining/nano-tokenizer.ts'
import { fixtureTokenizer } from '../fixtures/nano-fixture.ts'
import { chatMl, smallTokenizer } from '../fixtures/small-tokenizers.ts'
import { Tokenizer, TokenizerError } from './tokenizer.ts'

let files: TokenizerText
let tokenizer: Tokenizer
beforeAll(async () => {
  files = await fixtureTokenizer()
  tokenizer = new Tokenizer(files)
})

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }))
/** Texts in which the protocol's strings and other text are mixed. */
const protocolText = fc.array(fc.oneof(anyText, fc.constantFrom(...protocolStrings())), { maxLength: 6 }).map((parts) => parts.join(''))

describe('encode and decode', () => {
  it('give back any text', () => {
    fc.assert(fc.property(protocolText, (text) => tokenizer.decode(tokenizer.encode(text)) === text), { numRuns: 500 })
  })
  it('make one token of each of the protocol’s strings', () => {
    for (const text of protocolStrings()) expect([text, tokenizer.encode(text).length]).toEqual([text, 1])
  })
  it('need few tokens for a reply', () => {
    const reply = formatReply('Keep this.', { calls: [{ name: 'Add_memory', arguments: { content: 'Ada lives in Oslem.' } }] })
    const inside = tokenizer.encode('Keep this.').length + tokenizer.encode('Ada lives in Oslem.').length
    // Around the thought and the content: three tokens.
    expect(tokenizer.encode(reply)).toHaveLength(inside + 3)
  })
  it('state the protocol in fewer than 60 tokens', () => {
    expect(tokenizer.encode(compactSystemPrompt()).length).toBeLessThan(60)
  })
  it('leave marks out of the text, unless asked', () => {
    const ids = tokenizer.encode(`Noted.${endMark}`)
    expect(ids.at(-1)).toBe(tokenizer.stopIds[0])
    expect(tokenizer.decode(ids)).toBe('Noted.')
    expect(tokenizer.decode(ids, { special: true })).toBe(`Noted.${endMark}`)
    expect(tokenizer.decode([])).toBe('')
  })
})

describe('stream', () => {
  it('gives the same text as decoding at once, however the ids come', () => {
    const ids = fc.array(fc.nat({ max: 900 }), { maxLength: 30 })
    fc.assert(
      fc.property(ids, fc.infiniteStream(fc.integer({ min: 1, max: 4 })), (all, sizes) => {
        const stream = tokenizer.stream()
        let text = ''
        for (let at = 0; at < all.length; ) {
          const size = sizes.next().value ?? 1
          text += stream.push(all.slice(at, at + size))
          at += size
        }
        return text + stream.end() === tokenizer.decode(all)
      }),
      { numRuns: 300 },
    )
  })
  it('holds back what is no whole character yet', () => {
    const stream = tokenizer.stream()
    // 日 is the bytes E6 97 A5, which no merge of an English text joins.
    const ids = tokenizer.encode('a日b')
    expect(ids).toHaveLength(5)
    expect(ids.map((id) => stream.push([id]))).toEqual(['a', '', '', '日', 'b'])
  })
  it('gives up a character that never becomes whole', () => {
    const stream = tokenizer.stream()
    expect(stream.push(tokenizer.encode('日').slice(0, 2))).toBe('')
    expect(stream.end()).toBe('\uFFFD')
  })
})

const message = fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const, 'tool' as const), content: protocolText })

describe('chat', () => {
  const chat: ChatMessage[] = [
    { role: 'system', content: 'You keep memories.' },
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: '<think>Hm.</think><answer>Hi.</answer>' },
    { role: 'tool', content: 'Stored as m1.' },
  ]
  it('writes each message behind its role', () => {
    expect(tokenizer.chat(chat)).toBe(
      '<|system|>You keep memories.<|user|>Hello.<|assistant|><think>Hm.</think><answer>Hi.</answer><|end|><|tool|>Stored as m1.<|assistant|>',
    )
  })
  it('continues a prompt and its reply token by token, so that what was computed for them stands', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), protocolText, fc.array(message, { minLength: 1, maxLength: 4 }), (before, reply, after) => {
        const shorter = [...tokenizer.encodeChat(before), ...tokenizer.encode(reply)]
        const longer = tokenizer.encodeChat([...before, { role: 'assistant', content: reply }, ...after])
        expect(longer.slice(0, shorter.length)).toEqual(shorter)
      }),
    )
  })
  it('counts tokens as the model does', () => {
    const counter = tokenCounter(tokenizer, 'nano@1')
    expect([counter.name, counter.count('Stored as m1.')]).toEqual(['nano@1', tokenizer.encode('Stored as m1.').length])
  })
})

describe('ends of a reply', () => {
  const ends = (of: Parameters<typeof smallTokenizer>[0]) => {
    const small = new Tokenizer(smallTokenizer(of))
    return small.stopIds.map((id) => small.decode([id], { special: true })).sort()
  }
  it('are those of all files: the tokenizer’s, the generation’s, and what the template puts behind a reply', () => {
    const special = ['<b>', '<e>', '<|eot_id|>', '<x>', '<y>']
    expect(ends({ special, template: chatMl })).toEqual(['<e>', '<|eot_id|>'])
    expect(ends({ special, template: chatMl, config: { eos_token: '<b>' } })).toEqual(['<b>', '<e>', '<|eot_id|>'])
    const small = new Tokenizer(smallTokenizer({ special, template: chatMl }))
    const [x = -1, y = -1] = ['<x>', '<y>'].map((mark) => small.id(mark))
    expect(ends({ special, template: chatMl, generation: { eos_token_id: [x, y] } })).toEqual(['<e>', '<x>', '<y>', '<|eot_id|>'])
    expect(ends({ special, template: chatMl, generation: { eos_token_id: x } })).toEqual(['<e>', '<x>', '<|eot_id|>'])
    // Ids that the vocabulary does not have end nothing.
    expect(ends({ special, template: chatMl, generation: { eos_token_id: [1e6, -1] } })).toEqual(['<e>', '<|eot_id|>'])
  })
  it('are no words of the vocabulary that look like one', () => {
    // Qwen's merges have the HTML tag </s>.
    const merges: [string, string][] = [['<', '/'], ['</', 's'], ['</s', '>']]
    expect(ends({ special: ['<b>', '<e>'], merges, template: chatMl })).toEqual(['<e>'])
    expect(ends({ special: ['<b>', '<e>', '</s>'], template: chatMl })).toEqual(['</s>', '<e>'])
  })
  it('are no part of a reply’s text', () => {
    const small = new Tokenizer(smallTokenizer({ special: ['<b>', '<e>'], added: ['<stop>'], template: chatMl }))
    const [stop = -1] = [small.id('<stop>')]
    const own = new Tokenizer(smallTokenizer({ special: ['<b>', '<e>'], added: ['<stop>'], template: chatMl, generation: { eos_token_id: stop } }))
    expect([small.decode([stop]), own.decode([stop])]).toEqual(['<stop>', ''])
  })
  it('are asked of a file that must be what it is called', () => {
    expect(() => new Tokenizer({ ...files, generation: '<html>' })).toThrow('generation_config.json is not JSON')
  })
})

describe('a large vocabulary', () => {
  it('of more tokens than a call has arguments is read', () => {
    const { tokenizer: text, config } = smallTokenizer({ special: ['<b>', '<e>'], template: chatMl })
    const json: { model: { vocab: Record<string, number> } } = JSON.parse(text)
    const first = Object.keys(json.model.vocab).length + 2
    for (let i = 0; i < 200_000; i++) json.model.vocab[`w${i}`] = first + i
    const large = new Tokenizer({ tokenizer: JSON.stringify(json), config })
    expect(large.size).toBe(first + 200_000)
  })
})

describe('other models', () => {
  const withTemplate = (chat_template: unknown, more: Record<string, unknown> = {}) =>
    new Tokenizer({ tokenizer: files.tokenizer, config: JSON.stringify({ chat_template, ...more }) })
  const chat: ChatMessage[] = [
    { role: 'user', content: 'Hello.' },
    { role: 'tool', content: 'Nothing found.' },
  ]
  it('may know no tool messages and want turns', () => {
    const strict = `{% for m in messages %}{% if m['role'] == 'tool' or (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('turns!') }}{% endif %}({{ m['content'] }}){% endfor %}`
    expect(withTemplate(strict).chat(chat)).toBe('(Hello.\nNothing found.)')
  })
  it('may have several templates, tokens as objects, or a template in a file of its own', () => {
    const several = [{ name: 'rag', template: 'no' }, { name: 'default', template: '{{ bos_token }}{{ messages[0].content }}' }]
    expect(withTemplate(several, { bos_token: { content: '<s>' } }).chat(chat)).toBe('<s>Hello.')
    expect(new Tokenizer({ ...files, template: 'apart' }).chat(chat)).toBe('apart')
  })
  it('are refused with the reason', () => {
    expect(() => withTemplate(null).chat(chat)).toThrow('not a chat model')
    expect(() => withTemplate("{{ raise_exception('never') }}").chat(chat)).toThrow(/refuses this conversation: never/)
    expect(() => withTemplate('{% for %}')).toThrow(TokenizerError)
    expect(() => new Tokenizer({ ...files, tokenizer: '{' })).toThrow('tokenizer.json is not JSON')
    expect(() => new Tokenizer({ tokenizer: '{"model": 5}', config: '{}' })).toThrow('tokenizer.json: model')
    expect(() => new Tokenizer({ tokenizer: '{"model": {}}', config: '{}' })).toThrow('tokenizer.json cannot be used')
    expect(() => new Tokenizer({ ...files, config: '[]' })).toThrow('tokenizer_config.json')
  })
})

describe('digits that are cut alone', () => {
  // Ids as tokenizers 0.23.3 has them for this file: every number of Unicode is a word, whose bytes no merge joins with the next one's.
  const vocab = { a: 0, 1: 1, Ġ: 2, Â: 3, '²': 4, '³': 5, '²Â': 6, Ù: 7, '£': 8, '¤': 9, '£Ù': 10, '11': 11 }
  const merges = [['²', 'Â'], ['£', 'Ù'], ['1', '1']]
  const read = (individual_digits: boolean) => {
    const pretokenizers = [{ type: 'Digits', individual_digits }, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }]
    const json = { version: '1.0', added_tokens: [], normalizer: null, pre_tokenizer: { type: 'Sequence', pretokenizers }, post_processor: null, decoder: { type: 'ByteLevel' }, model: { type: 'BPE', vocab, merges } }
    return new Tokenizer({ tokenizer: JSON.stringify(json), config: '{}' })
  }
  it('are those of Unicode, not of ASCII alone', () => {
    expect(read(true).encode('a²³ 11 ٣٤')).toEqual([0, 3, 4, 3, 5, 2, 1, 1, 2, 7, 8, 7, 9])
    expect(read(false).encode('a²³ 11 ٣٤')).toEqual([0, 3, 6, 5, 2, 11, 2, 7, 10, 9])
  })
})
