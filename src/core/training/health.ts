// What a step warns of and why a run rests, as data: a kind and its numbers. That is recorded; words are made of it where it is shown,
// in the language of who reads (health-words.ts). Earlier releases recorded English sentences, which are read as they are.
import { z } from 'zod'

const share = z.number()
const count = z.number().int()

const warningKinds = ['not-finite', 'kl', 'no-variance', 'no-answers', 'format', 'too-long'] as const

export const warningSchema = z.union([
  /** Of an earlier release, in words. It comes first: none of today's has a message. */
  z.object({ kind: z.enum(warningKinds), message: z.string() }),
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('not-finite') }),
    /** D_KL per token, nats. */
    z.object({ kind: z.literal('kl'), kl: z.number() }),
    z.object({ kind: z.literal('no-variance') }),
    /** Share of the episodes with an answer. */
    z.object({ kind: z.literal('no-answers'), answered: share }),
    /** Share of the replies outside the protocol. */
    z.object({ kind: z.literal('format'), format_violations: share }),
    /** Replies. */
    z.object({ kind: z.literal('too-long'), too_long: count }),
  ]),
])
export type Warning = z.infer<typeof warningSchema>

/** Why a run should not go on by itself; `steps`: so many in a row. */
const pauses = [
  z.object({ kind: z.literal('not-finite'), steps: count }),
  z.object({ kind: z.literal('kl'), kl: z.number() }),
  z.object({ kind: z.literal('no-answers'), answered: share }),
  z.object({ kind: z.literal('format'), format_violations: share }),
  z.object({ kind: z.literal('no-variance'), steps: count }),
] as const
/** Text: of an earlier release. */
export const pauseSchema = z.union([z.string(), z.discriminatedUnion('kind', pauses)])
export type Pause = z.infer<typeof pauseSchema>

/** What is said of a run that rests. Text: of an earlier release, or the error that ended it. */
export const runNoteSchema = z.union([
  z.string(),
  z.discriminatedUnion('kind', [
    ...pauses,
    /** Its import ended before its last step; so many are in the file. */
    z.object({ kind: z.literal('import-cut-off'), steps: count }),
  ]),
])
export type RunNote = z.infer<typeof runNoteSchema>
