// A change of the long-term memory that the agent made by itself, without a call of a tool.
import { CirclePlus, PenLine, Trash2 } from 'lucide-react'
import { t } from '../locales/index.ts'
import { Fill } from '../ui/fill.tsx'
import type { MemoryEvent } from './course.ts'
import { MemoryChip } from './hits.tsx'
import { MemoryFields } from './memory-fields.tsx'

const looks = {
  'ltm.add': { icon: CirclePlus, hue: 'add' },
  'ltm.update': { icon: PenLine, hue: 'update' },
  'ltm.delete': { icon: Trash2, hue: 'delete' },
} as const

export function MemoryDoing({ event, at }: { event: MemoryEvent; at: number }) {
  const words = t().episode.asides
  const { icon: Icon, hue } = looks[event.type]
  const entry = event.type === 'ltm.update' ? event.after : event.entry
  const was = event.type === 'ltm.update' ? event.before : undefined
  const same = was?.content === entry.content
  const title = same ? words.annotated : words.doing[event.type]
  return (
    <div className="memory-doing" data-hue={hue} role="group" aria-label={words.doingRegion}>
      <p className="memory-doing-head">
        <Icon aria-hidden />
        <span>
          <Fill words={title} slots={{ id: event.type === 'ltm.delete' ? entry.id : <MemoryChip id={entry.id} at={at} /> }} />
        </span>
      </p>
      {was && !same && <del className="wrote">{was.content}</del>}
      {event.type === 'ltm.delete' ? <del className="wrote">{entry.content}</del> : !same && <p className="wrote">{entry.content}</p>}
      {event.type !== 'ltm.delete' && <MemoryFields entry={entry} was={was} at={at} />}
    </div>
  )
}
