// Text without tags as a grammar: what stands inside the tags of a reply, and what a summary is made of.

/** Holds neither `</` nor `<<` nor `<|`. */
export const prose = '([^<] | "<" [^/<|])*'

/** Of such text alone, which is not empty after trimming. */
export function plainGrammar(): string {
  return `root ::= [^<\\x00-\\x20] ${prose}\n`
}
