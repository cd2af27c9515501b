// The Models view: what the machine can do, downloads that fail, stop and go on, models by address; whatever happens,
// nano goes on.
import { chromium, type Page, type Route } from '@playwright/test'
import config from '../playwright.config.ts'
import { control, expect as hasty, openPage, part, test } from './page.ts'

/** nano's start and a worker of its own for WebLLM take a moment on a busy machine. */
const expect = hasty.configure({ timeout: 60_000 })
test.setTimeout(240_000)

const models = (page: Page) => page.getByRole('main', { name: 'Models' })
const row = (page: Page, name: string) => models(page).getByRole('listitem', { name, exact: true })

async function nanoPlays(page: Page) {
  await row(page, 'nano').getByRole('button', { name: 'Play with nano' }).click()
  await expect(part(page, 'Policy')).toHaveText('nano')
  await control(page, 'Run').click()
  await expect(page.locator('.step').nth(1)).toBeVisible()
}

test('without WebGPU the view says why and how to switch it on, and everything else works', async ({ page }) => {
  await openPage(page)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Models' }).press('Enter')
  const machine = page.getByRole('region', { name: 'This machine' })
  await expect(machine).toContainText('No WebGPU.')
  await machine.getByText('How to switch WebGPU on').click()
  for (const browser of ['Chrome', 'Edge', 'Safari', 'Firefox']) await expect(machine.getByText(browser, { exact: true })).toBeVisible()
  await expect(models(page).getByRole('listitem').first()).toContainText('nano')
  await expect(row(page, 'Qwen3-4B')).toContainText('of the paper')
  await expect(page).toHaveURL(/view=models/)
  await page.reload()
  await expect(models(page)).toBeVisible()
  await nanoPlays(page)
})

test('a model that does not fit says so, and is at no moment offered for download', async ({ page }) => {
  // Every such button that ever stood there is noted.
  await page.addInitScript(() => {
    const offered = new Set<string>()
    Object.assign(window, { offered })
    new MutationObserver(() => {
      for (const each of document.querySelectorAll('button[aria-label^="Download "]')) offered.add(each.getAttribute('aria-label') ?? '')
    }).observe(document, { childList: true, subtree: true })
  })
  await openPage(page, '#view=models&policy=nano')
  const own = (name: string) => row(page, name).filter({ hasText: /huggingface\.co\/(HuggingFaceTB|Qwen)\// })
  await expect(own('Qwen2.5-0.5B-Instruct')).toContainText('It will not fit here.')
  // Of this one the weights fit once, and not what training needs beside them.
  await expect(own('SmolLM2-360M-Instruct')).toContainText('It plays, but cannot be trained here.')
  await expect(own('SmolLM2-135M-Instruct')).not.toContainText('cannot be trained')
  for (const name of ['SmolLM2-135M-Instruct', 'SmolLM2-360M-Instruct']) await expect(own(name).getByRole('button', { name: `Download ${name}`, exact: true })).toBeVisible()
  const offered = await page.evaluate<string[]>('[...window.offered]')
  expect(offered).toContain('Download SmolLM2-135M-Instruct')
  expect(offered).not.toContain('Download Qwen2.5-0.5B-Instruct')
})

test('with WebGPU in software it says so, and nano stays on wasm', async ({ baseURL, guard }) => {
  const { launchOptions } = config.use ?? {}
  const browser = await chromium.launch({ ...launchOptions, args: [...(launchOptions?.args ?? []), '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] })
  try {
    const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } })
    guard.watch(context)
    const page = await context.newPage()
    await openPage(page, '#view=models&policy=nano')
    const machine = page.getByRole('region', { name: 'This machine' })
    await expect(machine).toContainText('WebGPU without a graphics card.')
    await expect(machine).toContainText('16-bit shadersno')
    await expect(row(page, 'nano')).toContainText(/WebAssembly.*ready after/)
    // A 32-bit form is what such an adapter can run.
    await expect(row(page, 'SmolLM2-360M-Instruct').getByRole('combobox')).toHaveValue(/f32/)
  } finally {
    await browser.close()
  }
})

/**
 * What fetches weights pauses ever longer between its attempts, half a minute in all. Here the pauses are noted, and take a
 * hundredth of that. @returns those that there were so far, ms
 */
async function withoutPauses(page: Page): Promise<() => Promise<number[]>> {
  const find = () => page.workers().find((each) => each.url().includes('weights.worker'))
  await expect.poll(find).toBeDefined()
  const worker = find()
  if (!worker) throw new Error('The worker that fetches weights is gone.')
  await worker.evaluate(() => {
    const [wait, pauses] = [setTimeout, [] as number[]]
    Object.assign(self, {
      pauses,
      setTimeout: (act: () => void, ms: number) => {
        // A minute is no pause, but how long a host may say nothing.
        if (ms >= 60_000) return wait(act, ms)
        pauses.push(ms)
        return wait(act, ms / 100)
      },
    })
  })
  return () => worker.evaluate<number[]>('pauses')
}

test('a host that cannot be reached ends in a message with a retry', async ({ page, guard }) => {
  guard.allow(/huggingface\.co/)
  guard.allow(/Failed to load resource/)
  let asked = 0
  await page.context().route('https://huggingface.co/**', (route) => {
    asked++
    return route.abort('connectionrefused')
  })
  await openPage(page, '#view=models&policy=nano')
  const pauses = await withoutPauses(page)
  // One that fits: another is not offered. Of this engine, whose files that worker fetches; WebLLM has rows of such names, too.
  const model = row(page, 'SmolLM2-135M-Instruct').filter({ hasText: 'huggingface.co/HuggingFaceTB' })
  await model.getByRole('button', { name: 'Download SmolLM2-135M-Instruct', exact: true }).click()
  await expect(model.getByRole('alert')).toContainText('The host could not be reached')
  expect(await pauses()).toEqual([1000, 2000, 4000, 8000, 16_000])
  await expect(model.getByRole('alert')).toContainText('huggingface.co')
  const before = asked
  expect(before).toBeGreaterThan(0)
  await model.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => asked).toBeGreaterThan(before)
  await nanoPlays(page)
})

const shards = ['params_shard_0.bin', 'params_shard_1.bin', 'params_shard_2.bin']
const shardBytes = 4096

/** A host with a model of 12 kB; `hold` keeps a file back. */
async function serveModel(page: Page, asked: string[], hold: (file: string) => boolean) {
  const bodies: Record<string, string | Buffer> = {
    'mlc-chat-config.json': JSON.stringify({ model_type: 'qwen2', vocab_size: 8, context_window_size: 4096 }),
    'tokenizer.json': JSON.stringify({ version: '1.0', model: { type: 'BPE', vocab: {}, merges: [] } }),
    'tensor-cache.json': JSON.stringify({ records: shards.map((dataPath) => ({ dataPath, nbytes: shardBytes, records: [{ shape: [2, 1024] }] })) }),
    'tiny.wasm': Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]),
  }
  const answer = async (route: Route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
    asked.push(file)
    if (hold(file)) return
    const body = bodies[file] ?? (shards.includes(file) ? Buffer.alloc(shardBytes, 1) : null)
    await route.fulfill(body === null ? { status: 404, headers: { 'access-control-allow-origin': '*' } } : { status: 200, headers: { 'access-control-allow-origin': '*' }, body })
  }
  await page.context().route('https://models.test/**', answer)
}

test('a download that is cancelled goes on where it stopped, also after a reload', async ({ page, guard }) => {
  guard.allow(/models\.test/)
  guard.allow(/Failed to load resource/)
  const asked: string[] = []
  let holding = true
  await serveModel(page, asked, (file) => holding && file === 'params_shard_2.bin')
  await openPage(page, '#view=models&policy=nano')
  await models(page).getByText('Add a model by its address').click()
  const form = page.getByRole('form', { name: 'A model by its address' })
  await form.getByLabel('Name').fill('tiny-q0f32')
  await form.getByLabel('Folder of its weights').fill('http://models.test/')
  await form.getByLabel('Library').fill('https://models.test/tiny.wasm')
  await form.getByRole('button', { name: 'Add' }).click()
  await expect(form.getByRole('alert')).toContainText('https://')
  expect(asked).toEqual([])
  await form.getByLabel('Folder of its weights').fill('https://models.test/tiny/resolve/main')
  await form.getByRole('button', { name: 'Add' }).click()

  const model = row(page, 'tiny-q0f32')
  await model.getByRole('button', { name: 'Download tiny-q0f32' }).click()
  await expect(model).toContainText('2 of 3 files')
  await model.getByRole('button', { name: 'Cancel the download of tiny-q0f32' }).click()
  await expect(model.getByRole('progressbar')).toHaveCount(0)
  await expect(model).toContainText('8.0 kB here, 2 of 3 files')

  await page.reload()
  await expect(model).toContainText('8.0 kB here, 2 of 3 files')
  asked.length = 0
  holding = false
  await model.getByRole('button', { name: 'Resume the download of tiny-q0f32' }).click()
  await expect(model).toContainText('12 kB in this browser')
  expect(asked.filter((file) => shards.includes(file))).toEqual(['params_shard_2.bin'])

  await test.step('it becomes the policy; without WebGPU the run says so and offers nano', async () => {
    await model.getByRole('button', { name: 'Play with tiny-q0f32' }).click()
    await expect(part(page, 'Policy')).toHaveText('tiny-q0f32')
    await expect(part(page, 'Experiment settings')).toHaveText('a window of 8,192 tokens, the paper’s limits')
    await expect(page).toHaveURL(/policy=webllm&model=tiny-q0f32/)
    await control(page, 'Run').click()
    await expect(page.getByRole('alert')).toContainText('There is no WebGPU here.')
    await page.getByRole('button', { name: 'Let nano play' }).click()
    await control(page, 'Run').click()
    await expect(page.locator('.step').first()).toBeVisible()
  })

  await test.step('deleting asks once more, and takes a model of one’s own off the list', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Models' }).click()
    await model.getByRole('button', { name: 'Delete tiny-q0f32' }).click()
    await model.getByRole('button', { name: 'Delete 12 kB' }).click()
    await expect(model).toHaveCount(0)
  })
})
