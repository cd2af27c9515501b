// The reward in words: its terms, how each came to its value on an episode, weights and presets.
import type { RewardPreset } from '../../../core/reward/presets.ts'

const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
/** Steps count from 0 in the record and from 1 for people. */
const step = (index: number): string => `step ${index + 1}`

export interface TermText {
  title: string
  /** One or two words, for a line of a chart and a slider. */
  short: string
  /** What it means, in one sentence. */
  sentence: string
  formula: string
}
const terms = <K extends string>(of: Record<K, TermText>): Record<K, TermText> => of

interface PresetText {
  name: string
  short: string
  about: string
}
const presets = (of: Record<RewardPreset, PresetText>): Record<RewardPreset, PresetText> => of

export const reward = {
  terms: terms({
    task: {
      title: 'Task reward',
      short: 'task',
      sentence: 'The judge’s score for the answer; −1 when there is none.',
      formula: 'R_task = S(A_pred, A_q); −1 without an answer',
    },
    compression: {
      title: 'Compression',
      short: 'compression',
      sentence: 'The share of the context window that was free when the agent answered.',
      formula: 'max(0, 1 − T_used / T_max)',
    },
    preventive: {
      title: 'Preventive action',
      short: 'preventive',
      sentence: '1 if the agent filtered or summarised before the window overflowed.',
      formula: '1 if something was filtered or summarised before T_max was passed, else 0',
    },
    preservation: {
      title: 'Preservation',
      short: 'preservation',
      sentence: '1 if every name, date, number and place in the question appears in what the agent kept or retrieved.',
      formula: '1 if every key phrase of the question was kept or retrieved, else 0',
    },
    storage: {
      title: 'Storage quality',
      short: 'storage',
      sentence: 'The share of what was stored in stage 1 that was worth storing.',
      formula: 'N_good / max(1, N_stored)',
    },
    maintenance: {
      title: 'Maintenance',
      short: 'maintenance',
      sentence: '1 if the agent updated or deleted an entry, whether or not the change was right.',
      formula: '1 if an entry was updated or deleted, else 0',
    },
    relevance: {
      title: 'Relevance',
      short: 'relevance',
      sentence: 'The share of retrieved memories that the answer needs.',
      formula: 'N_relevant / max(1, N_retrieved)',
    },
    currency: {
      title: 'Currency',
      short: 'currency',
      sentence: 'Whether the answer gives the value that holds (1), one that was superseded (−1), or neither (0). Only for questions about what has changed; the paper does not have it.',
      formula: '1 for the present value, −1 for a superseded one, else 0',
    },
    tool_use: {
      title: 'Tool use',
      short: 'tool use',
      sentence: 'The share of tool calls that worked. Only the published code counts it.',
      formula: 'N_worked / max(1, N_calls)',
    },
  }),
  /** Of a term that nobody has written words for. */
  unknown: {
    sentence: 'A term of the reward that is not in the paper.',
    say: (value: string, numbers: readonly string[]) => `${value}${numbers.length > 0 ? `: ${numbers.join(', ')}` : ''}.`,
  },

  compression: (used: number, limit: number, answered: number | null) => {
    const when = answered === null ? 'at the last step' : `when it answered (${step(answered)})`
    const left = used >= limit ? 'nothing was free' : `${Math.round(100 * (1 - used / limit))} % was free`
    return `The context held ${used} of ${limit} tokens ${when}: ${left}.`
  },
  preventive: {
    overflow: (at: number | null) =>
      at === null ? 'the window never overflowed' : `the window overflowed at ${step(at)}`,
    none: (over: string) => `No filter or summary removed anything; ${over}.`,
    did: (tool: string, removed: number, at: number, inTime: boolean, over: string) =>
      `${tool} removed ${plural(removed, 'message')} at ${step(at)}, ${inTime ? 'in time' : 'too late'}: ${over}.`,
  },
  preservation: {
    nothing: 'The question has no name, date, number or place that could be lost.',
    kept: (found: number, total: number) => {
      const all = total === 1 ? 'The key phrase' : `All ${total} key phrases`
      const phrases = found === total ? all : `${found} of ${plural(total, 'key phrase')}`
      const one = found === 1
      return `${phrases} of the question ${one ? 'was' : 'were'} in the context at the end, apart from the question itself.`
    },
  },
  storage: {
    none: 'Nothing was stored in stage 1.',
    good: (good: number, stored: number) =>
      `${good} of ${plural(stored, 'entry', 'entries')} stored in stage 1 ${good === 1 ? 'states' : 'state'} a fact worth storing.`,
    why: {
      'states a fact': 'states a fact',
      'states no fact': 'states no fact',
      'states only what was corrected': 'states only what was corrected later',
    },
  },
  maintenance: {
    none: 'Nothing was updated or deleted.',
    failed: (tries: number) => `${plural(tries, 'update or delete', 'updates or deletes')} tried, none worked.`,
    worked: (worked: number, tries: number) =>
      `${worked} of ${plural(tries, 'update or delete', 'updates or deletes')} worked; one is enough.`,
    call: (tool: string, memory: string | null, at: number, ok: boolean) =>
      `${tool}${memory === null ? '' : ` ${memory}`} at ${step(at)}${ok ? '' : ', failed'}`,
  },
  relevance: {
    none: 'Nothing was retrieved after stage 1.',
    relevant: (relevant: number, retrieved: number) =>
      `${relevant} of ${plural(retrieved, 'retrieved memory', 'retrieved memories')} ${relevant === 1 ? 'states' : 'state'} a fact the answer needs.`,
  },
  currency: {
    present: 'The answer gives the value that holds.',
    superseded: 'The answer gives a value that was superseded.',
    neither: 'The answer gives neither the value that holds nor one that was superseded, or both.',
    changed: (before: string, now: string) => `“${before}” became “${now}”`,
  },
  toolUse: {
    none: 'No tool was called.',
    worked: (ok: number, calls: number) => `${ok} of ${plural(calls, 'tool call')} worked.`,
  },
  task: {
    none: 'It gave no answer, which costs 1 point.',
    stopped: 'It was stopped before it could answer.',
    exact: (answer: string) => `“${answer}” is the expected answer.`,
    value: (answer: string, against: string, only: boolean) =>
      only ? `“${answer}” is the same value as “${against}”.` : `“${answer}” contains “${against}”, but other values too.`,
    words: (answer: string, against: string) => `“${answer}” says “${against}” in a sentence.`,
    overlap: (answer: string, against: string, f1: string) =>
      `“${answer}” shares words with “${against}”: token F1 ${f1}.`,
    wrong: (answer: string, against: string) => `“${answer}” is not “${against}”.`,
    unknown: (answer: string, against: string) => `“${answer}” admits not knowing; “${against}” was expected.`,
    abstained: (answer: string) => `“${answer}” says that it cannot be known, which is right: nothing that was told answers the question.`,
    yesNo: (answer: string, against: string, right: boolean) =>
      right ? `“${answer}” says ${against}, as expected.` : `“${answer}” does not say ${against}.`,
    judged: (by: string | null, answer: string, score: string) =>
      `${by ?? 'The judge'} gave “${answer}” ${score} out of 1.`,
    withRule: (sentence: string, score: string) => `${sentence} The rule would give ${score}.`,
  },
  penalty: {
    rounds: 'no answer within the rounds of stage 3',
    context: 'context over the limit',
    cost: (what: string, points: number) => `${what} (−${points})`,
    none: 'No limit was broken.',
    broken: (what: readonly string[]) => `Limits broken: ${what.join('; ')}.`,
    formula: '−1 · [rounds used up] − 0.5 · [T_used > T_max]',
  },
  quality: (stored: number, facts: number, good: number, entries: number) =>
    `The memory holds ${stored} of ${plural(facts, 'current fact')}; ${good} of its ${plural(entries, 'entry', 'entries')} ${good === 1 ? 'states' : 'state'} one.`,

  presets: presets({
    paper: {
      name: 'as in the paper',
      short: 'task, context and memory 1/3 each',
      about: 'Task, context and memory count 1/3 each (C.4).',
    },
    'paper-unit': {
      name: 'with unit weights',
      short: 'task, context and memory 1 each',
      about: 'The weights in §4.1 of the paper: 1.0 each.',
    },
    'published-code': {
      name: 'as in the published code',
      short: 'task 0.5, tool use 0.2, context and memory 0.15 each',
      about:
        'Task 0.5, tool use 0.2, context 0.15, memory 0.15, clipped to −1…1; a failed update counts as maintenance too.',
    },
    'answer-only': {
      name: 'for the answer only',
      short: 'the answer alone',
      about: 'Only the answer counts: the baseline of Tables 4 and 5.',
    },
    supersede: {
      name: 'for present values',
      short: 'the answer and its currency',
      about: 'The answer, and 1 more point for the present value of what has changed, 1 less for a superseded one (Supersede, arXiv 2606.27472).',
    },
  }),

  weights: {
    region: 'Weights of the reward',
    title: 'Weights',
    task: 'w_task, answer',
    context: 'w_context, context',
    memory: 'w_memory, memory',
    currency: 'w_currency, currency',
    tool_use: 'w_tool, tool use',
    alpha: 'α, within context',
    beta: 'β, within memory',
    penalties: 'Penalties',
    rounds: 'no answer within the rounds',
    overLimit: 'context over its limit',
  },
}
