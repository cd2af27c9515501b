// What a file is by its first bytes, where it is not what its name says. Reads nothing itself.

/** What files turn out to be that should have been something else. */
export type FileKind = 'empty' | 'lfs-pointer' | 'html' | 'gzip' | 'zip' | 'pickle' | 'gguf' | 'hdf5' | 'json' | 'text'

/** Bytes from the beginning that are looked at. */
const looked = 512

const starts = (bytes: Uint8Array, magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte)
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))

function textOf(head: Uint8Array): string | null {
  const part = head.subarray(0, looked)
  if (part.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return null
  return new TextDecoder().decode(part).replace(/^\uFEFF/, '').trimStart()
}

/** What the file is by its beginning; null: nothing that is known here, so it may be what it should. */
export function kindOfFile(head: Uint8Array): FileKind | null {
  if (head.length === 0) return 'empty'
  if (starts(head, [0x1f, 0x8b])) return 'gzip'
  if (starts(head, ascii('PK\x03\x04')) || starts(head, ascii('PK\x05\x06'))) return 'zip'
  if (starts(head, ascii('GGUF')) || starts(head, ascii('ggml')) || starts(head, ascii('lmgg'))) return 'gguf'
  if (starts(head, ascii('\x89HDF'))) return 'hdf5'
  // The opcode PROTO and the protocol's number.
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5) return 'pickle'
  const text = textOf(head)
  if (text === null) return null
  if (/^version https?:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//.test(text)) return 'lfs-pointer'
  if (/^(<!doctype html|<html|<head|<\?xml)/i.test(text)) return 'html'
  return /^[{[]/.test(text) ? 'json' : 'text'
}
