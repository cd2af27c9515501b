// Models by address, kept for later sessions as one JSON file in the browser's cache beside the models' own files.
import { z } from 'zod'
import { fit } from '../core/fit.ts'
import { WebLlmError, type CustomModel, type WebLlmModel } from '../core/policy/webllm.ts'
import type { ArtifactHost } from './artifacts.ts'
import { customModel } from './catalogue.ts'

/** Where the list lies. */
export interface Shelf {
  read(): Promise<CustomModel[]>
  write(models: CustomModel[]): Promise<void>
}

const most = 100
const modelsSchema = z.array(z.object({ name: z.string().min(1).max(100), url: z.string().max(2000), library: z.string().max(2000) })).max(most)

export function cacheShelf(caches: ArtifactHost['caches'], origin: string): Shelf {
  const at = new URL('/custom-models.json', origin).href
  return {
    async read() {
      const response = await (await caches.open('agemem/webllm')).match(at)
      const read = modelsSchema.safeParse(await response?.json().catch(() => null))
      return read.success ? read.data : []
    },
    async write(models) {
      const whole = fit(modelsSchema, models)
      if (!whole.success) throw new WebLlmError({ kind: 'other', detail: models.length > most ? `There are ${most} models by address: delete one first.` : 'A name or an address of it is too long.' })
      await (await caches.open('agemem/webllm')).put(at, new Response(JSON.stringify(whole.data)))
    },
  }
}

/** Those that can be models at all. */
export async function customModelsIn(shelf: Shelf): Promise<WebLlmModel[]> {
  return (await shelf.read()).flatMap((model) => {
    try {
      return [customModel(model)]
    } catch (error) {
      if (error instanceof WebLlmError) return []
      throw error
    }
  })
}
