// WebLLM's weights under an adapter: keeps W₀ of what the adapter changes, writes W₀ + s·B·A into the buffers that WebLLM
// reads, and puts W₀ back bit for bit. All of it on the graphics card. Knows no model's tokens and no training.
import { messageOf } from '../core/error-message.ts'
import { WebLlmError } from '../core/policy/webllm.ts'
import type { Projection } from '../nn/transformer/config.ts'
import { loraNames, type LoraConfig } from '../nn/transformer/weights.ts'
import type { LiveLayout, LiveParameter, PlacedProjection } from './layout.ts'
import { MergeProgram } from './merge.ts'

/** STORAGE | COPY_SRC | COPY_DST, and MAP_READ | COPY_DST, by number: TypeScript's DOM library has no GPUBufferUsage. */
const usage = 0x80 | 0x04 | 0x08
const probeUsage = 0x01 | 0x08
/** mapAsync's READ. */
const readMode = 0x01
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
  #whole = true

  constructor(device: GPUDevice, layout: LiveLayout) {
    this.layout = layout
    this.#device = device
    this.#program = new MergeProgram(device)
  }

  /**
   * What WebLLM has is W₀, or W₀ + s·B·A of the adapter that was written last. False from when a write begins until it is known to
   * have ended: the card was lost meanwhile, say. Then nobody may play with it before reset() succeeded.
   */
  get whole(): boolean {
    return this.#whole
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
    try {
      await this.#done(() => {
        const encoder = this.#device.createCommandEncoder({ label: 'keep W₀' })
        for (const stored of missing) {
          const live = this.#live(stored)
          const size = sizeIn(live.shape) * sizeOf[this.layout.type]
          const copy = this.#device.createBuffer({ label: `W₀ of ${stored}`, size, usage })
          this.#kept.set(stored, copy)
          encoder.copyBufferToBuffer(live.buffer(), 0, copy, 0, size)
        }
        this.#device.queue.submit([encoder.finish()])
        return this.#device.queue.onSubmittedWorkDone()
      })
    } catch (error) {
      this.#release()
      throw error
    }
  }

  /**
   * What is submitted before `work` waits for anything, to its end.
   * @throws WebLlmError `device-lost`, `out-of-memory` or `other`: then nobody knows how much of it was done
   */
  async #done(work: () => Promise<unknown>): Promise<void> {
    // Errors do not reach who submits: they are caught here, all of this work's and nobody else's.
    for (const kind of ['internal', 'validation', 'out-of-memory'] as const) this.#device.pushErrorScope(kind)
    const worked = work()
    const scopes = [this.#device.popErrorScope(), this.#device.popErrorScope(), this.#device.popErrorScope()]
    const [ended, memory, validation, internal] = await Promise.allSettled([worked, ...scopes])
    // On a lost device work "ends", and no scope has an error. It maps no buffer.
    await this.#alive()
    if (ended.status === 'rejected') throw ended.reason
    const errorIn = (scope: PromiseSettledResult<GPUError | null> | undefined) => (scope?.status === 'fulfilled' ? scope.value : null)
    const full = errorIn(memory)
    if (full) throw new WebLlmError({ kind: 'out-of-memory', detail: full.message })
    const failed = errorIn(validation) ?? errorIn(internal)
    if (failed) throw new WebLlmError({ kind: 'other', detail: failed.message })
  }

  /** @throws WebLlmError `device-lost` */
  async #alive(): Promise<void> {
    const probe = this.#device.createBuffer({ label: 'is it there', size: 4, usage: probeUsage })
    try {
      await probe.mapAsync(readMode)
    } catch (error) {
      throw new WebLlmError({ kind: 'device-lost', detail: messageOf(error) }, { cause: error })
    } finally {
      probe.destroy()
    }
  }

  /** Writes what WebLLM reads: meanwhile, and when it fails, its weights are not whole. */
  async #written(work: () => Promise<unknown>): Promise<void> {
    this.#whole = false
    await this.#done(work)
    this.#whole = true
  }

  /** W₀ by the names of our programs, each with what it lies in: our copy, or WebLLM's own buffer where nothing changes it. */
  base(): Map<string, { buffer: GPUBuffer; shape: readonly number[] }> {
    return new Map([...this.layout.parameters].map(([name, parameter]) => [name, { buffer: this.#kept.get(name) ?? parameter.buffer(), shape: parameter.shape }]))
  }

  /**
   * WebLLM's weights become W₀ + s·B·A.
   * @param tensor A [r, in] or B [out, r] on this device in float32, by its name
   * @throws Error when W₀ of a projection was not kept; nothing is written then
   * @throws WebLlmError when it did not end: the weights are not whole then
   */
  async sync(lora: LoraConfig, tensor: (name: string) => GPUBuffer): Promise<void> {
    const parts = this.layout.projections.filter(({ projection }) => lora.targets.includes(projection)).map((placed) => this.#part(placed, lora, tensor))
    for (const { stored } of parts) this.#changed.add(stored)
    await this.#written(() => this.#program.merge(parts))
  }

  #part({ layer, projection, stored, columns, row, rows }: PlacedProjection, { rank, alpha }: LoraConfig, tensor: (name: string) => GPUBuffer) {
    const base = this.#kept.get(stored)
    if (!base) throw new Error(`The base weights of ${stored} were not kept.`)
    const { a, b } = loraNames(layer, projection)
    return { stored, base, target: this.#live(stored).buffer(), type: this.layout.type, columns, row, rows, a: tensor(a), b: tensor(b), rank, scale: alpha / rank }
  }

  /**
   * W₀ back, bit for bit; the copies stay.
   * @throws WebLlmError `device-lost`, or `torn-weights`: the weights are not whole then
   */
  async reset(): Promise<void> {
    if (this.#changed.size === 0) return
    try {
      await this.#written(() => {
        const encoder = this.#device.createCommandEncoder({ label: 'W₀ back' })
        for (const stored of this.#changed) {
          const kept = this.#kept.get(stored)
          if (kept) encoder.copyBufferToBuffer(kept, 0, this.#live(stored).buffer(), 0, kept.size)
        }
        this.#device.queue.submit([encoder.finish()])
        return this.#device.queue.onSubmittedWorkDone()
      })
    } catch (error) {
      if (error instanceof WebLlmError && error.problem.kind === 'device-lost') throw error
      throw new WebLlmError({ kind: 'torn-weights', detail: messageOf(error) }, { cause: error })
    }
    this.#changed.clear()
  }

  #release(): void {
    for (const buffer of this.#kept.values()) buffer.destroy()
    this.#kept.clear()
  }

  /** W₀ back, and the copies freed. @throws as reset() does; the copies stay then */
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
