// What a run has taught so far, as the head of Train says it.
type Kind = 'facts' | 'updates' | 'retrieves' | 'filters' | 'distractors' | 'format'

interface Change {
  from: number
  to: number
  direction: 'up' | 'down' | 'same'
}

/** What is to be said: views/train/learned.ts finds it. */
export interface LearnedFacts {
  steps: number
  findings: readonly (Change & { kind: Kind })[] | null
  right: Change | null
  heldOut: Change | null
  usual: number | null
}

/** "52 → 84 %", in one piece; small shares with a digit more. */
export function change({ from, to }: Change): string {
  const digits = Math.max(from, to) < 0.05 ? 1 : 0
  return `${(100 * from).toFixed(digits)}\u00a0→\u00a0${(100 * to).toFixed(digits)}\u00a0%`
}

const habits: Record<Kind, (share: string) => string> = {
  facts: (share) => `stores ${share} of facts`,
  updates: (share) => `updates ${share} of corrections`,
  retrieves: (share) => `searches its memory before ${share} of answers`,
  filters: (share) => `filters its context in ${share} of episodes`,
  distractors: (share) => `stores ${share} of distractors`,
  format: (share) => `breaks the format in ${share} of replies`,
}

function rightWords({ steps, right, usual }: LearnedFacts): string {
  if (right === null) return ''
  if (right.direction === 'up') return `Right answers in training went up: ${change(right)}.`
  if (right.direction === 'down') return `Right answers in training went down: ${change(right)}.`
  const yet = `Right answers in training are not clearly better than at the start yet (${change(right)})`
  if (usual === null) return `${yet}.`
  return steps < usual ? `${yet}, which is usual until about step ${usual}.` : `${yet}; recorded runs were better from about step ${usual}.`
}

function heldOutWords({ heldOut }: LearnedFacts): string {
  if (heldOut === null) return ''
  const end = { up: '', down: '', same: ', which may be chance' }[heldOut.direction]
  return ` On held-out tasks: ${change(heldOut)}${end}.`
}

export const learned = {
  label: 'What it has learnt so far',
  hint: 'The first steps against the newest, up to eight each. Only what chance would hardly produce is reported (Welch’s t, 95 %). Where the plan samples more freely at first, answers in training rise by that alone; held-out tasks are always sampled alike.',
  sentence: (learnt: LearnedFacts): string => {
    const { findings } = learnt
    if (findings === null) return 'Too early to say what it has learnt: that takes six steps.'
    const changed = findings.length === 0 ? 'So far no habit has changed by more than chance.' : `So far it ${findings.map((each) => habits[each.kind](change(each))).join(', ')}.`
    return `${changed} ${rightWords(learnt)}${heldOutWords(learnt)}`
  },
}
