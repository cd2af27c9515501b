// What the first visit fetches: the budget of ARCHITECTURE.md, measured on the built files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'

const dist = join(import.meta.dirname, '../dist')
const read = (path: string) => readFileSync(join(dist, path))

/** Files that index.html asks for, and all that they import at once; not what import() brings later. */
function firstScripts(): string[] {
  const found = new Set([...read('index.html').toString().matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1] ?? ''))
  for (const path of found) {
    for (const match of read(path).toString().matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]+?from\s*)?["']\.\/([^"']+\.js)["']/g)) found.add(`assets/${match[1] ?? ''}`)
  }
  return [...found]
}

test('the first JavaScript is at most 310 kB over the wire, and WebLLM is in a file of its own', () => {
  const scripts = firstScripts()
  const workers = readdirSync(join(dist, 'assets')).filter((name) => /^(lab|memory|model)\.worker-.*\.js$/.test(name)).map((name) => `assets/${name}`)
  expect(workers).toHaveLength(3)
  const page = scripts.reduce((sum, path) => sum + gzipSync(read(path)).byteLength, 0)
  console.log(`first JavaScript of the page: ${(page / 1000).toFixed(0)} kB gzip in ${scripts.length} files`)
  expect(scripts.length).toBeGreaterThan(0)
  expect(page).toBeLessThanOrEqual(310_000)
  // A function of the library's runtime.
  const mark = 'TVMFFIFunctionCall'
  const holders = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js') && read(`assets/${name}`).includes(mark))
  expect(holders.length).toBeGreaterThanOrEqual(1)
  for (const path of [...scripts, ...workers]) expect(read(path).includes(mark), path).toBe(false)
  // Nor is what reads Parquet files.
  const parquet = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js') && read(`assets/${name}`).includes('parquet unsupported compression codec'))
  expect(parquet).toHaveLength(1)
  for (const path of [...scripts, ...workers]) expect(parquet).not.toContain(path.replace('assets/', ''))
})
