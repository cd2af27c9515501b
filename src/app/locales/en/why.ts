import type { ReasonKind } from '../../../core/evaluation/why.ts'

/** What the sentences of an ending are filled with; steps count from 1. */
export interface Told {
  step: number
  memory: string
  fact: string
  /** What stands where the fact should. */
  other: string
  /** Of the facts that the answer needs. */
  facts: number
  updated: number
  searches: number
  answer: string
  expected: string
}

type Phrases = Record<ReasonKind, (of: Told) => string>

const corrected = (count: number) => (count > 0 ? ', kept up with the correction,' : '')
const facts = (count: number) => (count === 1 ? 'the fact' : count === 2 ? 'both facts' : `all ${count} facts`)

const because: Phrases = {
  remembered: (of: Told) =>
    `it stored ${facts(of.facts)}${corrected(of.updated)} and found ${of.facts === 1 ? 'it' : 'them'} again`,
  guessed: (of: Told) => `although “${of.fact}” was not in its context`,
  overwritten: (of: Told) =>
    `at step ${of.step} it overwrote ${of.memory}, which said “${of.fact}”, with “${of.other}”, so the answer was lost`,
  deleted: (of: Told) => `at step ${of.step} it deleted ${of.memory}, which said “${of.fact}”, so the answer was lost`,
  stale: (of: Told) =>
    `it missed the correction at step ${of.step}; ${of.memory} still says “${of.other}”, not “${of.fact}”`,
  garbled: (of: Told) =>
    `at step ${of.step} it stored “${of.other}” in ${of.memory}, where it had been told “${of.fact}”`,
  'never-stored': (of: Told) => `it never stored “${of.fact}”, which it was told at step ${of.step}`,
  'not-searched': (of: Told) => `“${of.fact}” was in ${of.memory}, but it answered without searching its memory`,
  'not-found': (of: Told) => `“${of.fact}” was in ${of.memory}, but the search at step ${of.step} did not bring it up`,
  filtered: (of: Told) => `it had found “${of.fact}”, then filtered it out of the context at step ${of.step}`,
  summarised: (of: Told) => `it had found “${of.fact}”, but the summary at step ${of.step} left it out`,
  misread: (of: Told) =>
    `everything it needed was in the context, yet it answered “${of.answer}” instead of “${of.expected}”`,
  'took-the-old': (of: Told) =>
    `${of.memory} with the outdated “${of.other}” was in the context too, and it went by that`,
  format: (of: Told) => `its reply at step ${of.step} broke the format, so no answer could be read`,
  rounds: (of: Told) =>
    of.searches === 0
      ? 'it used up its rounds without searching or answering'
      : `it used up its rounds on ${of.searches === 1 ? 'one search' : `${of.searches} searches`}`,
  overflow: (of: Told) => `at step ${of.step} the context outgrew the window`,
  stopped: (of: Told) => `the episode was stopped at step ${of.step}`,
  unscored: () => 'the conversation comes from another program, and its file has no task to score it by',
  failed: (of: Told) => `the episode failed at step ${of.step}`,
  judged: (of: Told) => `it answered “${of.answer}”, and “${of.expected}” was expected`,
}

/** The same in a few words, for a narrow column. */
const short: Phrases = {
  remembered: (of: Told) => (of.updated > 0 ? 'stored, corrected, found' : 'stored and found'),
  guessed: () => 'right, fact missing',
  overwritten: (of: Told) => `overwrote ${of.memory} at step ${of.step}`,
  deleted: (of: Told) => `deleted ${of.memory} at step ${of.step}`,
  stale: () => 'missed the correction',
  garbled: (of: Told) => `stored it wrong at step ${of.step}`,
  'never-stored': () => 'never stored it',
  'not-searched': () => 'stored, not searched',
  'not-found': () => 'stored, not found',
  filtered: (of: Told) => `filtered out at step ${of.step}`,
  summarised: (of: Told) => `summed away at step ${of.step}`,
  misread: () => 'had it, said otherwise',
  'took-the-old': () => 'took the outdated value',
  format: () => 'broke the format',
  rounds: () => 'ran out of rounds',
  overflow: () => 'window overflowed',
  stopped: () => 'stopped',
  unscored: () => 'not scored',
  failed: () => 'failed',
  judged: () => '',
}

export const why = {
  /** What the sentence begins with. */
  outcome: {
    right: 'Right',
    partly: 'Partly right',
    wrong: 'Wrong',
    unknown: 'It did not know',
    none: 'No answer',
    stopped: 'No end',
  },
  sentence: (outcome: string, because: string) => `${outcome}: ${because}.`,
  because,
  short,
  unknownAllTheSame: 'everything it needed was in the context, and still it said that it does not know',
  more: (missing: number) => ` It lacked ${missing} of the facts it needed.`,
  showStep: (step: number) => `Show step ${step}`,
  label: 'Why',
}
