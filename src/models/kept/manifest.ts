// What a kept model consists of, as it is written beside its files, and the mark of a file that is whole.
import { z } from 'zod'
import { fit } from '../../core/fit.ts'
import type { Folder } from './folder.ts'

/** Names of files: beside each other, nothing hidden, no path. */
const fileName = z.string().regex(/^\w[\w.-]{0,120}$/)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const gitHash = z.string().regex(/^[0-9a-f]{40}$/)
const size = z.number().int().nonnegative()

const fileSchema = z.object({
  name: fileName,
  /** null: not known before it is there. */
  bytes: size.nullable(),
  /** Of its content; null: its host does not say. */
  sha256: hash.nullable(),
  /** SHA-1 of its Git blob, which the hub gives of small files; null: not known. */
  git: gitHash.nullable(),
  /** It may be missing. */
  optional: z.boolean(),
})
export type ManifestFile = z.infer<typeof fileSchema>

const manifestSchema = z.object({
  version: z.literal(1),
  name: z.string().min(1).max(200),
  /** The folder that was asked for. */
  from: z.string().max(2000),
  /** The same at the commit behind it, where the host has commits. */
  address: z.string().max(2000),
  files: z.array(fileSchema).min(1).max(1000),
})
export type Manifest = z.infer<typeof manifestSchema>

const markSchema = z.object({ bytes: size, sha256: hash })
/** What was found when the file had come whole. */
export type Mark = z.infer<typeof markSchema>

/** By what its host tells one version of a file from another, where no hash does. */
const versionSchema = z.object({ version: z.string().max(500) })

const manifestName = 'kept.json'
const markName = (file: string) => `${file}.whole`
const versionName = (file: string) => `${file}.version`
const textLimit = 4 * 2 ** 20

async function readJson<S extends z.ZodType>(folder: Folder, name: string, schema: S): Promise<z.output<S> | null> {
  const file = await folder.file(name)
  if (!file || file.size > textLimit) return null
  try {
    const read = fit(schema, JSON.parse(await file.text()))
    return read.success ? read.data : null
  } catch {
    // A tab that was lost while it wrote leaves half a text: then it counts as not written.
    return null
  }
}

async function writeJson(folder: Folder, name: string, value: Manifest | Mark | z.infer<typeof versionSchema>): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  const file = await folder.open(name)
  try {
    file.truncate(0)
    file.write(bytes, { at: 0 })
    file.flush()
  } finally {
    file.close()
  }
}

export const readManifest = (folder: Folder): Promise<Manifest | null> => readJson(folder, manifestName, manifestSchema)
export const writeManifest = (folder: Folder, manifest: Manifest): Promise<void> => writeJson(folder, manifestName, manifest)

/** The mark of a file that came whole and was checked; null where there is none, or the file is another size by now. */
export async function wholeMark(folder: Folder, name: string): Promise<Mark | null> {
  const mark = await readJson(folder, markName(name), markSchema)
  const file = mark && (await folder.file(name))
  return mark && file?.size === mark.bytes ? mark : null
}

/** To be called when the file's content is on the disk and was checked. */
export const markWhole = (folder: Folder, name: string, mark: Mark): Promise<void> => writeJson(folder, markName(name), mark)

/** Which version of a file on its host has begun to come; null: not known. */
export const versionOf = async (folder: Folder, name: string): Promise<string | null> => (await readJson(folder, versionName(name), versionSchema))?.version ?? null
export const keepVersion = (folder: Folder, name: string, version: string): Promise<void> => writeJson(folder, versionName(name), { version })

export async function removeFile(folder: Folder, name: string): Promise<void> {
  // The mark first: a file without one is never taken for whole.
  await folder.remove(markName(name))
  await folder.remove(versionName(name))
  await folder.remove(name)
}
