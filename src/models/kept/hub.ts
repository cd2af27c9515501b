// Which files a model at an address has, with their hashes where its host tells them: as the Hugging Face hub does, and
// mirrors of it. Elsewhere the names are those of every model in Hugging Face form.
// https://huggingface.co/docs/hub/api
import { z } from 'zod'
import { fit } from '../../core/fit.ts'
import { isGguf } from '../../core/policy/catalogue/weights-source.ts'
import { WebLlmError } from '../../core/policy/webllm.ts'
import type { FetchHost } from './fetch-file.ts'
import type { ManifestFile } from './manifest.ts'

const small = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'] as const
const optional: ReadonlySet<string> = new Set(['generation_config.json', 'chat_template.jinja'])
const indexName = 'model.safetensors.index.json'
const singleName = 'model.safetensors'

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))
const treeSchema = z
  .array(z.object({ type: z.string(), path: z.string().max(500), size: z.number().int().nonnegative(), oid: hex(40), lfs: z.object({ oid: hex(64), size: z.number().int().nonnegative() }).optional() }))
  .max(10_000)
type TreeFile = z.infer<typeof treeSchema>[number]
const revisionSchema = z.object({ sha: hex(40) })
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().regex(/^\w[\w.-]*\.safetensors$/)) })

interface HubFolder {
  origin: string
  repository: string
  revision: string
}

/** A folder of the hub, by its parts; null: it is none. */
function hubFolder(address: string): HubFolder | null {
  const { origin, pathname } = new URL(address)
  const [, repository, revision] = /^\/([\w.-]+\/[\w.-]+)\/resolve\/([\w.-]+)\/$/.exec(pathname) ?? []
  return repository === undefined || revision === undefined ? null : { origin, repository, revision }
}

/** What lies at an address; null: nothing, no JSON, or too much of it. @throws WebLlmError network or aborted */
export async function json(host: FetchHost, url: string, signal: AbortSignal | undefined, limit: number): Promise<unknown> {
  let response: Response
  try {
    response = await host.fetch(url, { signal: signal ?? null })
  } catch (error) {
    if (signal?.aborted) throw new WebLlmError({ kind: 'aborted' }, { cause: error })
    throw new WebLlmError({ kind: 'network', url, status: null, detail: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  if (response.status === 404) return null
  if (!response.ok) throw new WebLlmError({ kind: 'network', url, status: response.status, detail: response.statusText })
  const text = await response.text()
  if (text.length > limit) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const file = (name: string, more: Partial<ManifestFile> = {}): ManifestFile => ({ name, bytes: null, sha256: null, git: null, optional: optional.has(name), ...more })

export interface Listing {
  /** With the commit in place of a branch's name, so that all files are of one revision. */
  address: string
  files: ManifestFile[]
}

/** @throws WebLlmError network, unknown-model or aborted */
export async function listFiles(host: FetchHost, address: string, signal?: AbortSignal): Promise<Listing> {
  if (isGguf(address)) return listGguf(host, address, signal)
  const hub = hubFolder(address)
  return (hub && (await listHub(host, hub, signal))) ?? { address, files: [...small.map((name) => file(name)), ...(await weightsAt(host, address, signal))] }
}

/** A model in one file. @throws WebLlmError network, unknown-model or aborted */
async function listGguf(host: FetchHost, address: string, signal?: AbortSignal): Promise<Listing> {
  const folder = new URL('.', address).href
  const name = decodeURIComponent(address.slice(folder.length))
  const hub = hubFolder(folder)
  const told = hub && (await readHub(host, hub, signal))
  if (!told) return { address: folder, files: [file(name)] }
  const found = told.there.get(name)
  if (!found) throw new WebLlmError({ kind: 'unknown-model', model: address, detail: `There is no ${name} in ${folder}.` })
  return { address: told.address, files: [file(name, hashesOf(found))] }
}

const hashesOf = ({ lfs, size, oid }: TreeFile): Partial<ManifestFile> => (lfs ? { bytes: lfs.size, sha256: lfs.oid, optional: false } : { bytes: size, git: oid, optional: false })

/** null: it is no hub, or does not say. */
async function listHub(host: FetchHost, hub: HubFolder, signal?: AbortSignal): Promise<Listing | null> {
  const { repository } = hub
  const told = await readHub(host, hub, signal)
  if (!told) return null
  const { there, address } = told
  const shards = [...there.keys()].filter((name) => /^model-\d+-of-\d+\.safetensors$/.test(name)).sort()
  const weights = there.has(indexName) ? [indexName, ...shards] : [singleName]
  const files = [...small, ...weights].flatMap((name): ManifestFile[] => {
    const found = there.get(name)
    if (found) return [file(name, hashesOf(found))]
    if (optional.has(name)) return []
    throw new WebLlmError({ kind: 'unknown-model', model: repository, detail: `It has no ${name}: not a model in Hugging Face form with weights as safetensors.` })
  })
  return { address, files }
}

/** All files of the folder at one commit; null: it is no hub, or does not say. */
async function readHub(host: FetchHost, { origin, repository, revision }: HubFolder, signal?: AbortSignal): Promise<{ address: string; there: ReadonlyMap<string, TreeFile> } | null> {
  const api = `${origin}/api/models/${repository}`
  let commit = revision
  if (!/^[0-9a-f]{40}$/.test(revision)) {
    const told = fit(revisionSchema, await json(host, `${api}/revision/${revision}`, signal, 2 ** 22))
    if (!told.success) return null
    commit = told.data.sha
  }
  const tree = fit(treeSchema, await json(host, `${api}/tree/${commit}`, signal, 2 ** 22))
  if (!tree.success) return null
  const there = new Map(tree.data.filter(({ type }) => type === 'file').map((each) => [each.path, each]))
  return { there, address: `${origin}/${repository}/resolve/${commit}/` }
}

/** The files of weights at a place that lists nothing. */
async function weightsAt(host: FetchHost, address: string, signal?: AbortSignal): Promise<ManifestFile[]> {
  const index = fit(indexSchema, await json(host, new URL(indexName, address).href, signal, 2 ** 24))
  if (!index.success) return [file(singleName)]
  return [file(indexName), ...[...new Set(Object.values(index.data.weight_map))].sort().map((name) => file(name))]
}
