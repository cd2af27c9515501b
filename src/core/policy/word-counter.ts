// A token counter for policies without a tokenizer: close to byte-level BPE on English.
import type { TokenCounter } from './policy.ts'

/** One token a word of up to six letters, one more for every further four, one a digit group or mark. */
export const wordCounter: TokenCounter = {
  name: 'words@1',
  count: (text) => {
    let tokens = 0
    for (const [piece] of text.matchAll(/\p{L}+|\p{N}{1,3}|[^\s\p{L}\p{N}]+/gu)) {
      tokens += /^\p{L}/u.test(piece) ? 1 + Math.ceil(Math.max(0, piece.length - 6) / 4) : Math.ceil(piece.length / 3)
    }
    return tokens
  },
}
