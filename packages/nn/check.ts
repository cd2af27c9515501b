// Packs the package, unpacks it into an empty folder outside the project beside what it says that it
// depends on, and uses it there: types, both examples in Node, and a net and an adapter in Chromium. Needs no network.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { z } from 'zod'
import { build, preview } from 'vite'
import { given } from '../../cli/given.ts'
import { findChromium } from '../../scripts/find-chromium.mjs'
import { everywhere } from '../../serving/policy.ts'
import { tinyChatFiles } from '../../src/models/fixtures/tiny-chat-model.ts'
import manifest from './package.json' with { type: 'json' }

const { model: real } = given({
  command: 'npm run test:package',
  does: 'Packs the package, unpacks it into an empty folder beside what it says that it depends on, and uses it there: types, both examples\nin Node, and in Chromium. Needs no network.',
  schema: z.object({ model: z.string().min(1).optional() }),
  takes: { model: 'a GGUF file, such as SmolLM2-135M-Instruct: the example of an adapter learns a text with it, too; minutes' },
})
const run = promisify(execFile)
const here = import.meta.dirname
const project = join(here, '../..')
const binary = (name: string) => join(project, 'node_modules/.bin', name)
let failures = 0
function check(what: string, holds: boolean, found: string): void {
  if (!holds) failures++
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what}: ${found}\n`)
}

/** The page: the same example, and an adapter of the tiny model, on WebAssembly. */
const page = `
import { losses } from './two-layer-net.ts'
import { createLora, filesAtUrl, openModel, Tokenizer } from '@agemem/nn/lora'
import { createRuntime } from '@agemem/nn/runtime'

const runtime = await createRuntime()
const model = await openModel(filesAtUrl(new URL('model/', location.href).href), runtime)
const ids = new Tokenizer(model.tokenizer).encode('Mira lives in Tarn. '.repeat(4))
const lora = await createLora(runtime, model, { window: 128 })
const learnt: number[] = []
for (let step = 0; step < 12; step++) learnt.push((await lora.step([{ ids }], 3e-3)).loss)
Object.assign(window, { found: { device: runtime.description, losses, learnt, bytes: (await lora.save('tiny')).model.length } })
`

async function inBrowser(folder: string): Promise<{ device: string; losses: number[]; learnt: number[]; bytes: number }> {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><meta charset="utf-8"><script type="module" src="./page.ts"></script>')
  writeFileSync(join(folder, 'page.ts'), page)
  const config = { root: folder, configFile: false, base: './', logLevel: 'error' } as const
  await build({ ...config, build: { outDir: 'dist', target: 'es2023' } })
  cpSync(join(folder, 'model'), join(folder, 'dist/model'), { recursive: true })
  const server = await preview({ ...config, build: { outDir: 'dist' }, preview: { host: '127.0.0.1', port: 0, headers: everywhere } })
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  try {
    const [url = ''] = server.resolvedUrls?.local ?? []
    const tab = await browser.newPage()
    const problems: string[] = []
    tab.on('pageerror', ({ message }) => problems.push(message))
    await tab.goto(url)
    await tab.waitForFunction('window.found', undefined, { timeout: 120_000 }).catch(() => { throw new Error(`The page did not finish: ${problems.join('; ')}`) })
    return await tab.evaluate<{ device: string; losses: number[]; learnt: number[]; bytes: number }>('window.found')
  } finally {
    await browser.close()
    await server.close()
  }
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agemem-package-')))
try {
  await run(binary('vite'), ['build', '-c', join(here, 'vite.config.ts'), '--logLevel', 'warn'], { cwd: project })
  await run(binary('tsc'), ['-p', join(here, 'tsconfig.json')], { cwd: project })
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: here })
  const [tarball] = JSON.parse(packed.stdout) as { filename: string; size: number; files: unknown[] }[]
  if (!tarball) throw new Error('npm packed nothing.')
  check('packed', tarball.size < 400_000, `${tarball.filename}, ${(tarball.size / 1000).toFixed(0)} kB, ${tarball.files.length} files`)

  const installed = join(folder, 'node_modules', manifest.name)
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', join(folder, tarball.filename.replace('@', '').replace('/', '-')), '-C', installed, '--strip-components', '1'])
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(project, 'node_modules', name), join(folder, 'node_modules', name))
  }
  for (const name of ['two-layer-net.ts', 'lora.ts']) cpSync(join(installed, 'examples', name), join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')

  symlinkSync(join(project, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  const compiler = { target: 'ES2023', module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: ['node'], strict: true, noEmit: true }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compiler, skipLibCheck: true }, files: ['two-layer-net.ts', 'lora.ts'] }))
  const types = await run(binary('tsc'), ['-p', folder], { cwd: folder }).then(() => 'no error', ({ stdout }: { stdout: string }) => stdout.slice(0, 1000))
  check('types of the examples', types === 'no error', types)

  const net = await run(binary('tsx'), ['two-layer-net.ts'], { cwd: folder })
  const last = Number(/step 1000: squared error ([\d.]+)/.exec(net.stdout)?.[1])
  check('two-layer-net.ts in Node', last < 0.02, `squared error ${last}`)

  mkdirSync(join(folder, 'model'))
  for (const [name, bytes] of await tinyChatFiles()) writeFileSync(join(folder, 'model', name), bytes)
  writeFileSync(join(folder, 'text.txt'), 'Mira lives in Tarn. Joss lives in Orrin. '.repeat(20))
  const learnt = await run(binary('tsx'), ['lora.ts', 'model', 'text.txt', 'out', '16'], { cwd: folder })
  const nats = [...learnt.stdout.matchAll(/: ([\d.]+) nats/g)].map(([, value]) => Number(value))
  const adapter = readFileSync(join(folder, 'out/adapter_model.safetensors')).length
  check('lora.ts in Node', nats.length === 16 && (nats.at(-1) ?? NaN) < 0.9 * (nats[0] ?? NaN) && adapter > 0, `${nats[0]} to ${nats.at(-1)} nats a token, an adapter of ${(adapter / 1000).toFixed(0)} kB`)

  if (real !== undefined) {
    const { stdout } = await run(binary('tsx'), ['lora.ts', resolve(real), join(here, 'README.md'), 'real', '12'], { cwd: folder })
    const steps = [...stdout.matchAll(/: ([\d.]+) nats/g)].map(([, value]) => Number(value))
    const mean = (of: number[]) => of.reduce((sum, value) => sum + value, 0) / of.length
    const [before, after] = [mean(steps.slice(0, 3)), mean(steps.slice(-3))]
    check('lora.ts with a real model', steps.length === 12 && after < before, `${before.toFixed(3)} nats a token in the first three steps, ${after.toFixed(3)} in the last three of 12`)
  }

  if (findChromium()) {
    const found = await inBrowser(folder)
    check('both in Chromium', (found.losses.at(-1) ?? NaN) < 0.02 && (found.learnt.at(-1) ?? NaN) < 0.9 * (found.learnt[0] ?? NaN) && found.bytes > 0, `${found.device}: squared error ${found.losses.at(-1)?.toFixed(4)}; ${found.learnt[0]?.toFixed(3)} to ${found.learnt.at(-1)?.toFixed(3)} nats a token`)
  } else check('both in Chromium', true, 'SKIPPED, there is no Chromium')
} finally {
  rmSync(folder, { recursive: true })
}
if (failures > 0) process.exitCode = 1
