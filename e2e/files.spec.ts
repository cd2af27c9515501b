// Task files that are dropped or chosen: every form that is promised, and every way in which a file can be wrong.
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { fixturePath, fixtureTasks, fixtureText, playHeadless } from './headless.ts'
import { choose, drop, expect, newestRecorded, notices, openApp, part, run, test } from './page.ts'

for (const [name, form] of [
  ['hotpotqa-pairs.json', 'HotpotQA as lists of pairs'],
  ['hotpotqa-dictionary.jsonl', 'HotpotQA as dictionaries, a line each'],
  ['musique.json', 'MuSiQue'],
] as const) {
  test(`a dropped file is read and played: ${form}`, async ({ page }) => {
    await openApp(page)
    await drop(page, name, fixtureText(name))
    await expect(notices(page)).toContainText(`${name}: 3 tasks read.`)
    await expect(part(page, 'Task number')).toHaveText('task 1 of 3')
    const tasks = fixtureTasks(name)
    const [, , third] = tasks
    if (!third) throw new Error('The fixture has three tasks.')
    // The list names every question of the file.
    await part(page, 'Task number').click()
    const list = page.getByRole('list', { name: 'Tasks in the file' })
    for (const task of tasks) await expect(list).toContainText(task.query)
    await list.getByRole('button', { name: third.query }).click()
    await page.keyboard.press('Escape')
    await run(page)
    const recorded = await newestRecorded(page)
    expect(recorded).toEqual(await playHeadless({ task: third, policy: 'oracle', key: recorded.id.run }))
    expect(recorded.answer).toBe(third.answer)
  })
}

test('while a file is held over the page, the page says what it takes', async ({ page }) => {
  await openApp(page)
  const carried = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['[]'], 'x.json'))
    return transfer
  })
  await page.locator('body').dispatchEvent('dragenter', { dataTransfer: carried })
  await expect(page.getByText('Drop a HotpotQA or MuSiQue file')).toBeVisible()
  await page.locator('body').dispatchEvent('dragleave', { dataTransfer: carried })
  await expect(page.getByText('Drop a HotpotQA or MuSiQue file')).toHaveCount(0)
})

test('a dropped export is taken as episodes', async ({ page }) => {
  await openApp(page)
  await run(page)
  const recorded = await newestRecorded(page)
  await drop(page, 'mine.json', JSON.stringify(recorded, null, 1))
  await expect(notices(page)).toContainText('Imported 1 episode from mine.json.')
})

test('records that do not fit are skipped and named', async ({ page }) => {
  await openApp(page)
  await drop(page, 'some-bad-records.json', fixtureText('some-bad-records.json'))
  const notice = notices(page).getByRole('listitem').first()
  await expect(notice).toContainText('some-bad-records.json: 1 task read, 2 records skipped.')
  await notice.getByText('Details').click()
  await expect(notice).toContainText('Record 2 (invented-without-answer), answer:')
  await expect(notice).toContainText('Record 3 (invented-lost-paragraph), supporting_facts.0: There is no paragraph "Pieter Vane" in context')
  await run(page)
  expect((await newestRecorded(page)).answer).toBe('Grevenholt')
})

test('a broken file is refused with what is wrong, and what was loaded is still there', async ({ page }) => {
  await openApp(page)
  await drop(page, 'musique.json', fixtureText('musique.json'))
  await expect(part(page, 'Task source')).toContainText('musique.json')

  await drop(page, 'letter.txt', 'Dear all, this is a letter.')
  await expect(notices(page)).toContainText('letter.txt is neither a JSON list nor JSON Lines: it begins with "D".')
  await expect(notices(page)).toContainText('The tasks that were loaded before are still there.')
  await drop(page, 'cut.json', fixtureText('musique.json').slice(0, 300))
  await expect(notices(page)).toContainText('The file ends in the middle of this record')
  await drop(page, 'recipes.json', JSON.stringify([{ dish: 'soup', minutes: 20 }, { dish: 'bread', minutes: 180 }]))
  await expect(notices(page)).toContainText('None of the 2 records of recipes.json fits.')
  await expect(notices(page)).toContainText('Record 1, context: It has neither context (HotpotQA) nor paragraphs (MuSiQue)')
  await drop(page, 'empty.json', '')
  await expect(notices(page)).toContainText('empty.json is empty.')

  await expect(part(page, 'Task source')).toContainText('musique.json')
  await expect(part(page, 'Task number')).toHaveText('task 1 of 3')
  await run(page)
  expect((await newestRecorded(page)).answer).toBe('Estmark')
})

test('a Parquet file is read, with what reads it fetched only then, and a gzipped one', async ({ page }) => {
  const fetched: string[] = []
  page.context().on('request', (request) => fetched.push(request.url()))
  await openApp(page)
  await drop(page, 'musique.json.gz', gzipSync(fixtureText('musique.json')))
  await expect(notices(page)).toContainText('musique.json.gz: 3 tasks read.')
  expect(fetched.filter((url) => url.includes('parquet'))).toEqual([])
  await drop(page, 'hotpotqa.parquet', readFileSync(fixturePath('../../src/lab/files/fixtures/hotpotqa.parquet')))
  await expect(notices(page)).toContainText('hotpotqa.parquet: 5 tasks read.')
  await run(page)
  expect((await newestRecorded(page)).answer).toBe('Harrow Bay')
})

test('what is no file of tasks is named', async ({ page }) => {
  await openApp(page)
  await drop(page, 'train.json', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1000\n')
  await expect(notices(page)).toContainText('train.json cannot be read. It is a Git LFS pointer')
  await drop(page, 'train.json', '<!doctype html><title>Sign in</title>')
  await expect(notices(page)).toContainText('It is a web page and not the file')
})

test('of more than 60 MB of tasks the first records are read, and as many episodes are refused', async ({ page }, info) => {
  const large = info.outputPath('large.json')
  const [record]: unknown[] = JSON.parse(fixtureText('hotpotqa-pairs.json'))
  const pad = `${JSON.stringify({ pad: 'x'.repeat(3_900_000) })}\n`
  writeFileSync(large, `${JSON.stringify(record)}\n${pad.repeat(17)}`)
  await openApp(page)
  await drop(page, 'musique.json', fixtureText('musique.json'))
  await part(page, 'Task source').click()
  await page.getByRole('dialog', { name: 'Task source' }).getByLabel('Choose another file').setInputFiles(large)
  await expect(notices(page)).toContainText('large.json: 1 task read, 16 records skipped. Only the first 17 records were read: the file has 63 MB, and reading ends after 60 MB of text.')
  await page.keyboard.press('Escape')
  await expect(part(page, 'Task source')).toContainText('large.json')

  await page.getByRole('button', { name: 'Episodes' }).click()
  await page.getByLabel('Import episodes').setInputFiles(large)
  await expect(notices(page)).toContainText('large.json was not imported. The file has 64 MB; 60 MB is the limit.')
  await rm(large)
})

test('without a file, the file source says what it needs', async ({ page }) => {
  await openApp(page)
  await choose(page, 'Task source', 'A file')
  await expect(page.getByRole('heading', { name: 'Drop a HotpotQA or MuSiQue file here' })).toBeVisible()
  await page.getByRole('main').getByLabel('Choose a file').setInputFiles(fixturePath('musique.json'))
  await expect(part(page, 'Task number')).toHaveText('task 1 of 3')
})

/** A HotpotQA record whose second fact goes on for so many words. */
function longRecord(id: string, words: number): object {
  const context = [
    ['Ada Quill', ['Ada Quill was born in Brackwater.']],
    ['Brackwater', [`Brackwater is a town on the river Lumen, ${'with a mill '.repeat(words / 3)}and a fair.`]],
  ]
  return { _id: id, question: 'Which river flows through the town where Ada Quill was born?', answer: 'Lumen', context, supporting_facts: [['Ada Quill', 0], ['Brackwater', 0]] }
}

const longFile = JSON.stringify([longRecord('short', 3), longRecord('long', 1200), longRecord('longer', 1500)])

test('of a file whose tasks do not fit the page says what they need, and makes room', async ({ page }) => {
  await openApp(page)
  await drop(page, 'long.json', longFile)
  const notice = notices(page).getByRole('listitem').filter({ hasText: 'T_max is 1,024' })
  await expect(notice).toContainText(/long\.json: 2 of 3 tasks need [12],\d{3} to \d,\d{3} tokens for what is told and asked alone, and T_max is 1,024\./)
  const button = notice.getByRole('button', { name: /^T_max \d,\d{3}$/ })
  const tMax = (await button.innerText()).replace('T_max ', '')
  await button.click()
  await expect(part(page, 'Experiment settings')).toContainText(`a window of ${tMax} tokens`)
  await expect(notice).toHaveCount(0)
})

test('where the model takes no more, the page offers the tasks that fit, and marks a T_max beyond its window', async ({ page }) => {
  await openApp(page, '#policy=nano&t_max=2048')
  await expect(part(page, 'Experiment settings')).toContainText('a window of 2,048 tokens (the model takes 1,024)')
  await drop(page, 'long.json', longFile)
  const notice = notices(page).getByRole('listitem').filter({ hasText: 'nano takes 1,024 at once' })
  await expect(notice).toContainText('2 of 3 tasks need')
  await notice.getByRole('button', { name: 'Keep the 1 that fits' }).click()
  await expect(part(page, 'Task number')).toHaveText('task 1 of 1')
})

test('a reply of nothing but openings does not hold the page up', async ({ page }) => {
  await openApp(page)
  await run(page)
  const recorded = await newestRecorded(page)
  const hostile = '<tool_call>['.repeat(10_900)
  const steps = recorded.steps.map((step) => ({
    ...step,
    reply: { ...step.reply, text: hostile },
    after: step.after.map((event) => (event.type === 'stm.append' && event.message.kind === 'reply' ? { ...event, message: { ...event.message, content: hostile } } : event)),
  }))
  await drop(page, 'hostile.json', JSON.stringify({ ...recorded, steps }))
  await expect(notices(page)).toContainText('Imported 1 episode from hostile.json.')
  const longest = await page.evaluate(async () => {
    let longest = 0
    let last = performance.now()
    for (let i = 0; i < 30; i++) {
      await new Promise((resolve) => { setTimeout(resolve, 20) })
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))
    }
    return longest
  })
  // Twelve thousand of them took 2.9 s for each time that the memory panel was drawn.
  expect(longest).toBeLessThan(1500)
})
