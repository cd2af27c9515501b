import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { listBuilt } from './build-service-worker.ts'

it('nano is kept ahead; an adapter of a model that is elsewhere only once somebody took it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agemem-built-'))
  const paths = ['index.html', 'models/nano/model.safetensors', 'models/smollm2-135m-instruct/adapter/adapter_model.safetensors', 'models/smollm2-135m-instruct/adapter/adapter_config.json']
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), path)
  }
  const { ahead, digests } = await listBuilt(folder)
  await rm(folder, { recursive: true })
  expect(ahead).toEqual(['index.html', 'models/nano/model.safetensors'])
  expect(Object.keys(digests)).toEqual(paths.sort())
})

it('the list of WebLLM’s models is kept ahead, what runs them is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agemem-built-'))
  const worker = 'assets/webllm.worker-Abcd1234.js'
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, worker), 'lists')
  await writeFile(join(folder, 'assets/ort-webgpu-Abcd1234.js'), 'runs')
  await writeFile(join(folder, 'assets/library-Abcd1234.js'), new Uint8Array(1_000_001))
  const { ahead } = await listBuilt(folder)
  await rm(folder, { recursive: true })
  expect(ahead).toEqual([worker])
})
