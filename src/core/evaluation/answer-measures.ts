// How papers on conversational memory score answers by their words: token F1, BLEU-1, exact match, each as its data set's
// published evaluation has it, and by category. Beside the judge of eq. 17, which rewards go by.
import { abstains, tokenF1, unknownAnswer } from '../environments/question/judge.ts'
import { isQuestion, type Task } from '../environments/question/task.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { meanOf, rateOf, type Estimate } from './estimate.ts'
import { stem } from './porter.ts'

/** Each in [0,1]. */
export interface AnswerMeasures {
  f1: number
  bleu_1: number
  exact_match: number
}

const punctuation = /[!-/:-@[-`{-~]/g

/** Lower case, without ASCII punctuation and articles: as SQuAD normalises, and HotpotQA, MuSiQue, MemoryAgentBench after it. */
const tokens = (text: string, articles: RegExp) => text.toLowerCase().replace(punctuation, '').replace(articles, ' ').split(/\s+/).filter((token) => token !== '')
const plain = (text: string) => tokens(text, /\b(?:a|an|the)\b/g)

/** LoCoMo takes "and" for an article, too, and compares stems (task_eval/evaluation.py). */
const locomoTokens = (text: string) => tokens(text, /\b(?:a|an|the|and)\b/g)
const stems = (text: string) => locomoTokens(text).map(stem)
const locomoF1 = (said: string, right: string) => tokenF1(stems(said), stems(right))

/** LoCoMo, category 1: of each part of the answer the best of the parts that were said. */
function partsF1(said: string, right: string): number {
  const given = said.split(',')
  const best = right.split(',').map((part) => Math.max(...given.map((each) => locomoF1(each, part))))
  return best.reduce((sum, each) => sum + each, 0) / best.length
}

const polar = new Set(['yes', 'no', 'noanswer'])

function plainF1(said: string, right: string): number {
  const [a, b] = [plain(said), plain(right)]
  const [left, wanted] = [a.join(' '), b.join(' ')]
  return (polar.has(left) || polar.has(wanted)) && left !== wanted ? 0 : tokenF1(a, b)
}

function f1Of({ source, kind }: Task, said: string, right: string): number {
  if (source !== 'locomo') return plainF1(said, right)
  return kind === 'multi-hop' ? partsF1(said, right) : locomoF1(said, right)
}

/** LoCoMo compares sets of words, the others their sequence. */
function matches({ source }: Task, said: string, right: string): boolean {
  if (source !== 'locomo') return plain(said).join(' ') === plain(right).join(' ')
  const [a, b] = [new Set(locomoTokens(said)), new Set(locomoTokens(right))]
  return a.size === b.size && [...a].every((token) => b.has(token))
}

/** Clipped precision of the words and marks, with the penalty for brevity (Papineni et al. 2002); lower case. */
export function bleu1(said: string, right: string): number {
  const split = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]/gu) ?? []
  const [candidate, wanted] = [split(said), split(right)]
  if (candidate.length === 0 || wanted.length === 0) return 0
  // 2 · common / (c + r) is tokenF1: common is what precision is made of.
  const common = (tokenF1(candidate, wanted) * (candidate.length + wanted.length)) / 2
  const brevity = candidate.length < wanted.length ? Math.exp(1 - wanted.length / candidate.length) : 1
  return (brevity * common) / candidate.length
}

/**
 * The best over the answer and its other wordings. A question that nothing answers counts in full, or not at all: LoCoMo
 * looks for "not mentioned" and "no information available", here any way counts to say that it is not known.
 */
export function answerMeasures(task: Task, answer: string | null): AnswerMeasures {
  const said = answer ?? ''
  if (task.answer === unknownAnswer) {
    const right = abstains(said) ? 1 : 0
    return { f1: right, bleu_1: right, exact_match: right }
  }
  const all = [task.answer, ...task.aliases]
  const best = (of: (right: string) => number) => Math.max(...all.map(of))
  return { f1: best((right) => f1Of(task, said, right)), bleu_1: best((right) => bleu1(said, right)), exact_match: best((right) => (matches(task, said, right) ? 1 : 0)) }
}

export interface MeasuredAnswers {
  f1: Estimate
  bleu_1: Estimate
  exact_match: Estimate
}

function estimates(of: readonly AnswerMeasures[]): MeasuredAnswers {
  return { f1: meanOf(of.map(({ f1 }) => f1)), bleu_1: meanOf(of.map(({ bleu_1 }) => bleu_1)), exact_match: rateOf(of.map(({ exact_match }) => exact_match === 1)) }
}

/** Over finished episodes of questions, all of them and by category; null when there is none. */
export function measureAnswers(episodes: readonly Trajectory[]): { all: MeasuredAnswers; by_kind: Record<string, MeasuredAnswers> } | null {
  const measured = episodes.flatMap(({ task, answer, status }) => (status === 'complete' && isQuestion(task) ? [{ kind: task.kind, of: answerMeasures(task, answer) }] : []))
  if (measured.length === 0) return null
  const kinds = [...new Set(measured.map(({ kind }) => kind))].sort()
  return {
    all: estimates(measured.map(({ of }) => of)),
    by_kind: Object.fromEntries(kinds.map((kind) => [kind, estimates(measured.filter((each) => each.kind === kind).map(({ of }) => of))])),
  }
}
