// A graphics card in JavaScript's memory, for the tests of this folder: buffers, copies, the merge program, error scopes, and
// the ways in which a card fails. What the program computes on a real one, e2e/golden.spec.ts holds against 64 bits. Here it is there
// so that the real LiveWeights, trainer and sampler work on the same bytes in a test of seconds, and so that a card can be lost
// between two commands of a submission.

type Command = () => void

class Buffer {
  readonly label: string
  readonly size: number
  readonly bytes: ArrayBuffer
  readonly #card: CardDouble
  gone = false

  constructor(card: CardDouble, label: string, bytes: ArrayBuffer) {
    this.#card = card
    this.label = label
    this.size = bytes.byteLength
    this.bytes = bytes
  }

  getMappedRange(): ArrayBuffer {
    return this.bytes
  }

  unmap(): void {
    // What is mapped is the memory itself.
  }

  destroy(): void {
    this.gone = true
    this.#card.buffers.delete(this)
  }

  mapAsync(): Promise<void> {
    return this.#card.isLost ? Promise.reject(new DOMException('A valid external Instance reference no longer exists.', 'OperationError')) : Promise.resolve()
  }
}

const isGpuBuffer = (value: object): value is GPUBuffer => 'mapAsync' in value
const isGpuDevice = (value: object): value is GPUDevice => 'queue' in value

interface Entry {
  binding: number
  resource: { buffer: Buffer }
}

/** What merge.ts has the card do, for matrices in 32 bits. */
function merge([shape, base, a, b, merged]: Buffer[]): void {
  if (!shape || !base || !a || !b || !merged) throw new Error('The program has five buffers.')
  const [words = 0, first = 0, rows = 0, rank = 0] = new Uint32Array(shape.bytes)
  const scale = new Float32Array(shape.bytes)[4] ?? NaN
  const [from, to, left, right] = [base, merged, a, b].map(({ bytes }) => new Float32Array(bytes))
  if (!from || !to || !left || !right) return
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < words; column++) {
      let sum = 0
      for (let k = 0; k < rank; k++) sum += (right[row * rank + k] ?? NaN) * (left[k * words + column] ?? NaN)
      const at = (first + row) * words + column
      to[at] = (from[at] ?? NaN) + scale * sum
    }
  }
}

export class CardDouble {
  /** Those that were not destroyed. */
  readonly buffers = new Set<Buffer>()
  /** Submissions until now. */
  submitted = 0
  /** What the submission of this number does after half of its commands; null: it ends. */
  failing: { at: number; how: 'lost' | 'error' } | null = null
  #lose: (info: { reason: string; message: string }) => void = () => undefined
  isLost = false
  readonly #scopes: { filter: string; error: { message: string } | null }[] = []
  readonly device: GPUDevice

  constructor() {
    const lost = new Promise((resolve) => { this.#lose = resolve })
    const device = {
      lost,
      limits: { maxStorageBufferBindingSize: 2 ** 30 },
      queue: {
        submit: (batches: Command[][]) => { this.#submit(batches.flat()) },
        onSubmittedWorkDone: () => Promise.resolve(),
      },
      createBuffer: ({ label = '', size }: { label?: string; size: number }) => this.#buffer(label, new ArrayBuffer(size)),
      createShaderModule: ({ code }: { code: string }) => ({ code }),
      createComputePipeline: ({ compute: { module } }: { compute: { module: { code: string } } }) => {
        if (!module.code.includes('array<f32>') || !module.code.includes('fn delta')) throw new Error('The double knows the merge of 32 bits alone.')
        return { getBindGroupLayout: () => ({}) }
      },
      createBindGroup: ({ entries }: { entries: Entry[] }) => entries.toSorted((one, other) => one.binding - other.binding).map(({ resource }) => resource.buffer),
      createCommandEncoder: () => this.#encoder(),
      pushErrorScope: (filter: string) => { this.#scopes.push({ filter, error: null }) },
      popErrorScope: () => Promise.resolve(this.#scopes.pop()?.error ?? null),
    }
    if (!isGpuDevice(device)) throw new Error('It has no queue.')
    this.device = device
  }

  #buffer(label: string, bytes: ArrayBuffer): Buffer {
    const made = new Buffer(this, label, bytes)
    this.buffers.add(made)
    return made
  }

  /** A buffer of this card over memory that somebody else reads, too. */
  over(data: Float32Array, label = ''): GPUBuffer {
    const { buffer, byteOffset, byteLength } = data
    if (!(buffer instanceof ArrayBuffer)) throw new Error('Shared memory is none of a card.')
    const made = this.#buffer(label, byteOffset === 0 && byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength))
    if (!isGpuBuffer(made)) throw new Error('It cannot be mapped.')
    return made
  }

  /** Names of the base weights that are kept. */
  kept(): string[] {
    return [...this.buffers].filter(({ label }) => label.startsWith('W₀ of ')).map(({ label }) => label.slice('W₀ of '.length))
  }

  lose(message = 'The driver was reset.'): void {
    this.isLost = true
    this.#lose({ reason: 'unknown', message })
  }

  #encoder() {
    const commands: Command[] = []
    const using = (buffers: readonly Buffer[], does: Command): Command => () => {
      if (buffers.some(({ gone }) => gone)) throw new Error('A buffer was used in a submit while it was destroyed.')
      does()
    }
    return {
      copyBufferToBuffer: (from: Buffer, at: number, to: Buffer, toAt: number, size: number) => {
        commands.push(using([from, to], () => { new Uint8Array(to.bytes).set(new Uint8Array(from.bytes, at, size), toAt) }))
      },
      beginComputePass: () => {
        let bound: Buffer[] = []
        return {
          setPipeline: () => undefined,
          setBindGroup: (_: number, group: Buffer[]) => { bound = group },
          dispatchWorkgroups: () => {
            const buffers = bound
            commands.push(using(buffers, () => { merge(buffers) }))
          },
          end: () => undefined,
        }
      },
      finish: () => commands,
    }
  }

  #submit(commands: readonly Command[]): void {
    this.submitted++
    const failing = this.failing?.at === this.submitted ? this.failing.how : null
    try {
      for (const [i, command] of commands.entries()) {
        if (failing === 'lost' && i >= commands.length / 2) this.lose()
        if (this.isLost) return
        if (failing === 'error' && i >= commands.length / 2) throw new Error('The driver gave up.')
        command()
      }
    } catch (error) {
      const scope = this.#scopes.findLast(({ filter }) => filter === 'internal' || filter === 'validation')
      if (scope) scope.error ??= { message: error instanceof Error ? error.message : String(error) }
    }
  }
}
