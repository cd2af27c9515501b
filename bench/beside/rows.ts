// What was measured, as it is kept, and as the README shows it: times beside ours of the same kind, and why where there is none.
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { mustFit } from '../../src/core/fit.ts'

export const partNames = ['grpo', 'lora', 'decode'] as const
export type PartName = (typeof partNames)[number]

const rowSchema = z.object({
  table: z.string(),
  name: z.string(),
  /** Which of ours it stands beside. */
  place: z.enum(['browser', 'native']),
  /** Library, version and device, in words. */
  library: z.string(),
  milliseconds: z.object({ median: z.number(), fastest: z.number(), slowest: z.number(), runs: z.number() }).nullable(),
  tokens_per_second: z.number().nullable(),
  /** Why there is no time. */
  problem: z.string().nullable(),
  note: z.string().nullable(),
})
export type BesideRow = z.infer<typeof rowSchema>

const partSchema = z.object({
  date: z.string(),
  machine: z.string(),
  cores: z.number(),
  /** Average of a minute, before and after. */
  load: z.tuple([z.number(), z.number()]),
  rows: z.array(rowSchema),
})
export type Part = z.infer<typeof partSchema>
const resultsSchema = z.partialRecord(z.enum(partNames), partSchema)
export type Results = z.infer<typeof resultsSchema>

export const isOurs = ({ name }: Pick<BesideRow, 'name'>): boolean => name.startsWith('ours')

/** What was measured before; nothing where the file is not there. */
export function readResults(path: string): Results {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return {}
  }
  return mustFit(resultsSchema, JSON.parse(text))
}

const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })

function tableOf(title: string, rows: readonly BesideRow[]): string {
  const line = (row: BesideRow): string => {
    const { milliseconds, problem } = row
    const named = `${row.name}${row.note === null ? '' : ` (${row.note})`}`
    // An error's first line is its message; what stands in a cell has no bar.
    if (!milliseconds) return `| ${named} | not measured: ${(problem ?? '').split('\n')[0]?.replaceAll('|', '/') ?? ''} | | |`
    const ours = rows.find((each) => isOurs(each) && each.place === row.place)?.milliseconds
    const ratio = ours && !isOurs(row) ? `${(milliseconds.median / ours.median).toFixed(2)} ×` : ''
    const seconds = milliseconds.median >= 10_000 ? `${number(milliseconds.median / 1000)} s` : `${number(milliseconds.median)} ms`
    return `| ${named} | ${seconds} | ${row.tokens_per_second === null ? '' : number(row.tokens_per_second)} | ${ratio} |`
  }
  return `| ${title} | median | tokens/s | time beside ours there |\n|---|---|---|---|\n${rows.map(line).join('\n')}`
}

/** The README's words of everything that was measured. */
export function wordsOf(results: Results): string {
  const parts = partNames.flatMap((name) => {
    const part = results[name]
    if (!part) return []
    const titles = [...new Set(part.rows.map(({ table }) => table))]
    // What was there before: afterwards it is the bench's own.
    const busy = part.load[0] > 0.5 * part.cores ? ' The machine was busy with other things meanwhile: times are too long, ratios hold better.' : ''
    const where = `On ${part.machine}, ${part.cores} cores, ${part.date.slice(0, 10)}, load ${part.load.map((load) => load.toFixed(1)).join(' before and ')} after.${busy}`
    return [`${titles.map((title) => tableOf(title, part.rows.filter(({ table }) => table === title))).join('\n\n')}\n\n${where}`]
  })
  return parts.join('\n\n')
}

const marks = { begin: '<!-- bench:peers -->', end: '<!-- /bench:peers -->' }

/** Puts the words between the marks of a file. @throws Error when it has none */
export function writeBetweenMarks(path: string, words: string): void {
  const text = readFileSync(path, 'utf8')
  const [from, to] = [text.indexOf(marks.begin), text.indexOf(marks.end)]
  if (from < 0 || to < from) throw new Error(`${path} has no place for the numbers: ${marks.begin} … ${marks.end}.`)
  writeFileSync(path, `${text.slice(0, from + marks.begin.length)}\n${words}\n${text.slice(to)}`)
}
