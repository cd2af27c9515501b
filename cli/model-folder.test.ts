// A model on disk as --model takes it: a folder, or one GGUF file.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadModel } from '../src/models/files/load-model.ts'
import { tinyChatGguf } from '../src/models/fixtures/tiny-chat-gguf.ts'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { runCommand } from './fixture.ts'
import { filesInFolder } from './model-folder.ts'

let folder = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agemem-model-'))
  file = join(folder, 'tiny-F32.gguf')
  await writeFile(file, await tinyChatGguf())
  for (const [name, bytes] of await tinyChatFiles()) await writeFile(join(folder, name), bytes)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('is the same model in both forms', async () => {
  const [single, whole] = [await loadModel(await filesInFolder(file), 2 ** 30), await loadModel(await filesInFolder(folder), 2 ** 30)]
  expect(single.weightFiles).toEqual(['tiny-F32.gguf'])
  expect(whole.weightFiles).toEqual(['model.safetensors'])
  expect(single.config).toEqual(whole.config)
  expect(single.weights).toEqual(whole.weights)
})

it('plays from a GGUF file', async () => {
  const { status, out, told } = await runCommand(['evaluate', '--policy', 'model', '--model', file, '--tasks', '1', '--settings', 'quick', '--difficulty', 'facts=1,distractors=1,small_talk=0'])
  expect(told).not.toContain('cannot')
  expect(status).toBe(0)
  expect(out.map((line) => JSON.parse(line))).toMatchObject([{ model: file, episodes: 1 }])
})

it('says what a file is that is none', async () => {
  expect(await runCommand(['evaluate', '--policy', 'model', '--model', join(folder, 'model.safetensors')])).toMatchObject({ status: 1, told: expect.stringContaining('There is no config.json in') })
  await writeFile(join(folder, 'other.gguf'), 'version https://git-lfs.github.com/spec/v1\n')
  expect(await runCommand(['evaluate', '--policy', 'model', '--model', join(folder, 'other.gguf')])).toMatchObject({ status: 1, told: expect.stringContaining('is a pointer of Git LFS') })
})
