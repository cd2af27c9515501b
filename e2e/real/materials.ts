// What the real weights are tried on: strings of every kind of writing, conversations, sequences with targets. From a
// seed, so that a failure is found again.
import type { ChatMessage } from '../../src/core/policy/policy.ts'
import { createRandom, type Random } from '../../src/core/random.ts'

const words = [
  'Mira', 'Voss', 'lives', 'in', 'the', 'district', 'of', 'Tarn,', 'since', '1990.', "She's", "don't", "WE'LL", 'Straße', 'naïve', 'café', 'Ærø', 'Ελλάδα', 'Москва', 'שלום', 'مرحبا', 'हिन्दी', '中文', '长期记忆', '日本語', '한국어', 'ไทย',
  '👍', '👩‍👩‍👧', '🇩🇪', 'e\u0301', '\u200b', '½', '²³', '٣٤', 'Ⅳ', 'foo_bar(x)', '{"a":', '[1,', '2]}', 'https://a.b/c?d=e', '</think>', '<answer>', '\\n', '$3.50', '100%', '—', '…', '“quoted”', '<|im_start|>', '<repo_name>', 'x=y+1;', '#include', '    return', '\t\ttab',
]
const spaces = [' ', ' ', ' ', ' ', '  ', '   ', '\n', '\n\n', ' \n', '\n  ', '\t', '', '\r\n']

function text(random: Random, length: number): string {
  let out = ''
  for (let n = 0; n < length; n++) {
    out += random.chance(0.15) ? String(random.int(random.pick([10, 1000, 10_000_000]))) : random.chance(0.1) ? String.fromCodePoint(random.pick([0x21 + random.int(90), 0xa1 + random.int(0x500), 0x4e00 + random.int(0x5000), 0x1f300 + random.int(0x300)])) : random.pick(words)
    out += random.pick(spaces)
  }
  return out
}

export function strings(count: number): string[] {
  const random = createRandom('real/strings')
  return Array.from({ length: count }, (_, i) => text(random, 1 + random.int(i % 10 === 0 ? 60 : 12)))
}

/** Conversations without marks in them: whose those are is decided here otherwise than by tokenizers. */
export function chats(count: number): ChatMessage[][] {
  const random = createRandom('real/chats')
  const say = () => text(random, 3 + random.int(20)).replaceAll(/<[^>]*>|<\|[^|]*\|>/g, '')
  return Array.from({ length: count }, () => {
    const turns: ChatMessage[] = random.chance(0.6) ? [{ role: 'system', content: say() }] : []
    for (let n = 1 + random.int(3); n > 0; n--) {
      turns.push({ role: 'user', content: say() })
      if (n > 1) turns.push({ role: 'assistant', content: say() })
    }
    return turns
  })
}

export interface Sequence {
  ids: number[]
  /** Places of the targets. */
  targets: number[]
  grpo: { weight: number; oldLogp: number; refLogp: number; advantage: number }[]
}

/** Prompts of these ids with their second half as targets, whose log-probabilities before lie near `of`. */
export function sequences(prompts: readonly (readonly number[])[], of: (ids: number[], targets: number[]) => Promise<Float32Array>): Promise<Sequence[]> {
  const random = createRandom('real/sequences')
  return Promise.all(
    prompts.map(async (prompt) => {
      const ids = prompt.slice(0, 160)
      const from = Math.ceil(ids.length / 2)
      const targets = Array.from({ length: ids.length - from }, (_, i) => from + i)
      const logps = await of(ids, targets)
      const advantage = random.next() * 3 - 1.5
      const grpo = targets.map((_, i) => ({ weight: 1 / (targets.length * prompts.length), oldLogp: (logps[i] ?? 0) + 0.6 * (random.next() - 0.5), refLogp: (logps[i] ?? 0) + 0.4 * (random.next() - 0.5), advantage }))
      return { ids, targets, grpo }
    }),
  )
}
