// The error of calls whose worker is gone.

export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError'
  /** Which worker: `memory`, `lab` … */
  readonly worker: string

  /**
   * @param reason what happened, as a clause: "it could not be started"
   * @param remedy what helps, as a sentence
   */
  constructor(worker: string, reason: string, remedy = 'Restart it.') {
    super(`The ${worker} worker is gone: ${reason}. What was stored is kept; what it was doing is lost. ${remedy}`)
    this.worker = worker
  }
}

/** Is it this error's message, or words around it? */
export function isOfLostWorker(words: string): boolean {
  return /The \w+ worker is gone: /.test(words)
}
