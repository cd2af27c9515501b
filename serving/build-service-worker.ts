// Bundles the service worker with the list of what a build made. It is one classic script, as every browser takes it.
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join, sep } from 'node:path'
import { build } from 'vite'
import { digestLength, type BuiltFiles } from './kept-files.ts'
import { serviceWorkerFile } from './policy.ts'

/** Copies and rules for servers. */
const notServed = /(?:\.br|\.gz|^_headers)$/
/**
 * Only somebody with a model on the graphics card needs these, or an adapter for a model that is elsewhere, and needs a
 * network for the model first; icons are for the installation, and some files for people who look into the folder. The
 * worker of WebLLM is small, and lists its models.
 */
const onDemand = /(?:asyncify|webgpu|webllm(?!\.worker))[^/]*$|^icons\/|^models\/[^/]+\/adapter\/|\/(?:MODEL_CARD\.md|training\.json)$/
/** WebLLM's library and XGrammar, which have no telling names, are the two scripts beyond this, bytes. */
const largestScript = 1_000_000

/** All files of a built page, and those that are kept ahead. */
export async function listBuilt(folder: string): Promise<BuiltFiles> {
  const found = (await readdir(folder, { recursive: true })).map((path) => path.split(sep).join('/')).sort()
  const digests: Record<string, string> = {}
  const ahead: string[] = []
  for (const path of found) {
    const at = join(folder, path)
    const about = await stat(at)
    if (!about.isFile() || notServed.test(path) || path === serviceWorkerFile) continue
    digests[path] = createHash('sha256').update(await readFile(at)).digest('hex').slice(0, digestLength)
    if (!onDemand.test(path) && !(path.endsWith('.js') && about.size > largestScript)) ahead.push(path)
  }
  return { digests, ahead }
}

/** Writes the service worker of a built page beside it. */
export async function buildServiceWorker(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    define: { builtFiles: JSON.stringify(await listBuilt(folder)) },
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('./service-worker.ts', import.meta.url)),
        output: { format: 'iife', entryFileNames: serviceWorkerFile },
      },
    },
  })
}
