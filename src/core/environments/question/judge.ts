// The judge S(A_pred, A_q) of eq. 17: how right an answer is. The default works by rule, deterministically; what a
// language model judged stands in the record (recorded-verdict.ts). Knows nothing of trajectories.
import type { Verdict } from '../family.ts'
import type { Task } from './task.ts'
import { normalise, stopWords, words } from '../../text.ts'
import { canonicalWords, compareValues, valueOf, valuesLike } from './values.ts'

/** The answer to a question that nothing of what was told answers. */
export const unknownAnswer = 'I do not know.'

/** What an answer is held against. */
export type Expected = Pick<Task, 'query' | 'answer' | 'aliases'>

interface Judge {
  readonly name: string
  score(predicted: string, expected: Expected): Verdict
}

const ignorance =
  /\b(?:do not|don['’]?t|does not|doesn['’]?t|did not|didn['’]?t|cannot|can['’]?t|could not|couldn['’]?t|unable to|not able to) (?:really )?(?:know|tell|say|determine|find|answer|recall|remember)\b|\b(?:no idea|not sure|not certain|no information|insufficient information|not enough information)\b/i
const ignoranceAlone = new Set(['unknown', 'it is unknown', 'not known', 'none', 'n a', 'not available', 'not specified', 'not mentioned'])

/** Does the answer say that it has none? */
export function admitsIgnorance(predicted: string): boolean {
  const plain = normalise(predicted)
  return plain === '' || ignoranceAlone.has(plain) || ignorance.test(predicted)
}

/** How people, and the data sets' own instructions, say of something that it was never said. */
const never =
  /\bnot (?:been )?(?:mentioned|stated|specified|said|given|provided|discussed|recorded)\b|\b(?:never|did not|didn['’]?t|does not|doesn['’]?t|has not|hasn['’]?t) (?:mention|say|said|state|specify|tell|told|talk)\w*\b|\bno (?:information|mention|record|memory|memories|answer)\b|\bunanswerable\b/i

/** Does the answer say that there is none to give? An answer without words does not. */
export function abstains(predicted: string): boolean {
  return normalise(predicted) !== '' && (admitsIgnorance(predicted) || never.test(predicted))
}

const denial = /\b(?:not|never|neither|nor|no longer|cannot|\w+n['’]t)\b/i

/** The answer without its denied parts: "not Oslem but Tarn" leaves "Tarn". A denial reaches to the clause's end. */
export function withoutDenied(text: string): string {
  return text
    .split(/[;,](?=\s)|[.!?](?=\s|$)|\b(?:but|rather|instead)\b/i)
    .map((clause) => {
      const at = clause.search(denial)
      return at < 0 ? clause : clause.slice(0, at)
    })
    .join(', ')
}

/** "I think the answer is …" */
const framing = new Set(['think', 'believe', 'answer'])
const articles = new Set(['a', 'an', 'the'])
const answerWords = (text: string) => canonicalWords(text).filter((word) => !articles.has(word))

/** Inflections of one word fall together: lives, live, lived. */
const stem = (word: string) => (word.length > 3 ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word)

/** Harmonic mean of precision and recall of the words as multisets: the token F1 of HotpotQA. */
export function tokenF1(predicted: readonly string[], expected: readonly string[]): number {
  if (predicted.length === 0 || expected.length === 0) return 0
  const left = new Map<string, number>()
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of predicted) {
    const n = left.get(word) ?? 0
    if (n > 0) {
      common++
      left.set(word, n - 1)
    }
  }
  return (2 * common) / (predicted.length + expected.length)
}

const yesNo = (text: string) => (/^(?:yes|no)$/.test(normalise(text)) ? normalise(text) : null)

/** Score against one accepted answer. */
function scoreAgainst(predicted: string, accepted: string, query: string): Omit<Verdict, 'against'> {
  if (normalise(predicted) === normalise(accepted)) return { score: 1, how: 'exact' }
  const said = answerWords(predicted)
  const wanted = answerWords(accepted)
  if (wanted.length > 0 && said.join(' ') === wanted.join(' ')) return { score: 1, how: 'exact' }
  if (accepted === unknownAnswer) return abstains(predicted) ? { score: 1, how: 'abstained' } : { score: 0, how: 'wrong' }
  const polar = yesNo(accepted)
  if (polar) return { score: words(predicted)[0] === polar ? 1 : 0, how: 'yes-no' }
  if (admitsIgnorance(predicted)) return { score: 0, how: 'unknown' }

  const asserted = denial.test(accepted) ? predicted : withoutDenied(predicted)
  const value = valueOf(accepted)
  if (value) {
    const whole = valueOf(asserted)
    if (whole && compareValues(whole, value) === 'equal') return { score: 1, how: 'value' }
    // A date or number that the question itself gives is not an answer.
    const given = valuesLike(query, value)
    const named = valuesLike(asserted, value).filter(
      (candidate) => compareValues(candidate, value) === 'equal' || given.every((g) => compareValues(g, candidate) !== 'equal'),
    )
    if (named.some((candidate) => compareValues(candidate, value) === 'equal')) return { score: 2 / (1 + named.length), how: 'value' }
    const asked = new Set(canonicalWords(query).map(stem))
    const [, ...unit] = wanted
    const bare = whole ?? (named.length === 1 ? named[0] : undefined)
    if (bare && unit.length > 0 && unit.every((word) => asked.has(stem(word))) && compareValues(bare, value) === 'vaguer') {
      return { score: 1, how: 'value' }
    }
    if (named.length > 0 && named.every((candidate) => compareValues(candidate, value) === 'different')) return { score: 0, how: 'wrong' }
  }

  const wantedSet = new Set(wanted)
  const askedWords = canonicalWords(query)
  const askedSet = new Set(askedWords)
  // Where the answer is one of the things that the question names, naming the others too is hedging.
  const choice = wanted.every((word) => askedSet.has(word))
  const asked = new Set(choice ? [] : askedWords.map(stem))
  const informative = answerWords(asserted).filter(
    (word) => wantedSet.has(word) || !(stopWords.has(word) || framing.has(word) || asked.has(stem(word))),
  )
  const score = tokenF1(informative, wanted)
  return { score, how: score === 1 ? 'words' : score > 0 ? 'overlap' : 'wrong' }
}

/**
 * The deterministic judge: the best score over the answer and its aliases.
 * - Equal after normalisation (case, accents, punctuation, articles; numbers in digits): 1.
 * - Expected yes or no: the first word decides, 1 or 0.
 * - "I do not know", in any of its usual forms: 0; 1 where that is the answer.
 * - A number, quantity, date or time is compared by value: 1 when equal; 2/(1+n) when it is one of n named; 0 when
 *   only others are named.
 * - Else the token F1 of HotpotQA (Yang et al. 2018), with one change, so that "She lives in Oslem." is as good as
 *   "Oslem": words that carry grammar, frame the answer or restate the question are left out of the count, unless they are expected.
 *   What an answer denies ("not Oslem but Tarn") is left out too. In a question that names its options, no word of
 *   the question is left out, so that naming every option does not pay.
 */
export const ruleJudge: Judge = {
  name: 'rules',
  score(predicted, expected) {
    let best: Verdict | null = null
    for (const accepted of [expected.answer, ...expected.aliases]) {
      const verdict = { ...scoreAgainst(predicted, accepted, expected.query), against: accepted }
      if (!best || verdict.score > best.score) best = verdict
      if (best.score === 1) break
    }
    return best ?? { score: 0, how: 'wrong', against: expected.answer }
  },
}
