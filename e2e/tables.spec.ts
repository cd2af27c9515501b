// Tables of rollouts and episodes, and comparisons: what they are narrowed to is a link, they go out as files, in both
// languages.
import { readFileSync } from 'node:fs'
import type { Download, Page } from '@playwright/test'
import { expect, openApp, openLibrary, run, test } from './page.ts'
import { view } from './training-page.ts'

const textOf = async (download: Promise<Download>) => readFileSync(await (await download).path(), 'utf8')
const told = (page: Page) => page.getByRole('search').getByRole('status')

test('what a table is narrowed to is in its address, and its lines go out as CSV', async ({ page, context }) => {
  test.slow()
  await openApp(page, '#view=group&run=came-with-the-page')
  const grid = page.getByRole('grid', { name: 'All rollouts of the run' })
  await expect(grid).toBeVisible()
  await expect(told(page)).toHaveText(/^(\d+) \/ \1$/)
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('right')
  await page.getByRole('combobox', { name: 'Tool' }).selectOption('Update_memory')
  await page.getByRole('spinbutton', { name: 'Reward from' }).fill('0.5')
  await grid.getByRole('columnheader', { name: 'Reward' }).getByRole('button').click()
  await expect(page).toHaveURL(/outcome=right&used=Update_memory&reward_from=0\.5&sort=-reward/)
  const narrowed = await told(page).innerText()
  const count = Number(narrowed.split(' / ')[0])
  expect(count).toBeGreaterThan(0)
  expect(narrowed).not.toMatch(/^(\d+) \/ \1$/)

  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const [head = '', ...lines] = (await textOf(file)).trimEnd().split('\n')
  expect(head).toMatch(/^key,step,group,rollout,task,expected,answer,outcome,reward,turns,tool_calls\/Add_memory/)
  expect(lines).toHaveLength(count)
  for (const line of lines) expect(line).toContain(',right,')

  // Another tab that follows the link finds the same lines, in the same order.
  const elsewhere = await context.newPage()
  await openApp(elsewhere, new URL(page.url()).hash)
  await expect(told(elsewhere)).toHaveText(narrowed)
  await expect(elsewhere.getByRole('columnheader', { name: 'Reward' })).toHaveAttribute('aria-sort', 'descending')
  await elsewhere.close()

  // Of episodes too; Back comes to the table as it was.
  await view(page, 'Watch')
  await run(page)
  await openLibrary(page)
  await page.getByRole('searchbox').fill('nobody said this')
  await expect(page).toHaveURL(/view=episodes.*find=nobody\+said\+this/)
  await expect(told(page)).toHaveText('0 / 1')
  await page.goto('about:blank')
  await page.goto('./#view=episodes&outcome=right')
  await expect(told(page)).toHaveText('1 / 1')
  const list = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  expect(await textOf(list)).toMatch(/^key,policy,agent,source,status,recorded,task,expected,answer,outcome.*\n[\w-]+,oracle,agemem,world,complete,/)
})

test('a comparison is kept, is a link, and goes out as CSV', async ({ page }) => {
  test.slow()
  await openApp(page, '#view=compare')
  const setup = page.getByRole('region', { name: 'What is compared' })
  const choose = async (player: string, policy: string) => {
    await setup.getByRole('button', { name: new RegExp(`^${player}:`) }).click()
    await page.getByRole('radio', { name: policy, exact: true }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await choose('Policy 1', 'store-none')
  await choose('Policy 2', 'oracle')
  await setup.getByRole('button', { name: /^Tasks:/ }).click()
  await page.getByRole('slider', { name: 'Held-out tasks' }).press('Home')
  await page.keyboard.press('Escape')
  await setup.getByRole('button', { name: 'Compare', exact: true }).click()
  const results = page.getByRole('region', { name: 'Results' })
  await expect(results).toContainText('store-none', { timeout: 60_000 })
  await expect(page).toHaveURL(/compared=[\w-]+/)
  const link = new URL(page.url()).hash

  // It is listed for whoever comes back without the link, and the link opens it.
  await page.goto('about:blank')
  await page.goto('./#view=compare')
  const earlier = page.getByRole('region', { name: 'Earlier comparisons' })
  await expect(earlier.getByRole('button', { name: 'store-none · oracle, 8 tasks' })).toBeVisible()
  await page.goto('about:blank')
  await page.goto(`./${link}`)
  await expect(results).toContainText('store-none')
  await expect(earlier).toHaveCount(0)
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const [head = '', ...lines] = (await textOf(file)).trimEnd().split('\n')
  expect(head).toBe('quantity,policy,agent,mean,low,high,tasks,seed')
  expect(lines.filter((line) => line.startsWith('success,')).map((line) => line.split(',').slice(0, 4).join(','))).toEqual(['success,store-none,agemem,0', 'success,oracle,agemem,1'])
  for (const line of lines) expect(line).toMatch(/,8,\d+$/)
})

test('tables speak Chinese', async ({ browser, baseURL, guard }) => {
  const context = await browser.newContext({ locale: 'zh-CN', baseURL })
  guard.watch(context)
  const page = await context.newPage()
  await page.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
  await page.goto('./#view=group&run=came-with-the-page&outcome=wrong&sort=-reward')
  const grid = page.getByRole('grid')
  await expect(grid).toBeVisible()
  // Behind their questions and answers, which are the experiment's, there is no English in any line or head.
  await expect(grid.getByRole('columnheader')).toHaveText(['步', '轨迹', '任务', '答案', '工具', '轮数', '奖励', '优势', /./])
  await expect(page.getByRole('search')).not.toContainText(/[A-Za-z]{4,}/)
  await expect(page.getByRole('combobox', { name: '结果' })).toHaveValue('wrong')
  await page.getByRole('spinbutton', { name: '奖励下限' }).fill('9')
  await expect(page.getByText('没有符合条件的结果。换个关键词，或清除筛选。')).toBeVisible()
  await page.getByRole('button', { name: '清除筛选' }).click()
  await expect(page).not.toHaveURL(/reward_from|outcome/)
  await context.close()
})
