// The stream of a policy in another worker as if it were here.
import { AbortError, type ReplyStream, type StreamOptions } from '../core/policy/policy.ts'
import type { StreamApi } from '../rpc/streams.ts'

let opened = 0

/** @param onFailure is told what a call failed with, but for an abort */
export function remoteStream(
  api: StreamApi,
  { signal, onText, ...options }: StreamOptions & { model?: string },
  onFailure: (error: unknown) => void = () => undefined,
): ReplyStream {
  const name = `stream-${opened++}`
  const abort = () => void api.abort(name)
  signal?.addEventListener('abort', abort)
  return {
    serve: async (asked) => {
      if (signal?.aborted) throw new AbortError()
      try {
        return await api.serve(name, [...asked], options, onText ?? null)
      } catch (error) {
        if (signal?.aborted) throw new AbortError()
        onFailure(error)
        throw error
      }
    },
    close: async () => {
      signal?.removeEventListener('abort', abort)
      // When the worker is lost, so is its stream.
      await api.closeStream(name).catch(() => undefined)
    },
  }
}
