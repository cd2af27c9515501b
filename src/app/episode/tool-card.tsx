// One tool call: what was asked, with which arguments, and what came back.
import { CornerDownRight, X } from 'lucide-react'
import type { Aside, CallRecord, EpisodeEvent } from '../../core/record/trajectory.ts'
import { isToolName } from '../../core/agents/agemem/tools/index.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { Clamp } from '../ui/clamp.tsx'
import { Fill } from '../ui/fill.tsx'
import { Term } from '../ui/term.tsx'
import { lookOfTool } from '../ui/tools.tsx'
import { AsideCard } from './aside-card.tsx'
import { Hits, MemoryChip, SimilarityBar } from './hits.tsx'

/** Why a call failed, in words. */
function errorWords(error: string | null | undefined): string {
  const words: Partial<Record<string, string>> = t().episode.call.errors
  return words[error ?? ''] ?? t().episode.call.failed
}

/** The argument that says what the call is about; it is shown first and large. */
const mainArguments: Record<string, string> = {
  Add_memory: 'content',
  Update_memory: 'content',
  Retrieve_memory: 'query',
  Filter_context: 'criteria',
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function Arguments({ call, at }: { call: CallRecord; at: number }) {
  const main = mainArguments[call.name]
  const mainValue = main === undefined ? undefined : call.arguments[main]
  const rest = Object.entries(call.arguments).filter(([name]) => name !== main || mainValue === undefined)
  return (
    <>
      {main !== undefined && mainValue !== undefined && (
        <p className="call-main wrote">
          <span className="unseen">{t().episode.call.argument(main)}</span>
          <Clamp text={show(mainValue)} lines={4} />
        </p>
      )}
      {rest.length > 0 && (
        <dl className="call-rest">
          {rest.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="wrote">{name === 'memory_id' && typeof value === 'string' && call.ok ? <MemoryChip id={value} at={at} /> : show(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

function Was({ text }: { text: string }) {
  return (
    <>
      <span className="quiet">{t().episode.call.was}</span> <del className="wrote">{text}</del>
    </>
  )
}

function Outcome({ call, events, at }: { call: CallRecord; events: readonly EpisodeEvent[]; at: number }) {
  const words = t().episode.call
  const event = events.find((each) => each.type !== 'stm.append')
  if (!call.ok || !event) return <p>{call.result}</p>
  switch (event.type) {
    case 'ltm.add':
      return (
        <p>
          <Fill words={words.stored} slots={{ id: <MemoryChip id={event.entry.id} at={at} /> }} />
        </p>
      )
    case 'ltm.update':
      return (
        <p>
          <Fill words={words.updated} slots={{ id: <MemoryChip id={event.after.id} at={at} />, was: <Was text={event.before.content} /> }} />
        </p>
      )
    case 'ltm.delete':
      return (
        <p>
          <Fill words={words.deleted} slots={{ id: event.entry.id, was: <Was text={event.entry.content} /> }} />
        </p>
      )
    case 'ltm.retrieve':
      return <Hits hits={event.hits} at={at} />
    case 'stm.filter': {
      const highest = [...event.similarities].sort((a, b) => b.similarity - a.similarity)[0]
      return (
        <div className="filter-outcome">
          <p>{event.removed.length === 0 ? words.nothingRemoved : words.removed(event.removed.length, event.similarities.length)}</p>
          {highest && (
            <p className="filter-nearest">
              <span className="quiet">{words.closest}</span>
              <SimilarityBar value={highest.similarity} threshold={event.threshold} />
              <span className="quiet">
                <Term name="theta" value={decimal(event.threshold)}>{words.theta(decimal(event.threshold))}</Term>
              </span>
            </p>
          )}
        </div>
      )
    }
    case 'stm.summarise':
      return (
        <>
          <p>{words.summarised(event.removed.length)}</p>
          <blockquote className="wrote">{event.message.content}</blockquote>
        </>
      )
    default:
      return <p>{call.result}</p>
  }
}

interface ToolCardProps {
  call: CallRecord
  /** What this call changed, in order. */
  events: readonly EpisodeEvent[]
  /** What the policy was asked for it. */
  asides: readonly Aside[]
  /** Index of the step. */
  at: number
  /** The message of its result has left the context. */
  faded: boolean
}

export function ToolCard({ call, events, asides, at, faded }: ToolCardProps) {
  const { hue, icon: Icon } = lookOfTool(call.name)
  return (
    <div
      role="group"
      className="call"
      data-hue={call.ok ? hue : 'bad'}
      data-ok={call.ok}
      data-gone={faded}
      aria-label={t().episode.call.region(call.name, call.ok)}
    >
      <header className="call-head">
        <Icon aria-hidden />
        {isToolName(call.name) ? (
          <Term name={call.name} plain>
            <span className="wrote">{call.name}</span>
          </Term>
        ) : (
          <span className="wrote">{call.name}</span>
        )}
        {!call.ok && (
          <span className="call-failed">
            <X aria-hidden /> {errorWords(call.error)}
          </span>
        )}
      </header>
      <Arguments call={call} at={at} />
      {asides.map((aside, i) => (
        <AsideCard key={i} aside={aside} byRules={false} />
      ))}
      <div className="call-outcome">
        <CornerDownRight aria-hidden />
        <div>
          <Outcome call={call} events={events} at={at} />
        </div>
      </div>
    </div>
  )
}
