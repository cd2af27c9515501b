// What wordings a relation has, and how a template is filled. Slots: {s} subject, {v} value, {old} the value before.
// Holds no sentences itself.

export interface RelationPhrases {
  /** Plain statements without a full stop, which can stand inside a sentence. The first is the canonical wording, unless `stored` is there. */
  clauses: readonly string[]
  /** The canonical wording as a whole sentence, where the first clause is not fit to be stored. */
  stored?: string
  /** Whole casual messages that state it. */
  statements: readonly string[]
  /** Whole messages: the value has changed. Empty where it never can. */
  changed: readonly string[]
  /** Clauses of what once held. Empty where it never changes. */
  was: readonly string[]
  /** Whole messages with an outdated value, for a relation that the general frames do not suit. */
  outdated?: readonly string[]
  /** Ways to ask for the value. {s} may be a name or a description of the subject. */
  questions: readonly string[]
  /** Ways to describe the value by its subject, for questions of two hops; `short` ones can take 's. */
  descriptions: { short: readonly string[]; long: readonly string[] }
  /** Chatter on the same topic that says nothing of anybody. */
  noise: readonly string[]
}

export const none = { short: [], long: [] } as const

/** Fills the slots; {s}'s becomes s' after an s. @throws RangeError when the template has a slot that was not given. */
export function fill(template: string, slots: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}('s)?/g, (_, name: string, possessive: string | undefined) => {
    const value = slots[name]
    if (value === undefined) throw new RangeError(`the template has no value for {${name}}: ${template}`)
    if (possessive === undefined) return value
    return value.endsWith('s') ? `${value}'` : `${value}'s`
  })
}

/** The text with a capital as its first letter. */
export function sentence(text: string): string {
  return text.replace(/^([^\p{L}]*)(\p{Ll})/u, (_, before: string, letter: string) => before + letter.toUpperCase())
}
