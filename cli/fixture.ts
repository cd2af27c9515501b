// Runs a command in this process, as a test wants to see it: what it printed, what it told, its status.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { dispatch } from './dispatch.ts'
import type { Io } from './io.ts'

interface Running {
  /** Interrupts when a line like this is told. */
  interruptAt?: RegExp
  /** A clock that moves by looks, so many ms each, whatever the machine does; left out: the real one. */
  tick?: number
}

export async function runCommand(argv: readonly string[], { interruptAt, tick }: Running = {}) {
  const out: string[] = []
  const told: string[] = []
  const interrupted = new AbortController()
  let time = 0
  const io: Io = {
    out: async (line) => { await Promise.resolve(out.push(line)) },
    tell: (line) => {
      told.push(line)
      if (interruptAt?.test(line)) interrupted.abort()
    },
    signal: interrupted.signal,
    now: () => (tick === undefined ? performance.now() : (time += tick)),
  }
  return { status: await dispatch(argv, io), out, told: told.join('\n') }
}

/** A folder of a test's own, which it removes, with a tiny model in it. */
export async function folderWithModel(name: string): Promise<{ folder: string; model: string }> {
  const folder = await mkdtemp(join(tmpdir(), `agemem-${name}-`))
  const model = join(folder, 'model')
  await mkdir(model)
  for (const [path, bytes] of await tinyChatFiles()) await writeFile(join(model, path), bytes)
  return { folder, model }
}
