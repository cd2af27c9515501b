// Every warning and every note of a run, in each language.
import { afterEach, describe, expect, it } from 'vitest'
import { english, noteWords, warningWords } from '../../core/training/health-words.ts'
import type { RunNote, Warning } from '../../core/training/health.ts'
import { en } from './en/index.ts'
import { noteText, warningText } from './health.ts'
import { speak } from './index.ts'
import { health as chineseWords } from './zh/health.ts'
import { zh } from './zh/index.ts'

const warnings: [of: Warning, english: string, chinese: string][] = [
  [{ kind: 'not-finite' }, 'not a finite number', '不是有限的数'],
  [{ kind: 'kl', kl: 0.754 }, 'KL 0.75 nats a token', 'KL 为 0.75 nat / token'],
  [{ kind: 'no-variance' }, 'the same reward', '奖励都相同'],
  [{ kind: 'no-answers', answered: 0.25 }, 'Only 25 % of the episodes', '只有 25 % 的回合'],
  [{ kind: 'format', format_violations: 0.238 }, '24 % of the replies broke the protocol.', '24 % 的回复不符合协议。'],
  [{ kind: 'too-long', too_long: 1 }, '1 reply was longer', '1 条回复'],
  [{ kind: 'too-long', too_long: 3 }, '3 replies were longer', '3 条回复'],
]
const notes: [of: RunNote, english: string, chinese: string][] = [
  [{ kind: 'not-finite', steps: 3 }, 'not a finite number 3 steps in a row', '连续 3 步'],
  [{ kind: 'kl', kl: 7 }, 'exploded (7.0 nats a token)', '（7.0 nat / token）'],
  [{ kind: 'no-answers', answered: 0.04 }, '4 % of the episodes', '只有 4 % 的回合'],
  [{ kind: 'format', format_violations: 0.9 }, '90 % of the replies broke it', '90 % 的回复'],
  [{ kind: 'no-variance', steps: 5 }, 'any variance for 5 steps', '连续 5 步'],
  [{ kind: 'import-cut-off', steps: 2 }, 'the file has 2 steps.', '文件里有 2 步'],
]
/** Three Latin words in a row. */
const inEnglish = /[a-z]{2,} [a-z]{2,} [a-z]{2,}/i

afterEach(() => { speak('en', en) })

/** As the command line says it, and as the page does in either language. */
function said<Of>(of: Of, plainly: (of: Of) => string, onPage: (of: Of) => string) {
  const inEnglish = onPage(of)
  speak('zh', zh)
  return { plain: plainly(of), english: inEnglish, chinese: onPage(of) }
}

describe('what went wrong in a run', () => {
  it.each(warnings)('warns of %j', (of, english, chinese) => {
    const words = said(of, warningWords, warningText)
    expect(words).toEqual({ plain: expect.stringContaining(english), english: words.plain, chinese: expect.stringContaining(chinese) })
    expect(words.chinese).not.toMatch(inEnglish)
  })
  it.each(notes)('rests for %j', (of, english, chinese) => {
    const words = said(of, noteWords, noteText)
    expect(words).toEqual({ plain: expect.stringContaining(english), english: words.plain, chinese: expect.stringContaining(chinese) })
    expect(words.chinese).not.toMatch(inEnglish)
  })
  it('is the recorded text where an earlier release made a sentence of it', () => {
    speak('zh', zh)
    expect(warningText({ kind: 'format', message: '24 % of the replies broke the protocol.' })).toBe('24 % of the replies broke the protocol.')
    expect(noteText('The worker is gone.')).toBe('The worker is gone.')
  })
  it('has each sentence in either language', () => {
    expect([Object.keys(english.warnings).length, Object.keys(english.notes).length]).toEqual([new Set(warnings.map(([{ kind }]) => kind)).size, new Set(notes.map(([note]) => (typeof note === 'string' ? note : note.kind))).size])
    expect(Object.keys(chineseWords.notes)).toEqual(Object.keys(english.notes))
  })
})
