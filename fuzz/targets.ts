// The table of all that is fuzzed. A reader that has moved, or a new one, is an entry here or in imports.ts, such as gguf.ts.
import { gguf } from './gguf.ts'
import { hub } from './hub.ts'
import { imports } from './imports.ts'
import { replies } from './replies.ts'
import type { Target } from './target.ts'

let all: Promise<Target[]> | null = null

export function targets(): Promise<Target[]> {
  all ??= imports().then((others) => [replies, gguf(), hub, ...others])
  return all
}
