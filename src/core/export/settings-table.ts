// README of an export: each setting of the run and where an engine has it, so that none is left unsaid.
import { namesOf } from '../table.ts'
import type { TrainConfig } from '../training/config.ts'

/** Where an engine has each setting, in a few words, with what differs there; null: nowhere. */
export type SettingPlaces = Readonly<Record<keyof TrainConfig, (config: TrainConfig) => string | null>>

/** What differs and is no setting. */
interface OtherPlace {
  what: string
  here: string
  there: string
}

const shortJson = (value: unknown): string => {
  const text = value === undefined ? 'left out' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const cell = (text: string) => text.replaceAll('|', '\\|')

/** A table in Markdown: first what the engine does not hold. */
export function settingsTable(config: TrainConfig, places: SettingPlaces, engine: string, others: readonly OtherPlace[]): string {
  const rows = namesOf(places).map((name) => ({ what: `\`${name}\``, here: `\`${cell(shortJson(config[name]))}\``, there: places[name](config) }))
  const line = ({ what, here, there }: { what: string; here: string; there: string | null }) => `| ${what} | ${here} | ${there === null ? '**not held**' : cell(there)} |`
  const [lost, held] = [rows.filter(({ there }) => there === null), rows.filter(({ there }) => there !== null)]
  return [`| | in this run | in ${engine} |`, '|---|---|---|', ...[...lost, ...held].map(line), ...others.map(({ what, here, there }) => line({ what, here: cell(here), there }))].join('\n')
}
