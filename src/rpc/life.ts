// How one side of a port learns that the other side's thread has ended. Chrome fires no `close` event for that
// (seen in 156: not after terminate(), not after self.close(), not even after port.close()), but it frees the locks
// of a thread that ends, however it ends. So the serving thread holds a lock for life and tells its name; whoever
// gets that lock knows. Where there are no locks (Node), the `close` event of the port has to do.

const greeting = 'agemem-rpc:alive'

interface Greeting {
  rpc: typeof greeting
  /** null: this thread cannot hold one. */
  lock: string | null
}

function isGreeting(data: unknown): data is Greeting {
  return typeof data === 'object' && data !== null && 'rpc' in data && data.rpc === greeting
}

function lockManager(): LockManager | null {
  return typeof navigator !== 'undefined' && 'locks' in navigator ? navigator.locks : null
}

let held: Promise<string | null> | null = null

/** Takes this thread's lock for as long as the thread lives, once. The name, when it is held. */
function lockForLife(): Promise<string | null> {
  held ??= new Promise((resolve) => {
    const name = `agemem-worker-${[...crypto.getRandomValues(new Uint32Array(4))].join('-')}`
    const locks = lockManager()
    if (!locks) {
      resolve(null)
      return
    }
    locks
      .request(name, () => {
        resolve(name)
        return new Promise(() => undefined)
      })
      .catch(() => { resolve(null) })
  })
  return held
}

/** Tells the other side of the port that this thread serves it, and by which lock it will see that it has ended. */
export async function announceLife(port: MessagePort): Promise<void> {
  const message: Greeting = { rpc: greeting, lock: await lockForLife() }
  port.postMessage(message)
}

export interface LifeListeners {
  /** The other side has said something. */
  alive(): void
  /** Its thread has ended, or it has closed the port. */
  ended(): void
}

/** Watches the other side of a port, which it starts, until the function that it returns is called. */
export function watchLife(port: MessagePort, { alive, ended }: LifeListeners): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const end = () => {
    if (signal.aborted) return
    stop.abort()
    ended()
  }
  port.addEventListener(
    'message',
    ({ data }) => {
      alive()
      if (!isGreeting(data) || data.lock === null) return
      // Shared, so that all who wait for it get it at once.
      lockManager()?.request(data.lock, { mode: 'shared', signal }, end).catch(() => undefined)
    },
    { signal },
  )
  port.addEventListener('close', end, { signal })
  // Else what the other side says waits in the port until this side asks for something, which may be never.
  port.start()
  return () => { stop.abort() }
}
