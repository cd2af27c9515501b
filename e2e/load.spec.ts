// The first seconds: how the page is served, what it asks for, and what somebody sees who has never been here.
import { conversation, control, expect, notices, openApp, outcome, part, speed, stepShown, test } from './page.ts'

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
  const asked: string[] = []
  context.on('request', (request) => asked.push(new URL(request.url()).origin))
  await openApp(page)
  await control(page, 'Run').click()
  await speed(page).selectOption('max')
  await expect(outcome(page)).toBeVisible()
  expect(asked.length).toBeGreaterThanOrEqual(5)
  expect(new Set(asked)).toEqual(new Set([baseURL]))
})

test('on the first visit nano plays an episode by itself, with captions, then hands over', async ({ page }) => {
  await page.goto('./')
  const introduction = page.getByRole('complementary', { name: 'Introduction' })
  await expect(introduction).toContainText('It listens and decides what to keep.')
  await expect(part(page, 'Policy')).toContainText('nano')
  await expect(conversation(page)).toBeVisible()
  await speed(page).selectOption('max')
  await expect(outcome(page)).toBeVisible()
  await expect(introduction).toContainText('Your turn: press Train.')
  await introduction.getByRole('button', { name: 'Got it' }).click()
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

test('somebody who asked for less motion reads the introduction at their own pace', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./')
  const introduction = page.getByRole('complementary', { name: 'Introduction' })
  const next = introduction.getByRole('button', { name: 'Next' })
  await expect(next).toBeVisible()
  expect(await stepShown(page)).toBe(1)
  await next.click()
  await expect(introduction).toContainText('The conversation is wiped.')
  await next.click()
  // nano may answer at once: then the last stage is its end.
  await expect(introduction).toContainText(/Now the question\.|Your turn/)
  if (await next.isVisible()) await next.click()
  await expect(outcome(page)).toBeVisible()
  await expect(introduction).toContainText('Your turn')
})
