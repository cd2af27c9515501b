// Warnings and notes of runs in words: how a language says each kind, and English, which the command line speaks. Knows no page.
import { percent } from '../percent.ts'
import type { RunNote, Warning } from './health.ts'

/** Shares come as percentages, divergences as decimals in nats. */
export interface HealthWords {
  warnings: {
    notFinite: string
    kl: (nats: string) => string
    noVariance: string
    noAnswers: (share: string) => string
    format: (share: string) => string
    tooLong: (replies: number) => string
  }
  notes: {
    notFinite: (steps: number) => string
    kl: (nats: string) => string
    noVariance: (steps: number) => string
    noAnswers: (share: string) => string
    format: (share: string) => string
    importCutOff: (steps: number) => string
  }
}

export const english: HealthWords = {
  warnings: {
    notFinite: 'Loss or gradient was not a finite number. The update was left out and the adapter is as it was before.',
    kl: (nats) => `The policy is far from the base model: KL ${nats} nats a token.`,
    noVariance: 'The rollouts of each task all got the same reward: there was nothing to learn from.',
    noAnswers: (share) => `Only ${share} of the episodes ended with an answer.`,
    format: (share) => `${share} of the replies broke the protocol.`,
    tooLong: (replies) => (replies === 1 ? '1 reply was longer than the model’s window and was not learnt from.' : `${replies} replies were longer than the model’s window and were not learnt from.`),
  },
  notes: {
    notFinite: (steps) => `Loss or gradient was not a finite number ${steps} steps in a row. Go back to a checkpoint and use a smaller learning rate.`,
    kl: (nats) => `The KL divergence from the base model exploded (${nats} nats a token). Go back to a checkpoint; use a smaller learning rate or a larger β.`,
    noVariance: (steps) => `No group had any variance for ${steps} steps: the model has learnt all that these tasks can teach, or none of its rollouts succeeds. Change the difficulty or the temperature.`,
    noAnswers: (share) => `The model has stopped answering: ${share} of the episodes ended with an answer. Go back to a checkpoint and use a smaller learning rate.`,
    format: (share) => `The model has lost the protocol: ${share} of the replies broke it. Go back to a checkpoint; use a smaller learning rate or a larger β.`,
    importCutOff: (steps) => `Its import was cut off: the file has ${steps} ${steps === 1 ? 'step' : 'steps'}.`,
  },
}

/** A sentence. One of an earlier release is the text that it recorded. */
export function warningWords(warning: Warning, { warnings: words } = english): string {
  if ('message' in warning) return warning.message
  switch (warning.kind) {
    case 'not-finite':
      return words.notFinite
    case 'kl':
      return words.kl(warning.kl.toFixed(2))
    case 'no-variance':
      return words.noVariance
    case 'no-answers':
      return words.noAnswers(percent(warning.answered))
    case 'format':
      return words.format(percent(warning.format_violations))
    case 'too-long':
      return words.tooLong(warning.too_long)
  }
}

/** Sentences: why it rests, and what may help. */
export function noteWords(note: RunNote, { notes: words } = english): string {
  if (typeof note === 'string') return note
  switch (note.kind) {
    case 'not-finite':
      return words.notFinite(note.steps)
    case 'kl':
      return words.kl(note.kl.toFixed(1))
    case 'no-variance':
      return words.noVariance(note.steps)
    case 'no-answers':
      return words.noAnswers(percent(note.answered))
    case 'format':
      return words.format(percent(note.format_violations))
    case 'import-cut-off':
      return words.importCutOff(note.steps)
  }
}
