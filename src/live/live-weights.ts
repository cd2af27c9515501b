// WebLLM's weights under an adapter: keeps W₀ of what the adapter changes, writes W₀ + s·B·A into the buffers that WebLLM
// reads, and puts W₀ back bit for bit. All of it on the graphics card. Knows no model's tokens and no training.
import { WebLlmError } from '../core/policy/webllm.ts'
import type { Projection } from '../nn/transformer/config.ts'
import { loraNames, type LoraConfig } from '../nn/transformer/weights.ts'
import type { LiveLayout, LiveParameter, PlacedProjection } from './layout.ts'
import { MergeProgram } from './merge.ts'

/** STORAGE | COPY_SRC | COPY_DST, by number: TypeScript's DOM library has no GPUBufferUsage. */
const usage = 0x80 | 0x04 | 0x08
/** Of a weight, bytes. */
const sizeOf = { float32: 4, float16: 2 } as const

const sizeIn = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** The stored matrices that an adapter of these projections changes. */
function changedBy({ projections }: LiveLayout, targets: readonly Projection[]): Set<string> {
  return new Set(projections.filter(({ projection }) => targets.includes(projection)).map(({ stored }) => stored))
}

/** Bytes that copies of W₀ take while an adapter of these projections is in use. */
export function keptBytes(layout: LiveLayout, targets: readonly Projection[]): number {
  let bytes = 0
  for (const stored of changedBy(layout, targets)) bytes += sizeIn(layout.parameters.get(stored)?.shape ?? []) * sizeOf[layout.type]
  return bytes
}

export class LiveWeights {
  readonly layout: LiveLayout
  readonly #device: GPUDevice
  readonly #program: MergeProgram
  /** W₀ of stored matrices, ours. */
  readonly #kept = new Map<string, GPUBuffer>()
  /** Matrices that may not hold W₀ now. */
  readonly #changed = new Set<string>()

  constructor(device: GPUDevice, layout: LiveLayout) {
    this.layout = layout
    this.#device = device
    this.#program = new MergeProgram(device)
  }

  #live(stored: string): LiveParameter {
    const parameter = this.layout.parameters.get(stored)
    if (!parameter) throw new WebLlmError({ kind: 'layout', detail: `There is no ${stored}.` })
    return parameter
  }

  /**
   * Makes sure that W₀ of what these projections change is kept, and of nothing else. WebLLM then has the base weights.
   * @throws WebLlmError `out-of-memory`; then nothing is kept
   */
  async keep(targets: readonly Projection[]): Promise<void> {
    await this.reset()
    const wanted = changedBy(this.layout, targets)
    for (const [stored, buffer] of this.#kept) {
      if (wanted.has(stored)) continue
      buffer.destroy()
      this.#kept.delete(stored)
    }
    const missing = [...wanted].filter((stored) => !this.#kept.has(stored))
    if (missing.length === 0) return
    this.#device.pushErrorScope('out-of-memory')
    const encoder = this.#device.createCommandEncoder({ label: 'keep W₀' })
    for (const stored of missing) {
      const live = this.#live(stored)
      const size = sizeIn(live.shape) * sizeOf[this.layout.type]
      const copy = this.#device.createBuffer({ label: `W₀ of ${stored}`, size, usage })
      encoder.copyBufferToBuffer(live.buffer(), 0, copy, 0, size)
      this.#kept.set(stored, copy)
    }
    this.#device.queue.submit([encoder.finish()])
    await this.#device.queue.onSubmittedWorkDone()
    const failed = await this.#device.popErrorScope()
    if (!failed) return
    this.#release()
    throw new WebLlmError({ kind: 'out-of-memory', detail: failed.message })
  }

  /** W₀ by the names of our programs, each with what it lies in: our copy, or WebLLM's own buffer where nothing changes it. */
  base(): Map<string, { buffer: GPUBuffer; shape: readonly number[] }> {
    return new Map([...this.layout.parameters].map(([name, parameter]) => [name, { buffer: this.#kept.get(name) ?? parameter.buffer(), shape: parameter.shape }]))
  }

  /**
   * WebLLM's weights become W₀ + s·B·A.
   * @param tensor A [r, in] or B [out, r] on this device in float32, by its name
   * @throws Error when W₀ of a projection was not kept
   */
  async sync(lora: LoraConfig, tensor: (name: string) => GPUBuffer): Promise<void> {
    const parts = this.layout.projections.filter(({ projection }) => lora.targets.includes(projection)).map((placed) => this.#part(placed, lora, tensor))
    for (const { stored } of parts) this.#changed.add(stored)
    await this.#program.merge(parts)
  }

  #part({ layer, projection, stored, columns, row, rows }: PlacedProjection, { rank, alpha }: LoraConfig, tensor: (name: string) => GPUBuffer) {
    const base = this.#kept.get(stored)
    if (!base) throw new Error(`The base weights of ${stored} were not kept.`)
    const { a, b } = loraNames(layer, projection)
    return { stored, base, target: this.#live(stored).buffer(), type: this.layout.type, columns, row, rows, a: tensor(a), b: tensor(b), rank, scale: alpha / rank }
  }

  /** W₀ back, bit for bit; the copies stay. */
  async reset(): Promise<void> {
    if (this.#changed.size === 0) return
    const encoder = this.#device.createCommandEncoder({ label: 'W₀ back' })
    for (const stored of this.#changed) {
      const kept = this.#kept.get(stored)
      if (kept) encoder.copyBufferToBuffer(kept, 0, this.#live(stored).buffer(), 0, kept.size)
    }
    this.#device.queue.submit([encoder.finish()])
    await this.#device.queue.onSubmittedWorkDone()
    this.#changed.clear()
  }

  #release(): void {
    for (const buffer of this.#kept.values()) buffer.destroy()
    this.#kept.clear()
  }

  /** W₀ back, and the copies freed. */
  async release(): Promise<void> {
    await this.reset()
    this.#release()
  }

  /** The device or WebLLM's model is gone: only the copies are freed. */
  abandon(): void {
    this.#changed.clear()
    this.#release()
  }
}
