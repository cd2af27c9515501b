// A view as a link: what is on show in the page's hash, and back. Pure; what does not fit is reported and left out, never
// trusted.
import { fit } from '../../core/fit.ts'
import { defaultConfig } from '../state/config.ts'
import { customModelSchema } from '../state/custom-model.ts'
import type { View } from '../state/ui.ts'
import { noFilters } from '../table/filters.ts'
import type { Link } from './field.ts'
import { addressFields } from './fields.ts'

export type { Link, RunPlace } from './field.ts'

/** Longer hashes are not read, characters: what this page writes has a few hundred. */
const maxHash = 20_000
/** Parts that are not known are named up to this many; of a value so many characters. */
const shown = { unknown: 5, value: 60 }

const cut = (text: string) => (text.length > shown.value ? `${text.slice(0, shown.value)}…` : text)

/** What of a link was left out, and why; its words are the page's (problem-words.ts). */
export type LinkProblem =
  | { kind: 'misfit'; name: string; value: string; message: string }
  /** Given twice, of which the first holds; not known here. */
  | { kind: 'twice' | 'unknown'; name: string; value: string }
  /** So many others that are not known. */
  | { kind: 'more'; count: number }
  /** In characters. */
  | { kind: 'long'; length: number; limit: number }
  /** A model of one's own lacks a name or an address. */
  | { kind: 'custom'; value: string }

/** What is given under the names that are known, the first of each. The others are counted, and the first few named. */
function sorted(hash: string, names: ReadonlySet<string>): { values: Map<string, string>; problems: LinkProblem[] } {
  const values = new Map<string, string>()
  const problems: LinkProblem[] = []
  const doubled = new Set<string>()
  let unknown = 0
  for (const [name, value] of new URLSearchParams(hash)) {
    if (names.has(name)) {
      if (!values.has(name)) values.set(name, value)
      else if (!doubled.has(name)) {
        doubled.add(name)
        problems.push({ kind: 'twice', name, value: cut(value) })
      }
    } else if (++unknown <= shown.unknown) problems.push({ kind: 'unknown', name: cut(name), value: cut(value) })
  }
  if (unknown > shown.unknown) problems.push({ kind: 'more', count: unknown - shown.unknown })
  return { values, problems }
}

const nothing: Link = {
  view: 'watch', config: defaultConfig, custom: null, own: null, played: null, episode: null, branch: null, step: null, rollout: null,
  file: null, beside: false, table: { filters: noFilters, sort: null }, comparison: null, experiment: null, training: null,
}

/**
 * Reads a hash, with or without its #. Problems name the value that was left out.
 * @param views the views that there are
 */
export function readLink(hash: string, views: readonly View[]): { link: Link; problems: LinkProblem[] } {
  const fields = addressFields(views)
  const tooLong = hash.length > maxHash
  const known = new Set(fields.map(({ name }) => name))
  const { values, problems } = sorted(tooLong ? '' : hash.replace(/^#/, ''), known)
  if (tooLong) problems.push({ kind: 'long', length: hash.length, limit: maxHash })
  let link = nothing
  for (const { name, read } of fields) {
    const text = values.get(name)
    if (text === undefined) continue
    const next = read(text, link)
    if (next.success) link = next.data
    else problems.push({ kind: 'misfit', name, value: cut(text), message: next.misfit.message })
  }
  const gave = values.has('model_url') || values.has('model_library')
  if (gave && !(link.custom && fit(customModelSchema, { ...link.custom, name: link.config.model }).success)) {
    problems.push({ kind: 'custom', value: cut(values.get('model') ?? '') })
    link = { ...link, custom: null }
  }
  return { link, problems }
}

/** Writes a link as a hash, # included; what is as usual is left out. */
export function writeLink(link: Link): string {
  const given = new URLSearchParams()
  for (const { name, write } of addressFields([link.view])) {
    const text = write(link)
    if (text !== null) given.set(name, text)
  }
  return `#${given.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`
}
