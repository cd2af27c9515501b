// What an agent keeps beside the text of a memory: keywords, links, whatever it wrote there. A link leads to its entry.
import type { MemoryRecord } from '../../core/record/trajectory.ts'
import { isObject } from '../../core/is-object.ts'
import { sameData } from '../../core/same-data.ts'
import { t } from '../locales/index.ts'
import { MemoryChip } from './hits.tsx'

const isText = (value: unknown): value is string => typeof value === 'string'
/** As a store names its entries. */
const isId = (value: string) => /^m\d+$/.test(value)

/** A relation reads as it is said, "Ada · runs · a bakery"; what is not a few texts stays as it is kept. */
function wordsOf(value: unknown): string {
  if (isText(value)) return value
  const parts: unknown[] = isObject(value) ? Object.values(value) : []
  return parts.length > 0 && parts.every(isText) ? parts.join(' · ') : JSON.stringify(value)
}

function Value({ value, at, id }: { value: unknown; at: number; id: string }) {
  if (!Array.isArray(value)) return <span>{wordsOf(value)}</span>
  const items: unknown[] = value
  return items.map((item, i) =>
    isText(item) && isId(item) && item !== id ? (
      <MemoryChip key={i} id={item} at={at} />
    ) : (
      <span key={i}>
        {wordsOf(item)}
        {i < items.length - 1 && ','}
      </span>
    ),
  )
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** The fields that have something to say. @param was the entry before a change: only what is another now */
export function fieldsOf({ metadata: { extra } }: MemoryRecord, was?: MemoryRecord): [name: string, value: unknown][] {
  return Object.entries(extra).filter(([name, value]) => !isEmpty(value) && !(was && sameData(was.metadata.extra[name], value)))
}

interface MemoryFieldsProps {
  entry: MemoryRecord
  was?: MemoryRecord
  /** Step at whose end it is looked at. */
  at: number
}

export function MemoryFields({ entry, was, at }: MemoryFieldsProps) {
  const names: Readonly<Record<string, string>> = t().episode.longTerm.fields
  const fields = fieldsOf(entry, was)
  if (fields.length === 0) return null
  return (
    <dl className="memory-fields">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{names[name] ?? name}</dt>
          <dd>
            <Value value={value} at={at} id={entry.id} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
