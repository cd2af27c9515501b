// Weights from a host into the browser: in ranges, on at the byte after the tab was lost, checked before they are used;
// and a model that is kept plays after a reload, without its host.
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { weightsHost, type WeightsHost } from '../src/models/kept/weights-host.fixture.ts'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { control, expect as hasty, newestRecorded, openPage, outcome, part, test } from './page.ts'

const expect = hasty.configure({ timeout: 60_000 })
test.setTimeout(240_000)

const models = (page: Page) => page.getByRole('main', { name: 'Models' })
const row = (page: Page, name: string) => models(page).getByRole('listitem', { name, exact: true })

let host: WeightsHost
test.beforeEach(async ({ guard }) => {
  host = await weightsHost(await tinyChatFiles('F32'))
  guard.allow(/^request: http:\/\/127\.0\.0\.1:/)
  guard.allow(/Failed to load resource/)
})
test.afterEach(() => { host.close() })

async function look(page: Page): Promise<void> {
  await openPage(page, '#view=models&policy=nano')
  await models(page).getByText('Choose one', { exact: true }).click()
  await models(page).getByLabel('Address of its files').fill(host.address)
  await models(page).getByRole('button', { name: 'Look' }).click()
}

test('weights come in ranges; after the tab was lost they go on at the byte, and play without their host', async ({ page }) => {
  await look(page)
  await expect(models(page)).toContainText('M parameters, needs about')
  // Nothing large was asked for.
  expect(host.asked).toEqual(['config.json'])
  const size = host.files.get('model.safetensors')?.length ?? 0
  host.pace = size / 8
  await models(page).getByRole('button', { name: 'Download it' }).click()
  const tiny = row(page, 'tiny')
  await expect(tiny.getByRole('progressbar', { name: 'Download of tiny' })).toBeVisible()
  await expect(tiny).toContainText('3 of 4 files')
  await expect.poll(async () => Number(await tiny.getByRole('progressbar').getAttribute('aria-valuenow'))).toBeGreaterThan(30)

  await page.reload()
  await expect(tiny).toContainText('3 of 4 files')
  await expect(tiny.getByRole('button', { name: 'Play with tiny' })).toHaveCount(0)
  host.asked.length = 0
  host.pace = Infinity
  await tiny.getByRole('button', { name: 'Resume the download of tiny' }).click()
  await expect(tiny).toContainText('in this browser')
  // One request, for the rest alone.
  expect(host.asked).toEqual([expect.stringMatching(/^model\.safetensors [1-9]\d+-$/)])
  expect(Number(/ (\d+)-$/.exec(host.asked[0] ?? '')?.[1])).toBeGreaterThan(size / 10)

  host.close()
  await page.reload()
  await tiny.getByRole('button', { name: 'Play with tiny' }).click()
  await expect(part(page, 'Policy')).toHaveText('tiny')
  await control(page, 'Run').click()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
  await expect(outcome(page)).toBeVisible()
  expect((await newestRecorded(page)).policy).toBe('tiny')

  await test.step('it is the policy after a reload too, and can be chosen among the models that are here', async () => {
    await openPage(page, '#policy=own')
    await page.reload()
    await expect(part(page, 'Policy')).toHaveText('tiny')
    await part(page, 'Policy').click()
    await expect(page.getByRole('dialog', { name: 'Policy' }).getByRole('radio', { name: 'tiny', exact: true })).toBeChecked()
    await page.keyboard.press('Escape')
  })

  await test.step('deleting frees it, and nano plays again', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Models' }).click()
    await tiny.getByRole('button', { name: 'Delete tiny' }).click()
    await tiny.getByRole('button', { name: /^Delete \d/ }).click()
    await expect(tiny).toHaveCount(0)
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Watch' }).click()
    await expect(part(page, 'Policy')).toHaveText('nano')
  })
})

test('a model with room for the whole protocol is told it, before it is loaded for the first time', async ({ page }) => {
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(new TextDecoder().decode(host.files.get('config.json'))))
  host.files.set('config.json', new TextEncoder().encode(JSON.stringify({ ...config, max_position_embeddings: 4096 })))
  await look(page)
  await models(page).getByRole('button', { name: 'Download it' }).click()
  await row(page, 'tiny').getByRole('button', { name: 'Play with tiny' }).click()
  await expect(part(page, 'Experiment settings')).toHaveText('a window of 2,048 tokens')
})

test('a file that is not what its host’s list says is never taken for whole', async ({ page }) => {
  await look(page)
  await expect(models(page)).toContainText('M parameters, needs about')
  const weights = host.files.get('model.safetensors') ?? new Uint8Array(0)
  const other = Uint8Array.from(weights)
  other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1
  host.instead.set('model.safetensors', other)
  await models(page).getByRole('button', { name: 'Download it' }).click()
  const tiny = row(page, 'tiny')
  await expect(tiny.getByRole('alert')).toContainText('A file is not what it should be')
  await expect(tiny.getByRole('alert')).toContainText('SHA-256')
  await expect(tiny.getByRole('button', { name: 'Play with tiny' })).toHaveCount(0)
  await tiny.getByRole('button', { name: /^Delete what is here/ }).click()
  await expect(tiny).toHaveCount(0)
})

test('what a model needs is said before it is fetched, and what will not fit is refused in words', async ({ page }) => {
  await openPage(page, '#view=models&policy=nano')
  const small = row(page, 'SmolLM2-135M-Instruct').first()
  await expect(small).toContainText('memory to play≈')
  await expect(small).toContainText('Apache 2.0')
  await expect(small.getByRole('button', { name: 'Download SmolLM2-135M-Instruct' })).toBeVisible()
  const large = row(page, 'Llama-3.2-1B-Instruct').first()
  await expect(large).toContainText(/Plays: needs about [\d.]+ GB; a tab can have [\d.]+ GB\. It will not fit here\./)
  await expect(large.getByRole('button')).toHaveCount(0)
})
