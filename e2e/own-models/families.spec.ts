// Models of each family with their real tokenizers, in the page: chosen from a folder, played, and trained for a step.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultDifficulty } from '../../src/core/environments/question/sources/world.ts'
import { settingsPresets } from '../../src/core/episode/settings.ts'
import { namesOf } from '../../src/core/table.ts'
import { familyFiles, familyModels } from '../../src/models/fixtures/family-models.ts'
import { oneLesson } from '../one-lesson.ts'
import { expect as hasty, openPage, test } from '../page.ts'
import { figure, planPart, view } from '../training-page.ts'

const expect = hasty.configure({ timeout: 300_000 })
test.setTimeout(900_000)

for (const family of namesOf(familyModels)) {
  test(`${family} is loaded with its tokenizer, plays and learns`, async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), `agemem-${family}-`))
    for (const [name, bytes] of await familyFiles(family)) writeFileSync(join(folder, name), bytes)
    await openPage(page, '#view=models&policy=nano')
    const models = page.getByRole('main', { name: 'Models' })
    await models.getByText('Choose one', { exact: true }).click()
    await models.locator('input[webkitdirectory]').setInputFiles(folder)
    await models.getByRole('button', { name: 'Load it' }).click()
    await expect(models).toContainText('is ready')

    const settings = { response_limit: 24, n_max: { build: 1, resist: 1, answer: 1 } }
    const played = await page.evaluate(async (limits) => (await window.agemem.runEpisode({ policy: 'own', settings: limits })).trajectory, settings)
    expect(played.policy).toMatch(new RegExp(`^agemem-${family.replace('.', '\\.')}`))
    expect(played.steps.every(({ reply }) => (reply.token_ids?.length ?? 0) > 0)).toBe(true)

    await view(page, 'Train')
    await planPart(page, 'Model').click()
    await page.getByRole('radio', { name: new RegExp(`^agemem-${family.replace('.', '\\.')}`) }).click()
    await page.keyboard.press('Escape')
    // Its own replies differ in nothing that a reward sees, so that it learns from a teacher's. Without an evaluation: random
    // weights reply to the limit.
    const lesson = await page.evaluate(
      (options) => window.agemem.teach(options),
      oneLesson({ ...settingsPresets.quick, prompt: 'full', t_max: 2048, ...settings, n_max: { build: 2, resist: 2, answer: 2 } }, { ...defaultDifficulty, facts: 1, distractors: 1, small_talk: 0, update_share: 0 }),
    )
    expect(lesson).toMatchObject({ steps: 1, model: played.policy })
    await expect(figure(page, 'Loss').locator('strong')).toHaveText(/^\d+\.\d+$/)
  })
}
