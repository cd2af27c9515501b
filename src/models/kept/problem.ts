// What can go wrong with weights on their way into the browser, as data.
import { messageOf } from '../../core/error-message.ts'
import { WebLlmError, type WebLlmProblem } from '../../core/policy/webllm.ts'
import { FileElsewhereError, NoFilesError } from './folder.ts'

/** @param room bytes that may still be stored */
export async function problemOf(error: unknown, room: () => Promise<number | null>, signal?: AbortSignal): Promise<WebLlmProblem> {
  if (error instanceof WebLlmError) return error.problem
  if (signal?.aborted) return { kind: 'aborted' }
  if (error instanceof FileElsewhereError) return { kind: 'elsewhere' }
  if (error instanceof NoFilesError) return { kind: 'no-files', detail: messageOf(error) }
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') return { kind: 'quota', available: await room().catch(() => null), detail: messageOf(error) }
  return { kind: 'other', detail: messageOf(error) }
}
