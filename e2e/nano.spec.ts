// The embedded model in the built page: it plays to the end, as it does in Node; its tokens can be looked into; other
// models can be loaded from a folder.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesInFolder } from '../cli/model-folder.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { runEpisodes } from '../src/core/episode/simulator.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import { tinyChatGguf } from '../src/models/fixtures/tiny-chat-gguf.ts'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { worldTaskOf } from './headless.ts'
import { control, conversation, expect, newestRecorded, openPage, outcome, part, test, drop } from './page.ts'

test('nano plays an episode to its end as soon as Run is pressed', async ({ page }) => {
  await openPage(page)
  await expect(part(page, 'Policy')).toContainText('nano')
  await control(page, 'Run').click()
  await expect(page.locator('.step').first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
  await expect(outcome(page)).toBeVisible({ timeout: 60_000 })
  const recorded = await newestRecorded(page)
  expect(recorded).toMatchObject({ policy: 'nano', status: 'complete', token_counter: 'nano' })
  for (const { reply } of recorded.steps) {
    expect(reply.token_ids).toHaveLength(reply.tokens)
    expect(reply.logprobs?.every((logp) => logp <= 0)).toBe(true)
  }
})

test('the first reply is seen while it is written', async ({ page }) => {
  await openPage(page)
  await page.evaluate(() => {
    const first = new MutationObserver(() => {
      const seen = document.querySelector('main .live-reply, main .step')
      if (!seen) return
      document.body.dataset['seen'] = seen.matches('.live-reply') ? 'while it was written' : 'when it was whole'
      first.disconnect()
    })
    first.observe(document.body, { childList: true, subtree: true })
  })
  await control(page, 'Run').click()
  await expect(page.locator('body')).toHaveAttribute('data-seen', 'while it was written')
})

test('the browser and Node give the same tokens for the same seed', async ({ page }) => {
  const tasks = 8
  await openPage(page)
  const played = await page.evaluate(async (count) => {
    const episodes = []
    for (let task = 1; task <= count; task++) episodes.push((await window.agemem.runEpisode({ policy: 'nano', task })).trajectory)
    return episodes.map(({ steps, answer }) => ({ answer, tokens: steps.map(({ reply }) => reply.token_ids) }))
  }, tasks)
  const runtime = createNodeRuntime()
  const model = await LocalModel.create(runtime, 'nano', await loadModel(await filesInFolder('public/models/nano'), 2 ** 32))
  const embedder = new HashEmbedder()
  const specs = Array.from({ length: tasks }, (_, i) => ({ key: `e${i}`, id: { run: 'node', batch: 0, rollout: 0 }, task: worldTaskOf(i + 1), seed: 7, settings: settingsPresets.playground }))
  const here = await runEpisodes(specs, { policy: model, memory: new InMemoryStore(embedder), embedder, counter: model.counter })
  await model.dispose()
  await runtime.dispose()
  expect(played).toEqual(here.map(({ steps, answer }) => ({ answer, tokens: steps.map(({ reply }) => reply.token_ids) })))
})

test('a token shows how likely it was and what else could have stood there', async ({ page }) => {
  await openPage(page)
  await page.evaluate(async () => {
    const { key } = await window.agemem.runEpisode({ policy: 'nano' })
    await window.agemem.show(key, 1)
  })
  await page.keyboard.press('t')
  const tokens = page.getByLabel('Tokens of this reply, coloured by how unexpected each was')
  await expect(tokens).toContainText('<think>')
  const recorded = await newestRecorded(page)
  await expect(tokens.locator('.token')).toHaveCount(recorded.steps[0]?.reply.tokens ?? -1)
  await tokens.locator('.token').nth(1).hover()
  const card = page.locator('.token-card').first()
  await expect(card).toContainText('likely when it was written')
  await expect(card.getByRole('listitem')).toHaveCount(5)
  const logp = recorded.steps[0]?.reply.logprobs?.[1] ?? NaN
  await expect(card).toContainText(`(log π ${logp.toFixed(2)})`)
})

test('a model from a folder plays, and one that is too large is refused before its weights are read', async ({ page }) => {
  const write = (files: ReadonlyMap<string, Uint8Array>) => {
    const folder = mkdtempSync(join(tmpdir(), 'agemem-model-'))
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
    return folder
  }
  const tiny = await tinyChatFiles('F16', 2)
  const config = new TextDecoder().decode(tiny.get('config.json'))
  const configured = (from: string, to: string) => new Map(tiny).set('config.json', new TextEncoder().encode(config.replace(from, to)))
  const huge = configured('"intermediate_size":64', '"intermediate_size":4000000')
  const pointer = new Map(tiny).set('model-2-of-2.safetensors', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 40\n'))
  await openPage(page)
  await part(page, 'Policy').click()
  const popover = page.getByRole('dialog', { name: 'Policy' })
  await popover.getByRole('radio', { name: 'another language model' }).click()
  await popover.getByText('From a folder, a file or an address').click()
  await popover.locator('input[webkitdirectory]').setInputFiles(write(huge))
  await expect(popover).toContainText('It will not fit.')
  await popover.locator('input[webkitdirectory]').setInputFiles(write(configured('"num_hidden_layers":2', '"num_hidden_layers":1000000')))
  await expect(popover.getByRole('alert')).toContainText('num_hidden_layers 1000000 is more than the 512 that can be computed here')
  await popover.locator('input[webkitdirectory]').setInputFiles(write(pointer))
  await expect(popover.getByRole('alert')).toContainText('model-2-of-2.safetensors of the folder')
  await expect(popover.getByRole('alert')).toContainText('is a pointer of Git LFS, not the file itself. Run “git lfs pull”')
  await popover.getByLabel('Address of its files').fill('http://models.test/tiny/')
  await expect(popover).toContainText('The address must start with https://')
  await expect(popover.getByRole('button', { name: 'Look' })).toBeDisabled()
  await popover.getByLabel('Address of its files').fill('')
  await popover.locator('input[webkitdirectory]').setInputFiles(write(tiny))
  await popover.getByRole('button', { name: 'Load it' }).click()
  await expect(popover).toContainText('is ready')
  await page.keyboard.press('Escape')
  await control(page, 'Run').click()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
  await expect(conversation(page)).toBeVisible()
  await expect(outcome(page)).toBeVisible({ timeout: 60_000 })
  const recorded = await newestRecorded(page)
  expect(recorded.policy).toMatch(/^agemem-model-/)
  expect(recorded.steps.some(({ reply }) => (reply.token_ids?.length ?? 0) > 0)).toBe(true)
})

test('a GGUF file plays, dropped on the page or chosen, and one that is cut short is refused', async ({ page }) => {
  const file = Buffer.from(await tinyChatGguf())
  await openPage(page)
  await drop(page, 'tiny-cut.gguf', file.subarray(0, 3000))
  const models = page.getByRole('main', { name: 'Models' })
  await expect(models.getByRole('alert')).toContainText('tiny-cut.gguf of the chosen files: It ends inside its header; it was cut short.')
  await drop(page, 'tiny-F32.gguf', file)
  await expect(models).toContainText('tiny-F32')
  await models.getByRole('button', { name: 'Load it' }).click()
  await expect(models).toContainText('is ready')
  await models.getByRole('button', { name: 'Play with tiny-F32' }).click()
  await control(page, 'Run').click()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
  await expect(outcome(page)).toBeVisible({ timeout: 60_000 })
  const recorded = await newestRecorded(page)
  expect(recorded.policy).toBe('tiny-F32')
  expect(recorded.steps.some(({ reply }) => (reply.token_ids?.length ?? 0) > 0)).toBe(true)
  await part(page, 'Policy').click()
  const popover = page.getByRole('dialog', { name: 'Policy' })
  await popover.locator('input[accept=".gguf"]').setInputFiles({ name: 'other.gguf', mimeType: '', buffer: file })
  await expect(popover).toContainText('other: ')
  await expect(popover.getByRole('button', { name: 'Load it' })).toBeVisible()
})
