// The first seconds: how the page is served, what it asks for, and what somebody sees who has never been here.
import type { Locator } from '@playwright/test'
import { choose, control, expect, notices, openApp, outcome, part, run, stepShown, test } from './page.ts'

test('is cross-origin isolated, carries its policy, and starts its workers', async ({ page, guard }) => {
  guard.allow(/inline script violates/)
  await openApp(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
  expect(policy).toContain("default-src 'self'")
  expect(policy).toContain("object-src 'none'")
  // The policy works: what it forbids does not happen.
  expect(
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.name = "injected"'
      document.head.append(script)
      return window.name
    }),
  ).toBe('')
  // Threads of the model's are workers of their own.
  await expect.poll(() => [...new Set(page.workers().map((worker) => /(\w+)\.worker/.exec(worker.url())?.[1]))].sort()).toEqual(['lab', 'memory', 'model'])
})

test('asks nothing of any other origin, from the first byte to the end of an episode', async ({ page, context, baseURL }) => {
  const asked: URL[] = []
  context.on('request', (request) => asked.push(new URL(request.url())))
  await openApp(page)
  await run(page)
  expect(asked.length).toBeGreaterThanOrEqual(5)
  expect(new Set(asked.map(({ origin }) => origin))).toEqual(new Set([baseURL]))

  // Rules have played: no model was fetched for them, and nano is as soon as it is to play.
  const ofModels = () => asked.map(({ pathname }) => pathname).filter((path) => /\.(wasm|safetensors)$/.test(path))
  expect(ofModels()).toEqual([])
  await choose(page, 'Policy', 'nano')
  await expect.poll(ofModels).toEqual(expect.arrayContaining([expect.stringMatching(/ort-wasm.*\.wasm$/), '/models/nano/model.safetensors']))
})

test('on the first visit nano plays a task before and after training, by itself, then hands over', async ({ page }) => {
  test.slow()
  // Whoever is shown something is not asked to press anything, not for a moment between two plays.
  await page.addInitScript(() => {
    const asked: string[] = []
    Object.assign(window, { asked })
    new MutationObserver(() => {
      const title = document.querySelector('.empty h2')?.textContent
      if (title) asked.push(title)
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto('./')
  const introduction = page.getByRole('complementary', { name: 'Introduction' })
  await expect(introduction).toContainText('nano as it comes decides what to keep.')
  await expect(part(page, 'Policy')).toHaveText('nano')
  // It points at what it speaks of.
  const light = page.locator('.spotlight')
  await expect(light).toBeVisible()
  const around = async (of: Locator) => {
    const [outer, inner] = [await light.boundingBox(), await of.boundingBox()]
    return outer !== null && inner !== null && Math.abs(outer.x - inner.x) < 10 && Math.abs(outer.width - inner.width) < 20
  }
  await expect.poll(() => around(page.getByRole('region', { name: 'Long-term memory', exact: true }))).toBe(true)
  // The trained adapter is fetched for the second play, not before the first.
  const adapters: string[] = []
  page.on('request', (request) => { if (request.url().endsWith('.safetensors')) adapters.push(request.url()) })
  await expect(introduction).toContainText('The conversation is wiped.', { timeout: 30_000 })
  expect(adapters.filter((url) => url.includes('/runs/'))).toEqual([])
  // It goes on by itself; whoever has read enough goes on at once, or stops it.
  await introduction.getByRole('button', { name: 'Pause' }).click()
  const here = await stepShown(page)
  await page.waitForTimeout(1500)
  expect(await stepShown(page)).toBe(here)
  const next = introduction.getByRole('button', { name: 'Next' })
  await next.click()
  await expect(introduction).toContainText('Now the question.')
  await introduction.getByRole('button', { name: 'Go on' }).click()
  await expect(introduction).toContainText('It forgot. It did not know: it never stored', { timeout: 10_000 })
  await expect(outcome(page)).toContainText('It did not know: it never stored')
  await expect.poll(() => around(page.getByRole('region', { name: 'Reward', exact: true }))).toBe(true)
  // Six seconds at most at any place.
  await expect(part(page, 'Policy')).toHaveText('nano, trained', { timeout: 7500 })
  await expect(introduction).toContainText('The same task, after training.')
  for (const caption of ['Wiped again', 'The same question.', 'It remembered. Right: it stored the fact']) {
    await expect(async () => {
      if (!(await introduction.innerText()).includes(caption)) await next.click()
      await expect(introduction).toContainText(caption, { timeout: 500 })
    }).toPass()
  }
  await expect(introduction).toContainText('Train it yourself.', { timeout: 7500 })
  expect(await page.evaluate<unknown>('asked')).toEqual([])
  await introduction.getByRole('button', { name: 'Look around' }).click()
  await expect(introduction).toHaveCount(0)
  // Run now plays the next task.
  await expect(part(page, 'Task number')).toHaveText('task 2')
})

test('the introduction can be skipped, is not shown again, and can be called back', async ({ page }) => {
  await page.goto('./')
  const introduction = page.getByRole('complementary', { name: 'Introduction' })
  await introduction.getByRole('button', { name: 'Skip' }).click()
  await expect(introduction).toHaveCount(0)
  await expect(notices(page).getByRole('listitem')).toHaveCount(0)

  await page.goto('about:blank')
  await page.goto('./')
  await expect(control(page, 'Run')).toBeVisible()
  await expect(page.getByRole('heading', { name: /Press Run to watch/ })).toBeVisible()
  await expect(introduction).toHaveCount(0)

  await page.getByRole('button', { name: 'Help' }).click()
  await page.getByRole('button', { name: 'Show the introduction again' }).click()
  await expect(introduction).toBeVisible()
})

test('somebody who asked for less motion reads the introduction at their own pace, in their language', async ({ page }) => {
  test.slow()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.addInitScript(() => { localStorage.setItem('agemem.language', 'zh') })
  await page.goto('./')
  const introduction = page.getByRole('complementary', { name: '引导' })
  const next = introduction.getByRole('button', { name: '下一步' })
  await expect(page.locator('.spotlight')).toBeVisible()
  // Nothing goes on by itself.
  await page.waitForTimeout(4500)
  await expect(introduction).toContainText('未经训练的 nano')
  for (const caption of ['对话被清空了', '现在提问', '它忘了。']) {
    await expect(async () => {
      if (!(await introduction.innerText()).includes(caption)) await next.click()
      await expect(introduction).toContainText(caption, { timeout: 500 })
    }).toPass()
  }
  await next.click()
  await expect(introduction).toContainText('同一个任务，训练之后。')
  await expect(page.locator('.spotlight')).toBeVisible()
  for (const caption of ['对话再次清空', '同样的问题', '它记住了。']) {
    await expect(async () => {
      if (!(await introduction.innerText()).includes(caption)) await next.click()
      await expect(introduction).toContainText(caption, { timeout: 500 })
    }).toPass()
  }
  await next.click()
  await introduction.getByRole('button', { name: '自己来训练' }).click()
  await expect(page.getByRole('main')).toHaveAccessibleName('训练')
})

test('a finished run comes with the page: charts, rollouts, adapters, a comparison, until somebody hides it', async ({ page }) => {
  test.slow()
  await page.addInitScript(() => {
    try {
      localStorage.setItem('agemem.tour', 'seen')
    } catch {
      // about:blank keeps nothing.
    }
  })
  await page.goto('./#view=train')
  const training = page.getByRole('main')
  await expect(training).toContainText('What a finished run looks like')
  await expect(training).toContainText('This run came with the page: quick, seed 1.')
  await expect(training.getByRole('figure').first()).toBeVisible()
  // Its lines are drawn.
  await training.getByRole('figure').first().scrollIntoViewIfNeeded()
  await expect(training.locator('figure .recharts-line-curve[d^="M"]').first()).toBeVisible()
  const views = page.getByRole('navigation', { name: 'Views' })
  await views.getByRole('button', { name: 'Group' }).click()
  await expect(page.getByRole('list', { name: 'Rollouts' }).getByRole('listitem').first()).toBeVisible()
  await expect(page).toHaveURL(/run=came-with-the-page/)
  await views.getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByRole('region', { name: 'Results' })).toContainText('nano after 46 steps')
  await views.getByRole('button', { name: 'Checkpoints' }).click()
  await expect(page.getByRole('row')).toHaveCount(4)
  // Hidden, and there again for whoever follows a link to it.
  await views.getByRole('button', { name: 'Train' }).click()
  await page.getByRole('button', { name: /quick, seed 1/ }).first().click()
  await page.getByRole('button', { name: 'More for “quick, seed 1”' }).click()
  await page.getByRole('menuitem', { name: 'Hide' }).click()
  await expect(notices(page)).toContainText('is hidden')
  await expect(training).not.toContainText('This run came with the page')
  await page.goto('about:blank')
  await page.goto('./#view=train')
  await expect(page.getByRole('button', { name: 'Show the run that came with the page' })).toBeVisible()
  await page.goto('about:blank')
  await page.goto('./#view=train&run=came-with-the-page')
  await expect(training).toContainText('This run came with the page: quick, seed 1.')
})
