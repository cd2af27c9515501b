// Real weights in the built page, in Chromium on wasm: the GGUF file is chosen, an episode is played within the grammar, one
// supervised and one GRPO step are taken. Small tasks and short replies: what is checked is that everything goes through, not that it is good.
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { build, preview } from 'vite'
import { findChromium } from '../../scripts/find-chromium.mjs'
import { defaultDifficulty } from '../../src/core/environments/question/sources/world.ts'
import { settingsPresets } from '../../src/core/episode/settings.ts'
import type {} from '../../src/app/console.ts'
import { oneLesson } from '../one-lesson.ts'
import type { Check } from '../outside/checks.ts'
import { peakMemory } from '../outside/peak-memory.ts'

/** Minutes that each thing may take: a busy machine with two cores needs some. */
const patience = 25 * 60_000
const root = join(import.meta.dirname, '../..')

const task = { ...defaultDifficulty, facts: 1, distractors: 1, small_talk: 0, one_hop: 1, two_hop: 0, comparison: 0, update: 0, update_share: 0 }
const episode = { ...settingsPresets.quick, prompt: 'full', t_max: 2048, response_limit: 48, n_max: { build: 2, resist: 2, answer: 2 }, exchanges: 1 } as const
/** Long enough for replies to end by themselves at different lengths: rollouts that are all paid the same teach nothing. */
const training = { ...episode, response_limit: 160, n_max: { build: 1, resist: 1, answer: 1 } } as const

async function choose(page: Page, path: string): Promise<void> {
  await page.goto('/#view=models')
  const models = page.getByRole('main', { name: 'Models' })
  await models.locator('input[accept=".gguf"]').first().setInputFiles(path)
  await models.getByRole('button', { name: 'Load it' }).click({ timeout: patience })
  await models.getByText('is ready').waitFor({ timeout: patience })
}

/** @param path of the GGUF file @param folder for what is built, empty */
export async function pageChecks(path: string, folder: string, check: Check): Promise<void> {
  const outDir = join(folder, 'dist')
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } })
  const server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { host: '127.0.0.1', port: 4517 } })
  const [baseURL] = server.resolvedUrls?.local ?? []
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
  })
  const memory = () => {
    const peak = peakMemory()
    return peak === null ? '' : `, at most ${peak.toFixed(2)} GiB in the page’s process`
  }
  const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(0)
  try {
    const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' })
    await context.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text().slice(0, 200)) })
    page.on('pageerror', (error) => errors.push(error.message))

    let began = performance.now()
    await choose(page, path)
    check('the page loads the file', true, `${seconds(began)} s${memory()}`)

    began = performance.now()
    const played = await page.evaluate(
      ([difficulty, settings]) => window.agemem.runEpisode({ policy: 'own', constrained: true, difficulty, settings, seed: 1 }),
      [task, episode] as const,
    )
    const { steps } = played.trajectory
    const sampled = steps.reduce((sum, { reply }) => sum + (reply.token_ids?.length ?? 0), 0)
    const finite = steps.every(({ reply }) => reply.logprobs?.every((logp) => Number.isFinite(logp) && logp <= 0) ?? true)
    check('it plays an episode within the grammar', sampled > 0 && finite, `${steps.length} replies of ${sampled} tokens in ${seconds(began)} s${memory()}`)

    began = performance.now()
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Train/ }).click()
    await page.getByRole('region', { name: 'Plan of the run' }).getByRole('button', { name: /^Model:/ }).click()
    await page.getByRole('dialog').getByRole('radio').nth(1).click()
    await page.keyboard.press('Escape')
    const run = await page.evaluate(
      ([difficulty, episode]) =>
        window.agemem.train({
          preset: 'quick', steps: 1, b: 1, k: 4, episode, exploration: null,
          lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] },
          evaluation: { every: 0, tasks: 1, seed: 1 },
          tasks: { family: 'question', options: { source: 'world', difficulty, curriculum: 'none' } },
        }),
      [task, training] as const,
    )
    const measured = await page.evaluate(async (key) => window.agemem.exportRun(key), run.key)
    const step = measured?.steps[0]
    check('it takes a GRPO step', run.steps === 1 && Number.isFinite(step?.loss), `${run.status}, loss ${step?.loss?.toPrecision(3) ?? 'none'}, rewards spread by ${step?.group_reward_std.toPrecision(2) ?? '?'}, ${seconds(began)} s${memory()}`)
    began = performance.now()
    const lesson = await page.evaluate((options) => window.agemem.teach(options), oneLesson(episode, task))
    check('it takes a supervised step', lesson.steps === 1, `${lesson.status}, ${seconds(began)} s${memory()}`)
    check('the page said no error', errors.length === 0, errors.join('; ') || 'none')
  } finally {
    await browser.close()
    await server.close()
  }
}
