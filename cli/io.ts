// What a command may do to the outside: write results, tell progress, be interrupted. Lets tests run a command
// without a process.

export interface Io {
  /** One line of results on standard output; waits while the reader is behind. */
  out(line: string): Promise<void>
  /** A line for people on standard error. */
  tell(line: string): void
  /** Fires on Ctrl+C. */
  signal: AbortSignal
  /** Monotonic clock, ms. */
  now(): number
}

export type ExitStatus = 0 | 1 | 2

/** The io of this process. Ends quietly when the reader of standard output goes away, as `head` does. */
export function processIo(): Io {
  const interrupted = new AbortController()
  process.once('SIGINT', () => { interrupted.abort() })
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    out: async (line) => {
      if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve))
    },
    tell: (line) => { process.stderr.write(`${line}\n`) },
    signal: interrupted.signal,
    now: () => performance.now(),
  }
}
