// Why an episode ended as it did, in a sentence or in a few words. Pure: trajectory in, text out.
import { familyOf } from '../../core/environments/families.ts'
import type { Reason, Why } from '../../core/evaluation/why.ts'
import type { AnyTask } from '../../core/record/task.ts'
import { t } from '../locales/index.ts'
import type { Told } from '../locales/en/why.ts'

/** Longest text of a record that a sentence quotes whole, in characters. */
const quoted = 90

const clipped = (text: string) => (text.length <= quoted ? text : `${text.slice(0, quoted - 1).trimEnd()}…`)
/** Without the full stop, which the sentence around it has. */
const plain = (text: string) => clipped(text.trim().replace(/\.$/, ''))

function otherOf(reason: Reason): string {
  switch (reason.kind) {
    case 'overwritten':
      return reason.by
    case 'stale':
    case 'took-the-old':
      return reason.old
    case 'garbled':
      return reason.stored
    default:
      return ''
  }
}

function toldOf(reason: Reason, { task, answer }: { task: AnyTask; answer: string | null }): Told {
  return {
    step: reason.step + 1,
    memory: 'memory' in reason ? reason.memory : '',
    fact: 'fact' in reason ? plain(reason.fact) : '',
    other: plain(otherOf(reason)),
    facts: 'facts' in reason ? reason.facts : 0,
    updated: 'updated' in reason ? reason.updated : 0,
    searches: 'searches' in reason ? reason.searches : 0,
    answer: plain(answer ?? ''),
    expected: plain(familyOf(task).expected(task)),
  }
}

type Ended = Parameters<typeof toldOf>[1]

/** "Wrong: at step 9 it overwrote m2 …" */
export function whySentence({ outcome, reason, missing }: Why, ended: Ended): string {
  const words = t().why
  const same = outcome === 'unknown' && reason.kind === 'misread'
  const because = same ? words.unknownAllTheSame : words.because[reason.kind](toldOf(reason, ended))
  return (
    words.sentence(words.outcome[outcome], because) + (missing > 1 && outcome !== 'right' ? words.more(missing) : '')
  )
}

/** "overwrote m2 at step 9"; empty where there is nothing to add to right or wrong. */
export function whyShort({ reason }: Pick<Why, 'reason'>, ended: Ended): string {
  return t().why.short[reason.kind](toldOf(reason, ended))
}
