// What a file is, by how it begins: what can be read, and of the rest its name and what to do. Reads nothing else.

type FileKind = { read: 'text' | 'gzip' | 'zip' | 'parquet' } | { not: string }

/** So much of a file tells what it is, bytes. */
export const headLength = 1024

const ascii = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

/** How files begin that are not read, and what they are. */
const marks: readonly { begins: string; at?: number; not: string }[] = [
  { begins: '\x28\xb5\x2f\xfd', not: 'It is compressed with zstd, which is not read here: unpack it first (zstd -d)' },
  { begins: 'BZh', not: 'It is compressed with bzip2, which is not read here: unpack it first (bunzip2)' },
  { begins: '\xfd7zXZ\0', not: 'It is compressed with xz, which is not read here: unpack it first (unxz)' },
  { begins: '7z\xbc\xaf\x27\x1c', not: 'It is a 7z archive, which is not read here: unpack it first' },
  { begins: 'Rar!', not: 'It is a RAR archive, which is not read here: unpack it first' },
  {
    begins: 'ustar',
    at: 257,
    not: 'It is a tar archive, which is not read here: unpack it and take the JSON file in it',
  },
  {
    begins: 'ARROW1',
    not: 'It is an Arrow file, which is not read here: write it as JSON Lines (dataset.to_json) or as Parquet (dataset.to_parquet)',
  },
  {
    begins: '\xff\xff\xff\xff',
    not: 'It is an Arrow stream, which is not read here: write it as JSON Lines (dataset.to_json) or as Parquet (dataset.to_parquet)',
  },
  { begins: 'PARE', not: 'It is an encrypted Parquet file, which is not read here' },
  { begins: 'SQLite format 3', not: 'It is an SQLite database: write its records as JSON Lines' },
  { begins: '%PDF', not: 'It is a PDF document' },
  { begins: '\x93NUMPY', not: 'It is a NumPy array: write its records as JSON Lines' },
  { begins: '\x89PNG', not: 'It is a picture' },
  { begins: '\xff\xd8\xff', not: 'It is a picture' },
  {
    begins: '\x80\x02',
    not: 'It is a Python pickle, which is not read here, for reading it would run what is in it: write its records as JSON Lines',
  },
  {
    begins: '\x80\x03',
    not: 'It is a Python pickle, which is not read here, for reading it would run what is in it: write its records as JSON Lines',
  },
  {
    begins: '\x80\x04',
    not: 'It is a Python pickle, which is not read here, for reading it would run what is in it: write its records as JSON Lines',
  },
  {
    begins: '\x80\x05',
    not: 'It is a Python pickle, which is not read here, for reading it would run what is in it: write its records as JSON Lines',
  },
]

/** @param head the first `headLength` bytes, all of a shorter file */
export function kindOf(head: Uint8Array, name: string): FileKind {
  const begins = ascii(head)
  if (begins.startsWith('\x1f\x8b')) return { read: 'gzip' }
  if (['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].some((mark) => begins.startsWith(mark))) return { read: 'zip' }
  if (begins.startsWith('PAR1')) return { read: 'parquet' }
  const mark = marks.find((each) => begins.startsWith(each.begins, each.at ?? 0))
  return mark ? { not: mark.not } : textKind(begins.replace(/\0/g, ''), name)
}

/** @param begins of a text, whatever its encoding, without zero bytes */
function textKind(begins: string, name: string): FileKind {
  const text = begins.replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff|\uFEFF|\s)+/, '')
  if (text.startsWith('version https://git-lfs')) return { not: lfs(text) }
  if (/^<!doctype html|^<(html|head|body|script)\b/i.test(text)) {
    return {
      not: 'It is a web page and not the file, as when a link leads to a page about it or asks to sign in: download the file itself',
    }
  }
  if (/^<\?xml|^<[a-z][\w:-]*[\s>]/i.test(text)) return { not: 'It is XML, which is not read here' }
  if (!/^[[{]/.test(text) && isTable(text, name)) {
    return {
      not: 'It is a table (CSV or TSV), which is not read here: take the JSON, JSON Lines or Parquet file of the data set',
    }
  }
  return { read: 'text' }
}

/** By its name, or by a first line of several names with commas or tabs between. */
function isTable(text: string, name: string): boolean {
  if (/\.(csv|tsv)$/i.test(name)) return true
  const [line = ''] = text.split('\n')
  const cells = line.split(line.includes('\t') ? '\t' : ',').map((cell) => cell.trim().replace(/^"|"$/g, ''))
  return (
    cells.length > 2 &&
    cells.every((cell) => /^[\w .-]{0,40}$/.test(cell)) &&
    cells.some((cell) => /^(_?id|question|answer|context)$/i.test(cell))
  )
}

function lfs(text: string): string {
  const size = Number(/^size (\d{1,15})$/m.exec(text)?.[1] ?? NaN)
  const of = Number.isFinite(size) ? `, which has ${size.toLocaleString('en')} bytes` : ''
  return `It is a Git LFS pointer, a note in the place of the file${of}: get the file itself with git lfs pull, or download it from the page of its repository`
}
