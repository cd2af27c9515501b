// The measurements, in a worker as in the playground.
import { expose } from 'comlink'
import { messageOf } from '../../src/core/error-message.ts'
import { createWebGpuRuntime } from '../../src/runtime/webgpu.ts'
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import type { LiveReport } from './live.ts'
import { measureMatmul, measureModel, type GpuRow, type Sizes } from './measure.ts'
import { gpuModels, type GpuModel } from './models.ts'

export interface GpuReport {
  /** The card's own rate, and each model that was measured. */
  matmul: GpuRow
  models: { model: GpuModel; rows: GpuRow[]; problem: string | null }[]
  device: string
  /** A model of WebLLM, when one was named. */
  live: LiveReport | { model: string; problem: string } | null
}

const worker = {
  /** @param webllm what samples a GRPO step of its own; null: nothing. @param tell what is being done, in words */
  async measure(models: readonly GpuModel[], webllm: WebLlmSource | null, sizes: Sizes, software: boolean, tell: (doing: string) => void): Promise<GpuReport> {
    const runtime = await createWebGpuRuntime({ allowSoftware: software })
    tell('products of matrices')
    const report: GpuReport = { matmul: await measureMatmul(runtime, sizes), models: [], device: runtime.description, live: null }
    for (const model of models) {
      try {
        const rows = await measureModel(runtime, gpuModels[model], sizes, (doing) => { tell(`${model}: ${doing}`) })
        report.models.push({ model, rows, problem: null })
      } catch (error) {
        // The next one may be small enough.
        report.models.push({ model, rows: [], problem: messageOf(error) })
      }
    }
    await runtime.dispose()
    if (webllm) {
      const model = webllm.kind === 'listed' ? webllm.id : webllm.name
      // With its library it is 6 MB, and it asks for a device of its own.
      const { measureLive } = await import('./live.ts')
      report.live = await measureLive(webllm, sizes, tell).catch((error: unknown) => ({ model, problem: messageOf(error) }))
    }
    return report
  },
}

export type GpuWorker = typeof worker
expose(worker)
