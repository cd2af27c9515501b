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
