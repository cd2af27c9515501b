// One step in the conversation: what the environment said, what the agent thought and did, what came back.
import { Brain, MessageSquareReply, RotateCcw, Sigma, TriangleAlert } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { Departure } from '../../core/evaluation/provenance.ts'
import type { EventOf, Step, Violation } from '../../core/record/trajectory.ts'
import { t } from '../locales/index.ts'
import { Clamp } from '../ui/clamp.tsx'
import { Fill } from '../ui/fill.tsx'
import { Term } from '../ui/term.tsx'
import { AsideCard } from './aside-card.tsx'
import { courseOf, isMemoryEvent, type Course, type CourseItem } from './course.ts'
import { kindsOf, useDerived } from './derived.tsx'
import { Hits } from './hits.tsx'
import { MemoryDoing } from './memory-doing.tsx'
import { GoneMark, UserMessage } from './message.tsx'
import { ToolCard } from './tool-card.tsx'

/** What a message of this step became by the moment on show. */
type Became = (id: string) => Departure | null

function Reset({ event }: { event: EventOf<'stm.reset'> }) {
  const words = t().episode.conversation
  return (
    <p className="reset-line">
      <RotateCcw aria-hidden />
      <span>
        <Fill
          words={words.reset}
          slots={{ reset: <Term name="reset">{words.resetName}</Term>, messages: words.messages(event.removed.length) }}
        />
      </span>
    </p>
  )
}

/** As the agent titles what it puts into the context: "Core memory:"; null: it does not, or as AgeMem does. */
function titleOf(content: string): string | null {
  const title = /^(\p{L}[\p{L} ]*):\n/u.exec(content)?.[1] ?? null
  return title === 'Related memories' ? null : title
}

/** What the memories of a message are. */
function Recalled({ content }: { content: string }) {
  const title = titleOf(content)
  return title === null ? <Term name="recall" /> : <span className="wrote">{title}</span>
}

/** Messages that the agent put one summary in the place of, or one that it rewrote, by itself. */
function Summarised({ event: { removed, message } }: { event: EventOf<'stm.summarise'> }) {
  const words = t().episode
  const title = titleOf(message.content)
  return (
    <div className="recalled">
      <div className="recalled-head">
        <Sigma aria-hidden />
        {title === null ? words.call.summarised(removed.length) : `${title}: ${words.asides.rewritten}`}
      </div>
      <p className="wrote said-text">
        <Clamp text={message.content} lines={6} />
      </p>
    </div>
  )
}

/** What somebody changed before this reply, to see what follows. */
function ByHand({ event }: { event: EventOf<'stm.edit' | 'ltm.add' | 'ltm.update' | 'ltm.delete'> }) {
  const words = t().play.whatIf
  const [was, now] =
    event.type === 'stm.edit'
      ? [event.was, event.message.content]
      : event.type === 'ltm.update'
        ? [event.before.content, event.after.content]
        : event.type === 'ltm.add'
          ? [null, event.entry.content]
          : [event.entry.content, null]
  return (
    <div className="environment-notice">
      <p className="label">{words.byHand}</p>
      {was !== null && <del className="wrote">{was}</del>}
      {now !== null && <p className="wrote">{now}</p>}
    </div>
  )
}

interface HappenedProps {
  items: readonly CourseItem[]
  became: Became
  at: number
}

/** What was heard, what else was asked, and what the agent changed by itself, in its order. */
function Happened({ items, became, at }: HappenedProps) {
  const { task, byRules } = useDerived()
  const events = items.map((item) => (item.kind === 'event' ? item.event : null))
  return items.map((item, index) => {
    if (item.kind === 'aside') return <AsideCard key={index} aside={item.aside} byRules={byRules} />
    if (item.kind === 'by-hand') return <ByHand key={index} event={item.event} />
    const { event } = item
    if (event.type === 'stm.reset') return <Reset key={index} event={event} />
    if (event.type === 'stm.summarise') return <Summarised key={index} event={event} />
    if (isMemoryEvent(event)) return <MemoryDoing key={index} event={event} at={at} />
    if (event.type !== 'stm.append') return null
    const { message } = event
    if (message.kind === 'system' || message.kind === 'reply' || message.kind === 'notice') return null
    const recalled = events[index - 1]
    if (message.kind === 'memories' || recalled?.type === 'ltm.retrieve') {
      const gone = became(message.id)
      const hits = recalled?.type === 'ltm.retrieve' ? recalled.hits : []
      return (
        <div key={message.id} className="recalled" data-gone={gone !== null}>
          <div className="recalled-head">
            <Recalled content={message.content} />
            {gone && <GoneMark gone={gone} />}
          </div>
          {hits.length > 0 ? <Hits hits={hits} at={at} /> : <p className="wrote">{message.content}</p>}
        </div>
      )
    }
    return <UserMessage key={message.id} message={message} kinds={kindsOf(task, message)} gone={became(message.id)} />
  })
}

function ViolationNotice({ violation, text }: { violation: Violation; text: string }) {
  const from = Math.max(0, violation.position - 24)
  const words = t().episode.violations
  return (
    <div className="violation" data-hue="warn">
      <TriangleAlert aria-hidden />
      <div>
        <p>
          {violation.rule === 'window-full' ? null : (
            <>
              <Fill
                words={words.named}
                slots={{ format: <Term name="violation">{words.format}</Term>, rule: words[violation.rule] }}
              />{' '}
            </>
          )}
          {words.explain(violation.rule, violation.message)}
          {violation.recovered && ` ${words.recovered}`}
        </p>
        {text !== '' && <p className="wrote quiet">
          {from > 0 && '…'}
          {text.slice(from, violation.position)}
          <span className="violation-mark" title={words.here} />
          {text.slice(violation.position, violation.position + 24)}
          {violation.position + 24 < text.length && '…'}
        </p>}
      </div>
    </div>
  )
}

function Reply({ step, course, became, at }: { step: Step; course: Course; became: Became; at: number }) {
  const reply = step.after.find((event): event is EventOf<'stm.append'> => event.type === 'stm.append' && event.message.kind === 'reply')
  const gone = reply ? became(reply.message.id) : null
  const words = t().episode.conversation
  const notice = step.after.find((event): event is EventOf<'stm.append'> => event.type === 'stm.append' && event.message.kind === 'notice')
  const resultOf = (call: number) => step.after.find((event): event is EventOf<'stm.append'> => event.type === 'stm.append' && event.call === call)
  return (
    <div className="reply">
      {step.think !== null && step.think !== '' && (
        <p className="think wrote" data-gone={gone !== null}>
          <Brain aria-hidden />
          <span>
            <span className="unseen">{words.thinks}</span>
            {step.think}
          </span>
        </p>
      )}
      {step.violations.map((violation) => (
        <ViolationNotice key={`${violation.rule}-${violation.position}`} violation={violation} text={step.reply.text} />
      ))}
      {step.calls.map((call, index) => {
        const result = resultOf(index)
        return (
          <ToolCard key={index} call={call} events={step.after.filter((event) => event.call === index)} asides={step.asides.filter((aside) => aside.call === index)} at={at} faded={result !== undefined && became(result.message.id) !== null} />
        )
      })}
      {step.answer !== null && (
        <p className="spoken wrote" data-final={step.phase === 'answer'} data-gone={gone !== null}>
          <MessageSquareReply aria-hidden />
          <span>
            <span className="unseen">{step.phase === 'answer' ? words.answers : words.says}</span>
            {step.answer}
          </span>
        </p>
      )}
      {notice && step.calls.length === 0 && step.answer === null && <p className="environment-notice">{notice.message.content}</p>}
      {step.reply.finish === 'length' && <p className="environment-notice">{words.cutOff}</p>}
      <Happened items={course.after} became={became} at={at} />
    </div>
  )
}

interface StepBlockProps {
  step: Step
  index: number
  current: boolean
  /** Ids of its messages that have left the context by the moment on show, joined: a new string is a new picture. */
  gone: string
  onChoose: (index: number) => void
  tokens: ReactNode
}

export const StepBlock = memo(function StepBlock({ step, index, current, gone, onChoose, tokens }: StepBlockProps) {
  const { departed, branch } = useDerived()
  const course = courseOf(step, index, branch)
  const left = new Set(gone.split(' '))
  const became: Became = (id) => (left.has(id) ? (departed.get(id) ?? null) : null)
  return (
    <li className="step" data-step={index} aria-current={current ? 'step' : undefined}>
      <button type="button" className="step-number" onClick={() => { onChoose(index) }} aria-label={t().episode.conversation.goTo(index)}>
        {index + 1}
      </button>
      <div className="step-body">
        <Happened items={course.before} became={became} at={index} />
        <Reply step={step} course={course} became={became} at={index} />
        {tokens}
      </div>
    </li>
  )
})
