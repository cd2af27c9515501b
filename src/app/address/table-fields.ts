// What a table on show is narrowed to, and its order, in the address: the table of all rollouts and that of episodes.
import { z } from 'zod'
import { outcomes } from '../table/rows.ts'
import { noFilters, places, type Filters, type Range, type Sort } from '../table/filters.ts'
import { field, number, oneOf, wholeNumber, type Field, type Link } from './field.ts'

const text = (most: number) => z.string().min(1).max(most, `needs at most ${most} characters`)
const column = z.string().regex(/^-?[a-z]{1,20}$/, 'is not the name of a column')

const narrowed = (link: Link, patch: Partial<Filters>): Link => ({ ...link, table: { ...link.table, filters: { ...link.table.filters, ...patch } } })

/** A filter that is written where it is not as usual. */
const filter = <K extends 'text' | 'place' | 'outcome' | 'tool' | 'agent' | 'task'>(name: string, key: K, schema: z.ZodType<Filters[K] & string>) =>
  field<Filters[K] & string>(
    name,
    schema,
    ({ table: { filters } }) => {
      const value = filters[key]
      return value === noFilters[key] || value === null ? null : value
    },
    (link, value) => narrowed(link, { [key]: value }),
  )

const end = (name: string, key: 'reward' | 'step', side: keyof Range, schema: z.ZodType<number>) =>
  field(
    name,
    schema,
    ({ table }) => table.filters[key][side],
    (link, value) => narrowed(link, { [key]: { ...link.table.filters[key], [side]: value } }),
  )

const order = ({ column: name, descending }: Sort) => `${descending ? '-' : ''}${name}`

export const tableFields: readonly Field[] = [
  filter('find', 'text', text(200)),
  filter('find_in', 'place', oneOf(places)),
  filter('outcome', 'outcome', oneOf(outcomes)),
  filter('used', 'tool', z.string().regex(/^\w{1,40}$/, 'is not the name of a tool')),
  filter('by_agent', 'agent', z.string().regex(/^[\w-]{1,40}$/, 'is not the name of an agent')),
  filter('only', 'task', text(1000)),
  end('reward_from', 'reward', 'from', number),
  end('reward_to', 'reward', 'to', number),
  end('steps_from', 'step', 'from', wholeNumber),
  end('steps_to', 'step', 'to', wholeNumber),
  field(
    'sort',
    column,
    ({ table: { sort } }) => sort && order(sort),
    (link, value) => ({ ...link, table: { ...link.table, sort: { column: value.replace('-', ''), descending: value.startsWith('-') } } }),
  ),
]
