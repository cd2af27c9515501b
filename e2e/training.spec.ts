// Training in the built page, with the embedded model: from the plan to charts, rollouts, weights, checkpoints and the
// comparison with the base model; what survives a reload, and what comes back from a file.
import { readFileSync } from 'node:fs'
import type { Page, Worker } from '@playwright/test'
import { unzipSync, zipSync } from 'fflate'
import { control, expect, notices, openPage, readNumber, slider, test } from './page.ts'
import { columns, figure, planShortly, plot, press, rewards, runs, training, view } from './training-page.ts'

/** Nothing sticks out at the side, in a wide and in a narrow window. */
async function expectFits(page: Page): Promise<void> {
  for (const width of [800, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
}

/** Those of the replicas, when they are idle: what is at work, and a thread that waits for work, gives no answer. */
async function replicaWorkers(page: Page): Promise<Worker[]> {
  const found = page.workers().filter((worker) => worker.url().includes('model.worker'))
  const names = await Promise.all(found.map((worker) => Promise.race([worker.evaluate(() => self.name), page.waitForTimeout(3000)])))
  return found.filter((_, i) => names[i] === 'replica')
}

test('train, look at the rollouts, weigh anew, reload, go on, export, import, compare', async ({ page }) => {
  test.setTimeout(600_000)
  await openPage(page)
  await planShortly(page, 3, 3)
  await training(page, 'Train').click()
  await test.step('a rollout plays while it trains, here and in Watch; Run shows it, and no error', async () => {
    const live = page.getByRole('region', { name: 'A rollout of this step, live' })
    await expect(live).toContainText(/held-out task, before training|Rollout 1 of step/, { timeout: 120_000 })
    await live.getByRole('button', { name: 'Watch' }).click()
    await expect(slider(page)).toBeVisible()
    await control(page, 'Run').click()
    await expect(notices(page)).toContainText('nano is being trained')
    await expect(page.getByRole('main')).not.toContainText('could not go on')
    await view(page, 'Train')
  })
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('3', { timeout: 240_000 })
  await expect(notices(page)).toContainText('has made its 3 steps', { timeout: 120_000 })

  await test.step('the charts have moved', async () => {
    await expect(plot(page, 'Reward')).toHaveAccessibleName(/at step 1, .* at step 3; .*On held-out tasks .* at step 3/)
    await expect(plot(page, 'Tool calls per episode')).toHaveAccessibleName(/Add: .* at step 3/)
    await expect(page.locator('.recharts-line').first()).toBeVisible()
    await page.getByRole('figure', { name: 'Learning rate' }).scrollIntoViewIfNeeded()
    await expect(page.getByRole('figure', { name: 'Learning rate' }).locator('.recharts-cartesian-axis-tick-value[text-anchor=end]').first()).toBeVisible()
    // A label that is cut off on its left reads as another number.
    const cut = () => page.locator('.recharts-cartesian-axis-tick-value[text-anchor=end]').evaluateAll((labels) => labels.filter((label) => label.getBoundingClientRect().left < (label.closest('svg')?.getBoundingClientRect().left ?? 0)).map((label) => label.textContent))
    expect(await cut()).toEqual([])
    await page.getByRole('button', { name: 'Reward as a table', exact: true }).click()
    await expect(page.getByRole('region', { name: 'Reward, numbers', exact: true }).getByRole('row')).toHaveCount(4)
    await page.getByRole('button', { name: 'Reward as a table', exact: true }).click()
    await expectFits(page)
  })

  await test.step('what was learnt is not told from three steps; the next run’s duration is', async () => {
    await expect(page.getByRole('main')).toContainText('Too early to say what it has learnt')
    await runs(page).getByRole('button', { name: 'New run', exact: true }).click()
    await expect(page.getByRole('region', { name: 'Plan of the run' })).toContainText(/Own plan: 3 steps.*about \d+ (s|min)/)
    await runs(page).getByRole('button', { name: /^own plan 1/ }).click()
  })

  await test.step('a chart is zoomed, put on another axis, enlarged, and saved', async () => {
    const chart = page.getByRole('figure', { name: 'Reward', exact: true })
    await chart.scrollIntoViewIfNeeded()
    const box = await plot(page, 'Reward').boundingBox()
    if (!box) throw new Error('The chart is not on the page.')
    await page.mouse.move(box.x + box.width / 2, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 14, box.y + 40, { steps: 4 })
    await page.mouse.up()
    const labels = () => chart.locator('.recharts-cartesian-axis-tick-value[text-anchor=middle]').allTextContents()
    await expect(page.getByRole('slider', { name: 'From' })).not.toHaveAttribute('aria-valuenow', '0')
    await expect.poll(labels).not.toContain('0')
    await page.getByRole('button', { name: 'Whole run' }).click()
    await expect.poll(labels).toContain('0')
    await page.getByRole('combobox', { name: 'x axis' }).selectOption('time')
    await expect.poll(async () => (await labels()).every((label) => /^\d+:\d\d/.test(label))).toBe(true)
    await page.getByRole('combobox', { name: 'x axis' }).selectOption('step')
    const more = async (line: string) => {
      await chart.getByRole('button', { name: 'More for “Reward”' }).click()
      const download = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: line }).click()
      return readFileSync(await (await download).path())
    }
    expect((await more('Save as SVG')).toString()).toMatch(/^<svg [^]*>Reward<\/text>[^]*<path/)
    expect([...(await more('Save as PNG')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    expect((await more('Save numbers as CSV')).toString().split('\n')[0]).toBe('run,step,seconds,reward,reward/held_out,reward/held_out/low,reward/held_out/high')
    await chart.getByRole('button', { name: 'More for “Reward”' }).click()
    await page.getByRole('menuitem', { name: 'Logarithmic axis' }).click()
    await chart.getByRole('button', { name: 'Enlarge Reward' }).click()
    const large = page.getByRole('dialog', { name: 'Reward' })
    expect((await large.getByRole('img').first().boundingBox())?.width).toBeGreaterThan(1000)
    await large.getByRole('button', { name: 'Close' }).click()
  })

  await test.step('a click on a chart opens the rollouts of that step', async () => {
    const box = await plot(page, 'Right answers').boundingBox()
    if (!box) throw new Error('The chart is not on the page.')
    await page.mouse.click(box.x + box.width - 11, box.y + box.height / 2)
    await expect(page.getByRole('spinbutton', { name: 'Step of the run' })).toHaveValue('3')
    await expect(columns(page)).toHaveCount(4)
    await expectFits(page)
  })

  await test.step('weights score them anew at once', async () => {
    const before = await rewards(page)
    await page.getByRole('slider', { name: 'w_context, context' }).press('End')
    await expect.poll(() => rewards(page)).not.toEqual(before)
    await expect(page.locator('.group-changes')).toContainText(/rollout|Rollout/)
    expect(readNumber((await page.locator('.weights-took').innerText()).replace(/^\d+ rollouts/, ''))).toBeLessThan(16)
    await page.getByRole('button', { name: 'As trained' }).click()
    expect(await rewards(page)).toEqual(before)
  })

  await test.step('its tokens say what the update did to them', async () => {
    await page.getByRole('button', { name: /^Tokens of rollout/ }).click()
    const tokens = page.getByRole('list', { name: 'Tokens of this rollout' })
    const told = page.getByRole('region', { name: 'What the update did to tokens' })
    // A group that taught nothing has no tokens to show, and says so.
    await expect(told).toContainText(/times as likely as before|the update left it out/, { timeout: 60_000 })
    if (await tokens.isVisible()) {
      const first = tokens.getByRole('img').first()
      await expect(first).toHaveAccessibleName(/log π −?\d\.\d\d to −?\d\.\d\d, gradient/)
      await first.focus()
      await page.keyboard.press('ArrowRight')
      await expect(tokens.getByRole('img').nth(1)).toBeFocused()
      await expect(page.getByRole('tooltip')).toContainText('A · w · ρ')
    }
    await expectFits(page)
    await page.getByRole('button', { name: /^Tokens of rollout/ }).click()
  })

  await test.step('keys choose a rollout and open it in Watch', async () => {
    await page.getByRole('region', { name: 'Group' }).focus()
    await page.keyboard.press('2')
    await expect(page.locator('.formula-line')).toContainText('rollout 2')
    await page.keyboard.press('Enter')
    await expect(slider(page)).toBeVisible()
    await expect(page.getByRole('region', { name: 'Outcome' })).toBeVisible()
  })

  await test.step('it says where it is from; the table of all rollouts is searched, filtered, and left for one of them', async () => {
    const from = page.getByRole('navigation', { name: 'Where this rollout is from' })
    await expect(from).toContainText('own plan 1')
    await expect(from).toContainText('played by nano after 2 steps of training')
    await from.getByRole('button', { name: 'step 3' }).click()
    await page.getByRole('button', { name: 'All rollouts' }).click()
    const grid = page.getByRole('grid', { name: 'All rollouts of the run' })
    const told = page.getByRole('search').getByRole('status')
    await expect(told).toHaveText('12 / 12')
    await page.getByRole('spinbutton', { name: 'Step from' }).fill('3')
    await expect(told).toHaveText('4 / 12')
    await page.getByRole('searchbox').fill('no rollout says this')
    await expect(told).toHaveText('0 / 12')
    await page.getByRole('searchbox').fill('')
    await grid.getByRole('columnheader', { name: 'Reward' }).getByRole('button').click()
    await expect(grid.getByRole('columnheader', { name: 'Reward' })).toHaveAttribute('aria-sort', 'descending')
    await expectFits(page)
    await grid.locator('.grid-lines').getByRole('row').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(slider(page)).toBeVisible()
    await from.getByRole('button', { name: 'all rollouts' }).click()
    await expect(told).toHaveText('4 / 12')
  })

  await test.step('a reload keeps the run, and it goes on', async () => {
    await page.goto('./')
    await view(page, 'Train')
    await runs(page).getByRole('button', { name: /^own plan 1/ }).click()
    await expect(figure(page, 'Steps')).toContainText('3')
    await training(page, 'Step').click()
    await expect(figure(page, 'Steps').locator('strong')).toHaveText('4', { timeout: 120_000 })
    await expect(training(page, 'Step')).toBeEnabled({ timeout: 60_000 })
    await expect(plot(page, 'Reward')).toHaveAccessibleName(/at step 1, .* at step 4/)
  })

  await test.step('an adapter goes out in PEFT’s form and comes back', async () => {
    await view(page, 'Checkpoints')
    const newest = page.getByRole('row', { name: /own plan 1/ }).first()
    await newest.getByRole('button', { name: /^More for/ }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export for PEFT (zip)' }).click()
    const path = await (await download).path()
    expect(Object.keys(unzipSync(readFileSync(path))).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    await newest.getByRole('button', { name: /^More for/ }).click()
    const other = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export for TRL (zip)' }).click()
    const forTrl = unzipSync(readFileSync(await (await other).path()))
    expect(forTrl['adapter/adapter_model.safetensors']).toEqual(unzipSync(readFileSync(path))['adapter_model.safetensors'])
    expect(Object.keys(forTrl)).toEqual(expect.arrayContaining(['README.md', 'train_agemem.py', 'trl_config.json', 'tasks/train.jsonl', 'tasks/held_out.jsonl']))
    await page.getByLabel('Import an adapter').setInputFiles({ name: 'from outside.zip', mimeType: 'application/zip', buffer: readFileSync(path) })
    await expect(page.getByRole('row', { name: /from outside/ })).toContainText('imported')
    const files = unzipSync(readFileSync(path))
    // The last value as NaN.
    files['adapter_model.safetensors']?.set([0, 0, 0xc0, 0x7f], files['adapter_model.safetensors'].length - 4)
    await page.getByLabel('Import an adapter').setInputFiles({ name: 'spoilt.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync(files)) })
    await expect(notices(page)).toContainText('spoilt was not imported')
    await expect(notices(page)).toContainText('is NaN, no number that can be computed with')
    await expect(page.getByRole('row', { name: /spoilt/ })).toHaveCount(0)
    await expectFits(page)
  })

  await test.step('the imported adapter is compared with the base model', async () => {
    await page.getByRole('button', { name: 'More for “from outside”' }).click()
    await page.getByRole('menuitem', { name: 'Compare with the base model' }).click()
    const sentence = page.getByRole('region', { name: 'What is compared' })
    await sentence.getByRole('button', { name: /^Tasks:/ }).click()
    await press(page, 'Held-out tasks', 'Home')
    await page.keyboard.press('Escape')
    await sentence.getByRole('button', { name: 'Compare', exact: true }).click()
    await expect(page.getByRole('region', { name: 'Results' }).getByRole('row', { name: /^Right answers/ })).toBeVisible({ timeout: 240_000 })
    await expect(page.getByRole('region', { name: /Tool calls beside/ }).getByRole('row', { name: /^Add/ })).toContainText('0.92 → 1.64')
    await expect(page.getByRole('region', { name: 'Two episodes in parallel' }).getByRole('region', { name: 'Conversation' })).toHaveCount(2)
    await expectFits(page)
  })
})

test('a replica dies in the middle of a step: the run says so, and goes on with other ones', async ({ page }) => {
  test.setTimeout(300_000)
  await openPage(page)
  await planShortly(page, 2, 0)
  await training(page, 'Step').click()
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('1', { timeout: 120_000 })
  const replicas = await replicaWorkers(page)
  expect(replicas.length).toBe(Math.min(await page.evaluate(() => navigator.hardwareConcurrency), 4))
  await training(page, 'Resume').click()
  // Before that it may still be idle: replicas that lost one then are replaced without a word.
  await expect(page.getByRole('main')).toContainText(/playing the rollouts, [1-9]/, { timeout: 60_000 })
  const [first] = replicas
  const gone = first?.waitForEvent('close')
  void first?.evaluate(() => { close() }).catch(() => undefined)
  await gone
  await expect(page.getByRole('main')).toContainText('The replica worker is gone', { timeout: 60_000 })
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('1')
  await training(page, 'Resume').click()
  await expect(figure(page, 'Steps').locator('strong')).toHaveText('2', { timeout: 120_000 })
})
