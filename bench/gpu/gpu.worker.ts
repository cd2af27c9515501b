// The measurements, in a worker as in the playground.
import { expose } from 'comlink'
import { messageOf } from '../../src/core/error-message.ts'
import { createWebGpuRuntime } from '../../src/runtime/webgpu.ts'
import { measureMatmul, measureModel, type GpuRow, type Sizes } from './measure.ts'
import { gpuModels, type GpuModel } from './models.ts'

export interface GpuReport {
  /** The card's own rate, and each model that was measured. */
  matmul: GpuRow
  models: { model: GpuModel; rows: GpuRow[]; problem: string | null }[]
  device: string
}

const worker = {
  /** @param tell what is being done, in words */
  async measure(models: readonly GpuModel[], sizes: Sizes, software: boolean, tell: (doing: string) => void): Promise<GpuReport> {
    const runtime = await createWebGpuRuntime({ allowSoftware: software })
    tell('products of matrices')
    const report: GpuReport = { matmul: await measureMatmul(runtime, sizes), models: [], device: runtime.description }
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
    return report
  },
}

export type GpuWorker = typeof worker
expose(worker)
