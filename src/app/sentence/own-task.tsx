// A task of one's own: a form for it, or the same as lines.
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { exampleOwn, ownLimits, ownProblems, readOwn, withoutTold, writeOwn, type Own, type OwnProblem, type Told } from '../../core/environments/question/sources/own.ts'
import { t } from '../locales/index.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { trainOnOwn } from '../state/own.ts'
import { Button } from '../ui/button.tsx'
import styles from './own-task.module.css'

const words = () => t().play.own

function problemWords(problem: OwnProblem): string {
  switch (problem.kind) {
    case 'corrects-nothing':
    case 'corrects-later':
      return words().problems[problem.kind](problem.at + 1)
    default:
      return words().problems[problem.kind]
  }
}

interface RowProps {
  own: Own
  at: number
  told: Told
  change: (own: Own) => void
  onMore: () => void
}

/** fact, small-talk, or the number of what is corrected, from 0; "nearest" where that is to be found. */
const kindOf = ({ kind, corrects }: Told) => (kind === 'correction' ? `${corrects ?? 'nearest'}` : kind)

function Row({ own, at, told, change, onMore }: RowProps) {
  const patch = (next: Partial<Told>) => { change({ ...own, told: own.told.map((each, i) => (i === at ? { ...each, ...next } : each)) }) }
  const choose = (kind: string) => {
    if (kind === 'fact' || kind === 'small-talk') patch({ kind, corrects: null })
    else patch({ kind: 'correction', corrects: kind === 'nearest' ? null : Number(kind), needed: false })
  }
  const earlier = own.told.flatMap((each, i) => (i < at && each.kind !== 'small-talk' ? [i] : []))
  return (
    <li>
      <span className={styles['number']}>{at + 1}</span>
      <input
        value={told.text}
        maxLength={ownLimits.text}
        aria-label={words().toldLine(at + 1)}
        onChange={(event) => { patch({ text: event.target.value }) }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) onMore()
        }}
      />
      <Button look="bare" shape="icon" size="small" aria-label={words().remove(at + 1)} onClick={() => { change(withoutTold(own, at)) }}>
        <Trash2 aria-hidden />
      </Button>
      <span className={styles['what']}>
        <select value={kindOf(told)} aria-label={words().kindOf(at + 1)} onChange={(event) => { choose(event.target.value) }}>
          <option value="fact">{words().kinds.fact}</option>
          <option value="small-talk">{words().kinds.smallTalk}</option>
          {earlier.length > 0 && <option value="nearest">{words().kinds.corrects(null)}</option>}
          {earlier.map((index) => (
            <option key={index} value={index}>
              {words().kinds.corrects(index + 1)}
            </option>
          ))}
        </select>
        {told.kind === 'fact' && (
          <label>
            <input type="checkbox" checked={told.needed} onChange={() => { patch({ needed: !told.needed }) }} /> {words().needed}
          </label>
        )}
      </span>
    </li>
  )
}

const linesOf = (text: string) => (text === '' ? [] : text.split('\n'))

interface LinesProps {
  label: string
  about: string
  value: readonly string[]
  most: number
  change: (lines: string[]) => void
}

function Lines({ label, about, value, most, change }: LinesProps) {
  return (
    <label className={styles['field']}>
      <span className="label">{label}</span>
      <textarea
        rows={Math.min(6, value.length + 1)}
        value={value.join('\n')}
        onChange={(event) => { change(linesOf(event.target.value).slice(0, most).map((line) => line.slice(0, ownLimits.text))) }}
      />
      <span className="quiet">{about}</span>
    </label>
  )
}

function Form({ own, change }: { own: Own; change: (own: Own) => void }) {
  const more = () => {
    if (own.told.length < ownLimits.told) change({ ...own, told: [...own.told, { kind: 'fact', text: '', corrects: null, needed: false }] })
  }
  return (
    <div className={styles['form']}>
      <h3 className="label">{words().told}</h3>
      <ol className={styles['told']}>
        {own.told.map((told, at) => (
          <Row key={at} own={own} at={at} told={told} change={change} onMore={more} />
        ))}
      </ol>
      <Button size="small" disabled={own.told.length >= ownLimits.told} onClick={more}>
        <Plus aria-hidden /> {words().more}
      </Button>
      <Lines label={words().distractors} about={words().distractorsAbout} value={own.distractors} most={ownLimits.distractors} change={(distractors) => { change({ ...own, distractors }) }} />
      <label className={styles['field']}>
        <span className="label">{words().question}</span>
        <input value={own.query} maxLength={ownLimits.text} onChange={(event) => { change({ ...own, query: event.target.value }) }} />
      </label>
      <Lines label={words().answer} about={words().answerAbout} value={own.answers} most={ownLimits.answers} change={(answers) => { change({ ...own, answers }) }} />
    </div>
  )
}

/** What is typed stays as it is typed, so that a line can be begun. */
function AsLines({ own, change }: { own: Own; change: (own: Own) => void }) {
  const [text, setText] = useState(() => writeOwn(own))
  const take = (typed: string) => {
    setText(typed)
    const { told, distractors, query, answers } = readOwn(typed)
    const short = (line: string) => line.slice(0, ownLimits.text)
    change({
      told: told.slice(0, ownLimits.told).map((each) => ({ ...each, text: short(each.text) })),
      distractors: distractors.slice(0, ownLimits.distractors).map(short),
      query: short(query),
      answers: answers.slice(0, ownLimits.answers).map(short),
    })
  }
  return (
    <label className={styles['field']}>
      <span className="label">{words().asLines}</span>
      <textarea className="wrote" rows={12} value={text} spellCheck={false} onChange={(event) => { take(event.target.value) }} />
      <span className="quiet">
        {words().marks.map(([mark, what]) => (
          <span key={mark} className={styles['mark']}>
            <kbd>{mark}</kbd> {what}
          </span>
        ))}
      </span>
    </label>
  )
}

export function OwnTask() {
  const stores = useStores()
  const own = useConfig((state) => state.own)
  const set = useConfig((state) => state.setOwn)
  const [lines, setLines] = useState(false)
  const problems = ownProblems(own)
  const change = (next: Own) => { set(next) }
  return (
    <section className={styles['own']} aria-label={words().choice.name}>
      <div className={styles['head']} role="group" aria-label={words().how}>
        <Button size="small" aria-pressed={!lines} onClick={() => { setLines(false) }}>
          {words().form}
        </Button>
        <Button size="small" aria-pressed={lines} onClick={() => { setLines(true) }}>
          {words().lines}
        </Button>
        <Button size="small" look="bare" onClick={() => { change({ told: [{ kind: 'fact', text: '', corrects: null, needed: false }], distractors: [], query: '', answers: [] }); setLines(false) }}>
          {words().clear}
        </Button>
        <Button size="small" look="bare" onClick={() => { change(exampleOwn); setLines(false) }}>
          {words().example}
        </Button>
      </div>
      {lines ? <AsLines own={own} change={change} /> : <Form own={own} change={change} />}
      {problems.length > 0 && (
        <ul className="field-error" aria-label={words().missing}>
          {problems.map((problem) => (
            <li key={`${problem.kind}${'at' in problem ? problem.at : ''}`}>{problemWords(problem)}</li>
          ))}
        </ul>
      )}
      <p className="quiet">{words().kept}</p>
      <Button disabled={problems.length > 0} onClick={() => void trainOnOwn(stores)}>
        {words().train}
      </Button>
    </section>
  )
}
