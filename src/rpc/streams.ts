// How a policy of another thread is asked: ReplyStream (core/policy/policy.ts), call by call.
import type { Answered, Asked } from '../core/policy/policy.ts'
import type { OnText, ServedOptions } from '../core/policy/served-streams.ts'

export interface StreamApi {
  /**
   * ReplyStream.serve() of the stream of this name, which begins with its first call.
   * @param onText is told the text of replies as it comes, also of those that an earlier call asked for; null: nobody
   * listens
   */
  serve(stream: string, asked: Asked[], options: ServedOptions, onText: OnText | null): Promise<Answered[]>
  closeStream(stream: string): Promise<void>
  /** Ends what the stream has under way before its next token, with an AbortError; what it is asked later too. */
  abort(stream: string): Promise<void>
}
