// The address as a link: in a browser that has never seen the page it gives the same configuration, episode and step.
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { defaultCareless } from '../src/core/demonstrations/scripted.ts'
import { defaultDifficulty } from '../src/core/environments/question/sources/world.ts'
import { fixtureText, playHeadless, worldTaskOf } from './headless.ts'
import { choose, control, drop, expect, newestRecorded, notices, openApp, outcome, part, playback, readContext, readMemory, readOutcome, reload, run, slider, stepShown, test } from './page.ts'

const sentence = (page: Page) => page.getByRole('region', { name: 'What Run plays' }).getByRole('paragraph').innerText()

async function freshPage(browser: Browser, baseURL: string | undefined, guard: { watch(context: BrowserContext): void }): Promise<Page> {
  const context = await browser.newContext({ baseURL })
  guard.watch(context)
  return context.newPage()
}

test('a link carries configuration, episode and step to another browser', async ({ page, browser, baseURL, guard }) => {
  await openApp(page)
  await page.getByRole('textbox', { name: 'Seed' }).fill('31')
  await choose(page, 'Policy', 'careless')
  await choose(page, 'Reward', 'with unit weights')
  await part(page, 'Task source').click()
  // Two facts more, by the keys of the slider.
  await page.getByRole('slider', { name: 'facts', exact: true }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Escape')
  await part(page, 'Experiment settings').click()
  await page.getByRole('slider', { name: 'top_k', exact: true }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Escape')
  await run(page)
  for (let step = 0; step < 4; step++) await playback(page, 'Step back').click()
  const at = await stepShown(page)
  await expect(page).toHaveURL(new RegExp(`&step=${at}$`))
  const recorded = await newestRecorded(page)
  const difficulty = { ...defaultDifficulty, facts: 5 }
  const settings = { ...settingsPresets.playground, top_k: 2 }
  const of = { task: worldTaskOf(1, 31, difficulty), policy: 'careless', seed: 31, settings, reward: 'paper-unit' } as const
  expect(recorded).toEqual(await playHeadless({ ...of, careless: defaultCareless, key: recorded.id.run }))

  const elsewhere = await freshPage(browser, baseURL, guard)
  await openApp(elsewhere, new URL(page.url()).hash)
  await expect(slider(elsewhere)).toHaveAttribute('aria-valuemax', String(recorded.steps.length))
  await expect(slider(elsewhere)).toHaveAttribute('aria-valuenow', String(at))
  expect(await sentence(elsewhere)).toBe(await sentence(page))
  await expect(elsewhere.getByRole('textbox', { name: 'Seed' })).toHaveValue('31')
  expect(await readContext(elsewhere)).toEqual(await readContext(page))
  expect(await readMemory(elsewhere)).toEqual(await readMemory(page))
  await expect.poll(() => newestRecorded(elsewhere)).toEqual(recorded)
  // It stays a link to the same thing.
  await expect(elsewhere).toHaveURL(page.url())
  await playback(elsewhere, 'Last step').click()
  await playback(page, 'Last step').click()
  expect(await readOutcome(elsewhere)).toEqual(await readOutcome(page))
  // A reload does not record it twice.
  await reload(elsewhere)
  expect(await elsewhere.evaluate(async () => (await window.agemem.listEpisodes()).length)).toBe(1)
  await elsewhere.context().close()
})

test('a link without an episode prepares it', async ({ page }) => {
  await openApp(page, '#source=scenario&scenario=scenario-study-plan&policy=store-all&seed=5')
  await expect(part(page, 'Policy')).toContainText('store-all')
  await expect(part(page, 'Task source')).toContainText('The study plan')
  await expect(control(page, 'Run')).toBeVisible()
  await run(page)
  const recorded = await newestRecorded(page)
  expect([recorded.policy, recorded.seed, recorded.task.id]).toEqual(['store-all', 5, 'scenario-study-plan'])
})

test('values that cannot be are left out and named, and the rest holds', async ({ page }) => {
  await openApp(page, '#policy=magic&seed=-3&task=0&facts=99&top_k=x&t_max=0&careless=add:7&reward=gold&n_max=1,2&colour=blue&limits=paper&updates=0.5')
  const notice = notices(page).getByRole('listitem').first()
  await expect(notice).toContainText('Parts of the link were not understood and left out.')
  await notice.getByText('Details').click()
  for (const name of ['policy=magic', 'seed=-3', 'task=0', 'facts=99', 'top_k=x', 't_max=0', 'careless=add:7', 'reward=gold', 'n_max=1,2', 'colour=blue']) await expect(notice).toContainText(name)
  await expect(notice).not.toContainText('updates=')
  await expect(part(page, 'Policy')).toContainText('nano')
  await expect(part(page, 'Task number')).toHaveText('task 1')
  await expect(page.getByRole('textbox', { name: 'Seed' })).toHaveValue('7')
  await choose(page, 'Policy', 'oracle')
  await run(page)
  const recorded = await newestRecorded(page)
  const task = worldTaskOf(1, 7, { ...defaultDifficulty, update_share: 0.5 })
  expect(recorded).toEqual(await playHeadless({ task, policy: 'oracle', settings: settingsPresets.paper, key: recorded.id.run }))
})

test('strange links do no harm', async ({ page }) => {
  const strange = ['#%', '#%E0%A4%A', '#episode=<script>', '#step=99999&episode=none', '#source=scenario&scenario=nowhere&episode=e', '#source=again&episode=e', '#task=10000001', `#policy=${'x'.repeat(5000)}`, '#careless=__proto__:1', '#step=3', '#constructor=1&__proto__=2']
  for (const hash of strange) {
    await page.goto('about:blank')
    await openApp(page, hash)
    await expect(control(page, 'Run'), hash).toBeEnabled()
    await expect(part(page, 'Policy'), hash).toContainText(hash.startsWith('#policy=x') ? 'nano' : 'oracle')
  }
  await run(page)
  expect((await newestRecorded(page)).task).toEqual(worldTaskOf(1))
})

test('a link to a task of a file says which file it needs, and plays it once the file is there', async ({ page, browser, baseURL, guard }) => {
  await openApp(page)
  await drop(page, 'musique.json', fixtureText('musique.json'))
  // Run plays what the sentence says, and the file is still being read.
  await expect(part(page, 'Task number')).toHaveText('task 1 of 3')
  await run(page)
  await expect(page).toHaveURL(/source=file&file=musique\.json&task=1.*episode=/)
  const recorded = await newestRecorded(page)
  const elsewhere = await freshPage(browser, baseURL, guard)
  await openApp(elsewhere, new URL(page.url()).hash)
  await expect(notices(elsewhere)).toContainText('This link needs musique.json')
  await drop(elsewhere, 'musique.json', fixtureText('musique.json'))
  await expect(part(elsewhere, 'Task number')).toHaveText('task 1 of 3')
  await run(elsewhere)
  expect((await newestRecorded(elsewhere)).steps.map(({ reply }) => reply)).toEqual(recorded.steps.map(({ reply }) => reply))
  await elsewhere.context().close()
})

test('a link that is put into the address of the open page is followed', async ({ page }) => {
  await openApp(page)
  await run(page)
  await expect(page).toHaveURL(/episode=/)
  const first = new URL(page.url()).hash
  await page.evaluate(() => { location.hash = '#policy=store-none&seed=9' })
  await expect(part(page, 'Policy')).toContainText('store-none')
  await expect(outcome(page)).toHaveCount(0)
  await run(page)
  await page.evaluate((hash) => { location.hash = hash }, first)
  await expect(part(page, 'Policy')).toContainText('oracle')
  await expect(outcome(page)).toContainText('The answer is right')
})

test('a link that is put into the address while the page is about to write there is followed too', async ({ page }) => {
  await openApp(page)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Models' }).evaluate((tab: HTMLElement) => {
    // Something to write, the link, and the moment to write, before the browser has told the page of the link.
    tab.click()
    location.hash = '#policy=store-none&seed=9'
    dispatchEvent(new Event('pagehide'))
  })
  await expect(part(page, 'Policy')).toContainText('store-none')
  await expect(page).toHaveURL(/policy=store-none&seed=9/)
})

test('a link with somebody’s own model shows its addresses and fetches nothing', async ({ page }) => {
  const hash = '#policy=webllm&model=mine-q0f32&model_url=https%3A%2F%2Fmodels.test%2Fmine%2F&model_library=https%3A%2F%2Fmodels.test%2Fmine.wasm'
  await openApp(page, hash)
  await control(page, 'Run').click()
  await expect(notices(page)).toContainText('nothing is fetched until you press Download')
  const brought = page.getByRole('region', { name: 'The link brought a model of somebody’s own' })
  await expect(brought).toContainText('https://models.test/mine/')
  await expect(brought).toContainText('https://models.test/mine.wasm')
  await expect(page).toHaveURL(/view=models.*model=mine-q0f32&model_url=https:%2F%2Fmodels\.test%2Fmine%2F/)
  await brought.getByRole('button', { name: 'Ignore it' }).click()
  await expect(brought).toHaveCount(0)
  await expect(page).not.toHaveURL(/model_url/)
  // Bad addresses are left out, and say so.
  await page.goto('about:blank')
  await openApp(page, hash.replace('https%3A%2F%2Fmodels.test%2Fmine%2F', 'javascript:alert(1)'))
  await expect(notices(page)).toContainText('Parts of the link were not understood')
  await control(page, 'Run').click()
  await expect(notices(page)).toContainText('mine-q0f32 is not known in this browser')
})
