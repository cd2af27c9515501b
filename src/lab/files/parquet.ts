// The records of a Parquet file, a row group at a time. The only importer of hyparquet, and itself imported only when
// there is such a file. Knows no data set.
import { parquetMetadataAsync, parquetReadObjects, type FileMetaData, type RowGroup } from 'hyparquet'
import { gunzipSync } from 'fflate'
import { messageOf } from '../../core/error-message.ts'

export class ParquetError extends Error {
  override readonly name = 'ParquetError'
}

/** Columns that are looked at; others are not read. */
const wanted = new Set(
  (
    'id _id question questions answer answers type level context supporting_facts paragraphs question_decomposition answer_aliases answerable ' +
    'golden_answers metadata row truncated_cells messages conversations question_id question_type question_date haystack_session_ids ' +
    'haystack_dates haystack_sessions answer_session_ids'
  ).split(' '),
)

/** Codecs that can be read, as Parquet calls them. */
const codecs = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP'])

/** A row group is read as a whole: unpacked bytes at most, and of the directory behind all groups. */
const limits = { group: 512 * 2 ** 20, directory: 64 * 2 ** 20 }

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`

export interface ParquetRows {
  rows: Record<string, unknown>[]
  /** Bytes that they have unpacked, about. */
  bytes: number
  /** Share of the file that has been read. */
  share: number
}

/**
 * The rows of the file. Of a group only as many are given as there is room for.
 * @param room bytes that may still be read, asked before each group
 * @throws ParquetError saying what it is and what to do
 */
export async function* parquetRows(file: Blob, room: () => number): AsyncGenerator<ParquetRows> {
  const metadata = await directoryOf(file)
  const columns = columnsOf(metadata)
  const buffer = { byteLength: file.size, slice: (from: number, to?: number) => file.slice(from, to).arrayBuffer() }
  const all = Number(metadata.num_rows)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const [rows, bytes] = [Number(group.num_rows), bytesOf(group)]
    if (bytes > limits.group)
      throw new ParquetError(
        `It has row groups of ${megabytes(bytes)}, and ${megabytes(limits.group)} is the limit: write it with smaller ones, in pandas with to_parquet(…, row_group_size=1000).`,
      )
    const left = room()
    if (left <= 0) return
    const take = bytes <= left ? rows : Math.max(1, Math.floor((rows * left) / bytes))
    const read = await guarded(() =>
      parquetReadObjects({
        file: buffer,
        metadata,
        columns,
        rowStart,
        rowEnd: rowStart + take,
        compressors: { GZIP: gunzip },
      }),
    )
    yield {
      rows: read.map(plainRow),
      bytes: (bytes * take) / Math.max(1, rows),
      share: (rowStart + take) / Math.max(1, all),
    }
    rowStart += rows
  }
}

const gunzip = (input: Uint8Array, length: number) => gunzipSync(input, { out: new Uint8Array(length) })

async function guarded<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw new ParquetError(
      `It is a Parquet file that cannot be read: it is damaged, or written in a way that is not known here (${messageOf(error)}).`,
      { cause: error },
    )
  }
}

async function directoryOf(file: Blob): Promise<FileMetaData> {
  const tail = new DataView(await file.slice(Math.max(0, file.size - 8)).arrayBuffer())
  if (tail.byteLength < 8 || tail.getUint32(4, true) !== 0x31524150)
    throw new ParquetError('It is a Parquet file that was cut short: its end is missing. Download it again.')
  if (tail.getUint32(0, true) > limits.directory)
    throw new ParquetError(
      `It is a Parquet file whose directory has ${megabytes(tail.getUint32(0, true))}, which is more than is read here.`,
    )
  return guarded(() =>
    parquetMetadataAsync({ byteLength: file.size, slice: (from, to) => file.slice(from, to).arrayBuffer() }),
  )
}

const chunksOf = (group: RowGroup) =>
  group.columns.flatMap(({ meta_data }) =>
    meta_data && wanted.has(meta_data.path_in_schema[0] ?? '') ? [meta_data] : [],
  )
const bytesOf = (group: RowGroup) =>
  chunksOf(group).reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0)

/** Names of the columns that are looked at. @throws ParquetError when there are none, or they cannot be read */
function columnsOf({ row_groups }: FileMetaData): string[] {
  const chunks = row_groups.flatMap(chunksOf)
  const codec = chunks.find((chunk) => !codecs.has(chunk.codec))?.codec
  if (codec !== undefined)
    throw new ParquetError(
      `It is a Parquet file compressed with ${codec.toLowerCase()}, which is not read here: write it with snappy, in pandas with to_parquet(…, compression='snappy').`,
    )
  const columns = [...new Set(chunks.map(({ path_in_schema: [name = ''] }) => name))]
  if (columns.length > 0 || row_groups.length === 0) return columns
  const there = [
    ...new Set(row_groups.flatMap((group) => group.columns.map(({ meta_data }) => meta_data?.path_in_schema[0] ?? ''))),
  ]
  throw new ParquetError(
    `It is a Parquet file with the columns ${there.slice(0, 10).join(', ')}: it has neither question nor context, and no questions to ask.`,
  )
}

const plainRow = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asJson(value)]))

/** A value as JSON has it: whole numbers of 64 bits as numbers, bytes as text. */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (ArrayBuffer.isView(value)) return Array.from(listFrom(value), asJson)
  if (Array.isArray(value)) return value.map(asJson)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' && value !== null) return plainRow({ ...value })
  return value
}

function listFrom(view: ArrayBufferView): Iterable<unknown> {
  return Symbol.iterator in view && typeof view[Symbol.iterator] === 'function' ? Object.values(view) : []
}
