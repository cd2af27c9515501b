// Where weights are fetched from: an entry of the catalogue, or a folder in Hugging Face form that somebody names.
import { hash32 } from '../../random.ts'
import { addressOf, entryOf } from './catalogue.ts'

export type WeightsSource = { kind: 'entry'; id: string } | { kind: 'address'; name: string; address: string }

/** Under which the weights are kept in this browser. Of an address: readable, and another one for another address. */
export function keyOf(source: WeightsSource): string {
  if (source.kind === 'entry') return source.id
  const address = plainAddress(source.address)
  const readable = address.replace(/^https?:\/\//, '').replaceAll(/[^\w.]+/g, '-').slice(0, 80)
  return `own-${readable}-${hash32(address).toString(16).padStart(8, '0')}`
}

/** An address is that of a folder, with a slash at its end, or of one GGUF file; without what names neither. */
function plainAddress(address: string): string {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}${pathname.endsWith('/') || isGguf(pathname) ? '' : '/'}`
}

/** The address is that of a model in one GGUF file. */
export const isGguf = (address: string): boolean => /\.gguf$/i.test(address)

/** Where the source's files lie, or its one file; null: the catalogue has no such entry. */
export function addressIn(source: WeightsSource): string | null {
  if (source.kind === 'address') return plainAddress(source.address)
  const entry = entryOf(source.id)
  return entry ? addressOf(entry) : null
}
