// Where weights are fetched from: an entry of the catalogue, or a folder in Hugging Face form that somebody names.
import { hash32 } from '../../random.ts'
import { addressOf, entryOf } from './catalogue.ts'

export type WeightsSource = { kind: 'entry'; id: string } | { kind: 'address'; name: string; address: string }

/** Under which the weights are kept in this browser. Of an address: readable, and another one for another address. */
export function keyOf(source: WeightsSource): string {
  if (source.kind === 'entry') return source.id
  const address = folderAddress(source.address)
  const readable = address.replace(/^https?:\/\//, '').replaceAll(/[^\w.]+/g, '-').slice(0, 80)
  return `own-${readable}-${hash32(address).toString(16).padStart(8, '0')}`
}

/** The address with a slash at its end, without what does not name a folder. */
export function folderAddress(address: string): string {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}${pathname.endsWith('/') ? '' : '/'}`
}

/** Where the source's files lie; null: the catalogue has no such entry. */
export function addressIn(source: WeightsSource): string | null {
  if (source.kind === 'address') return folderAddress(source.address)
  const entry = entryOf(source.id)
  return entry ? addressOf(entry) : null
}
