// What an environment lets an agent hear.
import type { MessageKind } from './trajectory.ts'

interface Said {
  role: 'user' | 'tool'
  kind: MessageKind
  text: string
  /** What of the task it delivers, in the words of the task's family, so that nobody splits text to find out. */
  about: readonly string[]
}

export interface Observation {
  messages: readonly Said[]
  /** One of the family's phases. Metrics and charts are by phase. */
  phase: string
  /** The context is emptied before it is delivered, but for the system message. */
  resets: boolean
  /** Replies at most before the environment goes on. */
  exchanges: number
}
