// Light English stemming, for the embedder alone: one form for live, lives, lived and living. It knows a few
// endings and no dictionary, so it may also join unrelated words; it never needs to give a real word.

const vowel = /[aeiouy]/

/** pp, tt, nn … after an ending was cut: stopp → stop. Words end in ll, ss and zz of their own accord. */
function undouble(word: string): string {
  return /([b-df-hjkmnp-rtv-y])\1$/.test(word) ? word.slice(0, -1) : word
}

function cutEnding(word: string): string {
  if (word.length > 5 && word.endsWith('ing') && vowel.test(word.slice(0, -3))) return undouble(word.slice(0, -3))
  if (word.length > 4 && word.endsWith('ied')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && word.endsWith('ed') && vowel.test(word.slice(0, -2))) return undouble(word.slice(0, -2))
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2)
  if (word.length > 3 && word.endsWith('s') && !/(ss|us|is)$/.test(word)) return word.slice(0, -1)
  return word
}

/** The stem of one normalised word. Words of three letters or fewer, and words with digits, stay as they are. */
export function stem(word: string): string {
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word
  const cut = cutEnding(word)
  if (cut.length > 3 && cut.endsWith('e')) return cut.slice(0, -1)
  if (cut.length > 3 && cut.endsWith('y')) return `${cut.slice(0, -1)}i`
  return cut
}
