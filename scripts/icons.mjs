// Draws the icons of the installed page (public/icons/) from public/icon.svg: node scripts/icons.mjs
import { mkdir, readFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { findChromium } from './find-chromium.mjs'

const svg = await readFile(new URL('../public/icon.svg', import.meta.url), 'utf8')
const folder = new URL('../public/icons/', import.meta.url)
/** A maskable icon is cut to the shape that the system has: no corners, and what matters stays in the middle. */
const full = svg
  .replace('rx="7"', '')
  .replace('viewBox="0 0 32 32"', 'viewBox="-3 -3 38 38"')
  .replace('<rect ', '<rect x="-3" y="-3" ')
  .replace('width="32" height="32"', 'width="38" height="38"')
const icons = [
  ['192.png', 192, svg],
  ['512.png', 512, svg],
  ['maskable-512.png', 512, full],
  ['apple-180.png', 180, full],
]

await mkdir(folder, { recursive: true })
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args })
for (const [name, size, drawn] of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const style = '<style>html{background:none}body{margin:0}svg{display:block;width:100vw;height:100vh}</style>'
  await page.setContent(style + drawn)
  await page.screenshot({ path: new URL(name, folder).pathname, omitBackground: true })
}
await browser.close()
