// The pictures of README.md and README.zh.md, taken of the built page: npm run pictures
// The first minute of a first visit as an animated WebP, and a still of each view. Chinese needs a font that has it.
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { preview } from 'vite'
import { animatedWebp } from './animated-webp.mjs'
import { findChromium } from './find-chromium.mjs'

const size = { width: 1280, height: 800 }
const movie = { width: 960, height: 600, quality: 0.6, seconds: 60, everyMs: 500 }
const still = { scale: 1.5, quality: 0.82 }
/** Each language has a visitor of its own, for whom nothing is kept yet. */
const common = { viewport: size, colorScheme: 'light', serviceWorkers: 'block' }
/** 'movie' or 'stills': these alone. */
const only = process.argv[2]

/** A screenshot, as a WebP made by the page's own browser. */
async function webpOf(page, png, quality) {
  const text = await page.evaluate(async ([source, wanted]) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${source}`)).blob())
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    canvas.getContext('2d', { alpha: false }).drawImage(bitmap, 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: wanted })
    const bytes = new Uint8Array(await blob.arrayBuffer())
    return btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ''))
  }, [png.toString('base64'), quality])
  return Buffer.from(text, 'base64')
}

/** The first minute, as somebody sees it who has never been here and presses nothing. */
async function filmFirstMinute(browser, encoder, address, locale) {
  const context = await browser.newContext({ ...common, locale })
  const page = await context.newPage()
  await page.goto(address)
  await page.locator('#main').waitFor()
  const frames = []
  const start = performance.now()
  for (let due = 0; due < movie.seconds * 1000; due += movie.everyMs) {
    await page.waitForTimeout(Math.max(0, start + due - performance.now()))
    frames.push({ png: await page.screenshot(), at: performance.now() - start })
  }
  await context.close()
  const lasting = frames.map(({ png, at }, i) => ({ png, ms: Math.round((frames[i + 1]?.at ?? at + 3000) - at) }))
  return animatedWebp(encoder, lasting, movie)
}

/** Each view, with something in it. @yields name and screenshot */
async function* stills(browser, address, locale) {
  const context = await browser.newContext({ ...common, locale, deviceScaleFactor: still.scale })
  const page = await context.newPage()
  await page.addInitScript(() => localStorage.setItem('agemem.tour', 'seen'))
  await page.goto(`${address}#seed=7&policy=oracle`)
  await page.locator('#main').waitFor()
  // The console of the page does what its buttons do, in every language.
  const { key } = await page.evaluate(() => window.agemem.runEpisode({ policy: 'oracle', seed: 7, task: 1 }))
  const show = async (hash, settle = 2500) => {
    await page.goto(`${address}#${hash}`)
    await page.waitForTimeout(settle)
    return page.screenshot()
  }
  yield ['watch', await show(`episode=${key}&step=12`)]
  // With the run that comes with the page, for nothing was trained here.
  yield ['train', await show('view=train&run=came-with-the-page', 4000)]
  yield ['group', await show('view=group', 4000)]
  await show('view=compare', 3000)
  await page.locator('main table').first().evaluate((table) => table.scrollIntoView({ block: 'start' }))
  yield ['compare', await page.screenshot()]
  for (const view of ['models', 'checkpoints', 'episodes']) yield [view, await show(`view=${view}`)]
  await context.close()
}

const server = await preview({ logLevel: 'error', preview: { port: 0 } })
const address = server.resolvedUrls?.local[0] ?? ''
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args })
try {
  // Away from the page: its policy lets nothing be fetched from a data: address.
  const encoder = await browser.newPage()
  for (const [language, locale] of [['en', 'en-GB'], ['zh', 'zh-CN']]) {
    const folder = new URL(`../docs/pictures/${language}/`, import.meta.url)
    await mkdir(folder, { recursive: true })
    const place = async (name, bytes) => {
      await writeFile(new URL(`${name}.webp`, folder), bytes)
      console.log(`docs/pictures/${language}/${name}.webp ${(bytes.length / 1000).toFixed(0)} kB`)
    }
    if (only !== 'stills') await place('first-minute', await filmFirstMinute(browser, encoder, address, locale))
    if (only === 'movie') continue
    for await (const [view, png] of stills(browser, address, locale)) await place(view, await webpOf(encoder, png, still.quality))
  }
} finally {
  await browser.close()
  await server.close()
}
