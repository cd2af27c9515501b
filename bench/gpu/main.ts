// A folder that measures the project on a graphics card. It needs nothing but a browser with WebGPU and
// Node or Python to serve it, so it can be copied to a machine that has a card.
import { spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { z } from 'zod'
import { build } from 'vite'
import { given } from '../../cli/given.ts'
import { findChromium } from '../../scripts/find-chromium.mjs'

const text = z.string().min(1).optional()
const values = given({
  command: 'npm run bench:gpu',
  does: 'Makes a folder that measures the project on a graphics card. It needs nothing but a browser with WebGPU and Node or Python to serve it.',
  schema: z.object({ out: text, run: z.boolean().default(false), models: text, software: z.boolean().default(false), query: text }),
  takes: {
    out: 'where the folder goes; .cache/bench/gpu when left out',
    run: 'no value: measure here, now, in the Chrome or Chromium that is found',
    models: 'with --run: of bench/gpu/models.ts, with commas between',
    software: 'no value, with --run: accept an adapter that is emulated (no speed, only that it runs)',
    query: 'with --run: further settings of the page, such as prompt=64&reply=8, or webllm=ID, a model of WebLLM\'s list that is downloaded',
  },
  flags: ['run', 'software'],
})
const outDir = resolve(values.out ?? resolve(import.meta.dirname, '../../.cache/bench/gpu'))
await build({ root: import.meta.dirname, configFile: false, base: './', logLevel: 'error', worker: { format: 'es' }, build: { outDir, emptyOutDir: true, target: 'es2023' } })
await cp(resolve(import.meta.dirname, 'folder'), outDir, { recursive: true })
const shown = relative(process.cwd(), outDir)

if (values.run) {
  const chrome = findChromium()
  if (!chrome) throw new Error('The benchmark needs Chrome or Chromium. Install one, or set CHROME_PATH to its executable.')
  const given = [...(values.models ? ['--models', values.models] : []), ...(values.query ? ['--query', values.query] : []), ...(values.software ? ['--software'] : [])]
  const server = spawn(process.execPath, [resolve(outDir, 'server.mjs'), '--port', '0', '--chrome', chrome, ...given], { stdio: 'inherit' })
  server.on('exit', (code) => { process.exitCode = code ?? 1 })
} else {
  process.stdout.write(`${shown} is the benchmark. Copy it to a machine with a graphics card; there\n  node ${shown}/server.mjs        or\n  python3 ${shown}/server.py\nand open the address that it tells in Chrome.\n`)
}
