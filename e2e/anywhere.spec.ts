// The page on a static host that knows nothing of it: under a sub-path, without headers, then without a network, then with
// a new version; and where the browser refuses the service worker.
import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { control, expect, outcome, speed, test } from './page.ts'
import { staticHost } from './static-host.ts'

const cores = (page: Page) => page.evaluate(() => navigator.hardwareConcurrency)
const loads = (page: Page) => page.evaluate(() => Number(sessionStorage.getItem('loads')))
const model = (page: Page) => page.workers().find((worker) => worker.url().includes('model.worker'))
const keptPaths = (page: Page) =>
  page.evaluate(async () => (await (await caches.open('agemem-files')).keys()).map(({ url }) => url.slice(document.baseURI.replace(/[#?].*$/, '').length).replace(/\?.*$/, '')))

/** Counts how often the page was loaded, and skips the introduction. */
async function countLoads(page: Page): Promise<void> {
  await page.addInitScript(() => {
    sessionStorage.setItem('loads', String(Number(sessionStorage.getItem('loads')) + 1))
    localStorage.setItem('agemem.tour', 'seen')
  })
}

async function playNano(page: Page): Promise<void> {
  await control(page, 'Run').click()
  await speed(page).selectOption('max')
  await expect(outcome(page)).toBeVisible()
}

test.describe('with its service worker', () => {
  test.use({ serviceWorkers: 'allow' })

  test('on a host without headers it has threads after one reload, works without a network, and asks before it is updated', async ({ page, context, guard }) => {
    const host = await staticHost('/foo/bar/')
    guard.allow(new RegExp(`^request: ${host.address}`))
    try {
      await countLoads(page)
      await page.goto(`${host.address}#policy=nano`)
      await playNano(page)
      expect(await loads(page)).toBe(2)
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      expect(await model(page)?.evaluate(() => crossOriginIsolated)).toBe(true)
      await expect(page.getByText('one thread')).toHaveCount(0)
      // The policy that forbids text as a program reaches the workers too. Behind a timer: what a debugger evaluates is free.
      guard.allow(/content security policy/i)
      expect(
        await model(page)?.evaluate(() => new Promise((resolve) => {
          setTimeout(() => {
            try {
              resolve(Reflect.construct(Function, ['return 1']) instanceof Function)
            } catch {
              resolve('forbidden')
            }
          }, 0)
        })),
      ).toBe('forbidden')

      // Everything that it needs is kept.
      await expect.poll(() => keptPaths(page), { timeout: 60_000 }).toEqual(expect.arrayContaining([
        'index.html', 'icon.svg', 'manifest.webmanifest', 'models/nano/model.safetensors', expect.stringMatching(/^assets\/plot-/), expect.stringMatching(/\.wasm$/),
      ]))
      // On this host, which says nothing of how long a file may be kept, what the page began with came twice; the rest once.
      const again = host.asked.slice(host.asked.lastIndexOf('index.html'))
      expect(again.filter((path, at) => again.indexOf(path) !== at && !['icon.svg', 'service-worker.js'].includes(path))).toEqual([])

      host.answers = false
      guard.allow(/ERR_EMPTY_RESPONSE|ERR_FAILED|ERR_CONNECTION|ERR_INTERNET/)
      await page.reload()
      await playNano(page)
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      for (const name of ['Train', 'Group', 'Compare', 'Models', 'Experiments', 'Checkpoints', 'Episodes', 'Watch']) {
        await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: new RegExp(`^${name}`) }).click()
        await expect(page.getByRole('main').first()).toBeVisible()
        await expect(page.getByRole('alert')).toHaveCount(0)
      }

      // A new version is uploaded: another page, and the service worker that knows it.
      host.answers = true
      const other = await context.newPage()
      await other.goto(`${host.address}#policy=nano`)
      const before = await host.read('index.html')
      const after = before.replace('<head>', '<head><meta name="version" content="next">')
      const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
      const worker = await host.read('service-worker.js')
      expect(worker).toContain(digest(before))
      host.upload('index.html', after)
      host.upload('service-worker.js', worker.replace(digest(before), digest(after)))
      await page.reload()
      await expect(page.getByText('A new version is there.')).toBeVisible()
      // Nothing is swapped before somebody says so.
      await expect(page.locator('meta[name="version"]')).toHaveCount(0)
      await page.getByRole('button', { name: 'Load it' }).click()
      await expect(page.locator('meta[name="version"]')).toHaveCount(1)
      await playNano(page)
      await expect(page.getByRole('button', { name: 'Load it' })).toHaveCount(0)
      // The other tab goes on with what it has.
      await expect(other.getByText('Another tab has loaded a new version.')).toBeVisible()
      await expect(other.locator('meta[name="version"]')).toHaveCount(0)
      await playNano(other)
    } finally {
      host.close()
    }
  })
})

test('where the service worker is refused it has one thread, says so, and is not loaded again', async ({ page, guard }) => {
  const host = await staticHost('/')
  guard.allow(new RegExp(`^request: ${host.address}`))
  try {
    await countLoads(page)
    await page.goto(`${host.address}#policy=nano`)
    await playNano(page)
    expect(await cores(page)).toBeGreaterThan(1)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
    expect(await loads(page)).toBe(1)
    await expect(page.getByText('This page runs on one thread.')).toBeVisible()
    await page.getByRole('button', { name: 'Models' }).click()
    await expect(page.getByText('1 thread', { exact: false }).first()).toBeVisible()
  } finally {
    host.close()
  }
})
