// The short-term memory as it stands: gauge against the limit, the messages in the window, what this step changed.
import { useLayoutEffect, useRef, useState } from 'react'
import { tokensAfter } from '../../core/record/replay.ts'
import type { Step, Trajectory } from '../../core/record/trajectory.ts'
import { integer } from '../format.ts'
import { t } from '../locales/index.ts'
import { lookOfMessage } from '../ui/tools.tsx'
import { contextRows, type ContextRow } from './changes.ts'
import { SimilarityBar } from './hits.tsx'
import { OriginsBar } from './origins-bar.tsx'

/** Share of T_max from which the gauge warns. */
const nearlyFull = 0.9

function Gauge({ tokens, limit }: { tokens: number; limit: number }) {
  const share = tokens / limit
  const scale = Math.max(1, share)
  return (
    <div
      className="gauge"
      role="meter"
      aria-label={t().episode.shortTerm.gauge}
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={Math.min(tokens, limit)}
      aria-valuetext={t().episode.shortTerm.gaugeValue(tokens, limit)}
      data-level={share > 1 ? 'over' : share >= nearlyFull ? 'near' : 'fine'}
    >
      <span className="gauge-fill" style={{ width: `${(share / scale) * 100}%` }} />
      {share > 1 && <span className="gauge-limit" style={{ left: `${(1 / scale) * 100}%` }} />}
    </div>
  )
}

const signs: Record<'filtered' | 'summarised' | 'reset' | 'fresh', string> = { filtered: '−', summarised: 'Σ', reset: '−', fresh: '+' }

/** By message id: a reply in short, what it thought and then what it did, as the step has it. The whole text is a click away. */
function shortReplies(steps: readonly Step[]): Map<string, string> {
  const short = new Map<string, string>()
  for (const { think, calls, answer, after } of steps) {
    const did = answer ?? calls.map((call) => call.name).join(', ')
    const reply = after.find((event) => event.type === 'stm.append' && event.message.kind === 'reply')
    if (did === '' || reply?.type !== 'stm.append') continue
    short.set(reply.message.id, [think, did].filter((part) => part !== null && part !== '').join(' → '))
  }
  return short
}

function Row({ row, short }: { row: ContextRow; short: ReadonlyMap<string, string> }) {
  const [open, setOpen] = useState(false)
  const { icon: Icon, word } = lookOfMessage(row.message.kind)
  const mark = row.gone ?? (row.fresh ? 'fresh' : null)
  const words = t().episode.shortTerm
  const wrote = row.message.role === 'assistant' || row.message.kind === 'summary'
  return (
    <li className="context-row" data-fresh={row.fresh} data-gone={row.gone ?? undefined}>
      <button type="button" aria-expanded={open} title={open ? words.showLess : words.showAll(word)} onClick={() => { setOpen(!open) }}>
        <span className="context-sign" aria-hidden>
          {mark && signs[mark]}
        </span>
        <Icon aria-hidden />
        <span className={wrote ? 'context-text wrote' : 'context-text'} data-open={open}>
          <span className="unseen">
            {mark && words.said(words.marks[mark])}
            {words.said(word)}
          </span>
          {open ? row.message.content : (short.get(row.message.id) ?? row.message.content)}
        </span>
        <span className="number quiet" title={words.tokens}>
          {row.message.tokens}
        </span>
      </button>
      {row.similarity && (
        <div className="context-similarity" data-removed={row.gone === 'filtered'}>
          <SimilarityBar value={row.similarity.value} threshold={row.similarity.threshold} />
          {row.gone === 'filtered' && <span>{words.marks.filtered}</span>}
        </div>
      )}
    </li>
  )
}

/** Messages that a reset or a summary took, folded into one line that opens. */
function Folded({ rows, kind, short }: { rows: ContextRow[]; kind: 'reset' | 'summarised'; short: ReadonlyMap<string, string> }) {
  const [open, setOpen] = useState(false)
  const words = t().episode.shortTerm
  return (
    <>
      <li className="context-folded">
        <button type="button" className="link" aria-expanded={open} onClick={() => { setOpen(!open) }}>
          {signs[kind]} {words.folded(rows.length, words.marks[kind])}
        </button>
        <span className="number">−{integer(rows.reduce((sum, row) => sum + row.message.tokens, 0))}</span>
      </li>
      {open && rows.map((row) => <Row key={row.message.id} row={row} short={short} />)}
    </>
  )
}

/** Runs of rows that left together become one item. */
function grouped(rows: readonly ContextRow[]): (ContextRow | { kind: 'reset' | 'summarised'; rows: ContextRow[] })[] {
  const items: (ContextRow | { kind: 'reset' | 'summarised'; rows: ContextRow[] })[] = []
  for (const row of rows) {
    const last = items.at(-1)
    if (row.gone !== 'reset' && row.gone !== 'summarised') items.push(row)
    else if (last && 'rows' in last && last.kind === row.gone) last.rows.push(row)
    else items.push({ kind: row.gone, rows: [row] })
  }
  return items
}

/** Tokens in use after the step, and the limit. */
export function ShortTermFigure({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const tokens = tokensAfter(trajectory, at)
  const limit = trajectory.settings.t_max
  return (
    <span className="number panel-figure">
      <strong>{integer(tokens)}</strong> {t().episode.shortTerm.figure(limit)}
    </span>
  )
}

export function ShortTerm({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const rows = contextRows(trajectory, at)
  const short = shortReplies(trajectory.steps.slice(0, at + 1))
  const tokens = tokensAfter(trajectory, at)
  const overflow = trajectory.steps[at]?.overflow ?? false
  const list = useRef<HTMLOListElement>(null)
  // What is new stands at the end.
  useLayoutEffect(() => {
    const pane = list.current?.parentElement
    if (pane) pane.scrollTop = pane.scrollHeight
  }, [at])
  return (
    <>
      <div className="context-head">
        <Gauge tokens={tokens} limit={trajectory.settings.t_max} />
        <OriginsBar trajectory={trajectory} at={at} />
      </div>
      {overflow && <p className="overflow-line">{t().episode.shortTerm.overflow(trajectory.steps[at]?.prompt_tokens ?? 0)}</p>}
      <ol className="context-rows" ref={list} aria-label={t().episode.shortTerm.list}>
        {grouped(rows).map((item) =>
          'rows' in item ? <Folded key={`${item.kind}-${item.rows[0]?.message.id ?? ''}`} rows={item.rows} kind={item.kind} short={short} /> : <Row key={item.message.id} row={item} short={short} />,
        )}
      </ol>
    </>
  )
}
