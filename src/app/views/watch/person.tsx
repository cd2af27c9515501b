// Whoever sits here is the agent: what was heard, a form for a tool or an answer, and what a model would have said.
import { Eye, Plus, Send } from 'lucide-react'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { formatReply, parseReply } from '../../../core/agents/agemem/protocol/parser.ts'
import { toolParameters, type Property } from '../../../core/agents/agemem/protocol/parameters.ts'
import { tools, type ToolName } from '../../../core/agents/agemem/tools/index.ts'
import { messageOf } from '../../../core/error-message.ts'
import { isObject } from '../../../core/is-object.ts'
import { memoryAt } from '../../../core/record/replay.ts'
import type { Generation, ToolCall } from '../../../core/record/trajectory.ts'
import type { PersonAsked } from '../../../rpc/contracts.ts'
import { t } from '../../locales/index.ts'
import { purposeWords } from '../../episode/aside-card.tsx'
import { toolsOf } from '../../state/agent-names.ts'
import { policyChoice } from '../../state/config.ts'
import { useEpisode, useModel, useStores } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { lookOfTool } from '../../ui/tools.tsx'
import styles from './person.module.css'

const words = () => t().play.person

type Given = Readonly<Record<string, string>>

/** The arguments as a call has them; what was left empty is left out. */
function argumentsOf(tool: ToolName, given: Given): Record<string, unknown> {
  const { properties } = toolParameters[tool]
  const entries = Object.entries(properties).flatMap(([name, { type }]): [string, unknown][] => {
    const text = given[name] ?? ''
    if (type === 'boolean') return [[name, text === 'true']]
    if (text.trim() === '') return []
    if (type === 'integer') return [[name, Number(text)]]
    return [[name, type === 'object' ? objectIn(text) : text]]
  })
  return Object.fromEntries(entries)
}

/** null: it is no object in JSON. */
function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

interface ArgumentProps {
  name: string
  property: Property
  needed: boolean
  value: string
  onChange: (value: string) => void
}

/** Where a text is long, and where it names a memory. */
const long = new Set(['content', 'criteria'])

function Argument({ name, property: { type, minimum, maximum, description }, needed, value, onChange }: ArgumentProps) {
  const field = { value, required: needed, 'aria-label': name }
  return (
    <label className={styles['argument']}>
      <span>
        <code>{name}</code> {!needed && <span className="quiet">{words().optional}</span>} <span className="quiet">{description}</span>
      </span>
      {type === 'boolean' ? (
        <input type="checkbox" aria-label={name} checked={value === 'true'} onChange={(event) => { onChange(String(event.target.checked)) }} />
      ) : type === 'integer' ? (
        <input type="number" step={1} min={minimum} max={maximum} {...field} onChange={(event) => { onChange(event.target.value) }} />
      ) : type === 'object' || long.has(name) ? (
        <textarea rows={2} {...field} onChange={(event) => { onChange(event.target.value) }} />
      ) : (
        <input list={name === 'memory_id' ? 'memories-known' : undefined} {...field} onChange={(event) => { onChange(event.target.value) }} />
      )}
    </label>
  )
}

/** What was heard since the agent spoke last. */
function Heard({ asked: { conversation } }: { asked: PersonAsked }) {
  const since = conversation.findLastIndex(({ role }) => role === 'assistant')
  const news = conversation.slice(since + 1).filter(({ role }) => role !== 'system')
  return (
    <div className={styles['heard']}>
      <ul aria-label={words().heard}>
        {news.map(({ role, content }, i) => (
          <li key={i} data-role={role} className="wrote">
            {content}
          </li>
        ))}
      </ul>
      <details>
        <summary>{words().context(conversation.length)}</summary>
        <ol>
          {conversation.map(({ role, content }, i) => (
            <li key={i}>
              <span className="label">{role}</span> <span className="wrote">{content}</span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  )
}

function CallWords({ call: { name, arguments: given } }: { call: ToolCall }) {
  const { hue, icon: Icon } = lookOfTool(name)
  return (
    <span data-hue={hue} className="wrote">
      <Icon aria-hidden /> {name} {JSON.stringify(given)}
    </span>
  )
}

/** What the model that comes with the page would say, if somebody wants to know. */
function Suggestion({ onTake }: { onTake: (text: string) => void }) {
  const { episode, config } = useStores()
  const nanoSource = useModel((state) => state.nanoSource)
  const [seen, setSeen] = useState<{ state: 'hidden' | 'asking' } | { state: 'said'; said: Generation } | { state: 'failed'; message: string }>({ state: 'hidden' })
  const look = async () => {
    const model = policyChoice({ ...config.getState(), policy: 'nano' }, { nano: nanoSource, own: null })
    if (!model) return
    setSeen({ state: 'asking' })
    try {
      setSeen({ state: 'said', said: await episode.getState().suggest(model) })
    } catch (error) {
      setSeen({ state: 'failed', message: messageOf(error) })
    }
  }
  if (seen.state === 'failed') return <p className="field-error">{words().noSuggestion(seen.message)}</p>
  if (seen.state !== 'said') {
    return (
      <Button size="small" disabled={seen.state === 'asking'} onClick={() => void look()}>
        <Eye aria-hidden /> {seen.state === 'asking' ? words().asking : words().suggest}
      </Button>
    )
  }
  const { think, calls, answer } = parseReply(seen.said.text)
  return (
    <section className={styles['suggestion']} aria-label={words().suggestion}>
      <h4 className="label">{words().suggestion}</h4>
      {think !== null && think !== '' && <p className="think wrote">{think}</p>}
      {calls.map((call, i) => (
        <p key={i}>
          <CallWords call={call} />
        </p>
      ))}
      {answer !== null && <p className="wrote">{answer}</p>}
      {calls.length === 0 && answer === null && <p className="wrote">{seen.said.text}</p>}
      <Button size="small" onClick={() => { onTake(seen.said.text) }}>
        {words().take}
      </Button>
    </section>
  )
}

type Action = 'answer' | ToolName

function Turn() {
  const { episode } = useStores()
  const shown = useEpisode((state) => state.shown)
  const [action, setAction] = useState<Action>('answer')
  const [given, setGiven] = useState<Given>({})
  const [think, setThink] = useState('')
  const [answer, setAnswer] = useState('')
  const [calls, setCalls] = useState<readonly ToolCall[]>([])
  const form = useRef<HTMLFormElement>(null)
  const { reply } = episode.getState()
  const actions: readonly Action[] = ['answer', ...toolsOf(shown?.trajectory.setup.agent ?? 'agemem')]
  useEffect(() => { form.current?.querySelector<HTMLElement>('textarea, input:checked')?.focus() }, [])

  const present = () => (action === 'answer' ? null : { name: action, arguments: argumentsOf(action, given) })
  const send = (event: FormEvent) => {
    event.preventDefault()
    const call = present()
    reply(formatReply(think, call ? { calls: [...calls, call] } : { answer }))
  }
  const more = () => {
    const call = present()
    if (!call || !form.current?.reportValidity()) return
    setCalls([...calls, call])
    setGiven({})
  }
  const known = shown ? memoryAt(shown.trajectory, Infinity, 'after') : []
  return (
    <form
      ref={form}
      className={styles['turn']}
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit()
      }}
    >
      <fieldset className={styles['actions']}>
        <legend className="unseen">{words().choose}</legend>
        {actions.map((name) => {
          const look = name === 'answer' ? null : lookOfTool(name)
          return (
            <label key={name} data-hue={look?.hue ?? 'none'} data-chosen={name === action}>
              <input type="radio" name="action" checked={name === action} onChange={() => { setAction(name); setGiven({}) }} />
              {look && <look.icon aria-hidden />} {look ? look.word : words().answer}
            </label>
          )
        })}
      </fieldset>
      {actions.length === 1 && <p className="quiet">{t().agents.noTools}</p>}
      {calls.length > 0 && (
        <ol className={styles['calls']} aria-label={words().queued}>
          {calls.map((call, i) => (
            <li key={i}>
              <CallWords call={call} />
            </li>
          ))}
        </ol>
      )}
      {action === 'answer' ? (
        <label className={styles['argument']}>
          <span>{calls.length > 0 ? words().answerDropsCalls : words().answerAbout}</span>
          <textarea rows={2} aria-label={words().answer} required value={answer} onChange={(event) => { setAnswer(event.target.value) }} />
        </label>
      ) : (
        <>
          <p className="quiet">{tools[action].description}</p>
          {Object.entries(toolParameters[action].properties).map(([name, property]) => (
            <Argument key={`${action}/${name}`} name={name} property={property} needed={toolParameters[action].required.includes(name)} value={given[name] ?? ''} onChange={(value) => { setGiven({ ...given, [name]: value }) }} />
          ))}
          <datalist id="memories-known">
            {known.map(({ id, content }) => (
              <option key={id} value={id}>
                {content}
              </option>
            ))}
          </datalist>
        </>
      )}
      <label className={styles['argument']}>
        <span>
          {words().think} <span className="quiet">{words().optional}</span>
        </span>
        <input value={think} aria-label={words().think} onChange={(event) => { setThink(event.target.value) }} />
      </label>
      <div className={styles['foot']}>
        <Button look="primary" type="submit" title={words().sendKeys}>
          <Send aria-hidden /> {action === 'answer' ? words().say : words().call(calls.length + 1)}
        </Button>
        {action !== 'answer' && (
          <Button size="small" onClick={more}>
            <Plus aria-hidden /> {words().another}
          </Button>
        )}
        <Suggestion onTake={reply} />
      </div>
    </form>
  )
}

/** What is asked besides: Summary_context asks who called it to write the summary. */
function Aside({ asked: { purpose } }: { asked: PersonAsked }) {
  const { episode } = useStores()
  const [text, setText] = useState('')
  return (
    <form
      className={styles['turn']}
      onSubmit={(event) => {
        event.preventDefault()
        episode.getState().reply(text)
      }}
    >
      <label className={styles['argument']}>
        <span>{purpose === 'summarise' ? words().summary : purposeWords(purpose)}</span>
        <textarea rows={3} required autoFocus aria-label={purpose === 'summarise' ? words().summary : purposeWords(purpose)} value={text} onChange={(event) => { setText(event.target.value) }} />
      </label>
      <div className={styles['foot']}>
        <Button look="primary" type="submit">
          <Send aria-hidden /> {words().write}
        </Button>
        <Suggestion onTake={episode.getState().reply} />
      </div>
    </form>
  )
}

export function Person({ asked }: { asked: PersonAsked }) {
  const steps = useEpisode((state) => state.shown?.trajectory.steps.length ?? 0)
  return (
    <section className={styles['person']} aria-label={words().title} tabIndex={-1}>
      <h3>{words().title}</h3>
      <Heard asked={asked} />
      {asked.purpose === 'act' ? <Turn key={steps} /> : <Aside key={`${steps}-${asked.purpose}`} asked={asked} />}
    </section>
  )
}
