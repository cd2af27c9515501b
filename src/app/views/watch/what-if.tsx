// What if: a form for what is to be another at the step on show, and who plays on.
import { Split } from 'lucide-react'
import { useState } from 'react'
import { contextAt, memoryAt } from '../../../core/record/replay.ts'
import type { Change } from '../../../core/record/setup.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { t } from '../../locales/index.ts'
import { policyNames, type PolicyName } from '../../state/config.ts'
import { useActions } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/fields.tsx'
import { Modal } from '../../ui/modal.tsx'
import { Select } from '../../ui/select.tsx'
import { lookOfMessage } from '../../ui/tools.tsx'
import styles from './what-if.module.css'

const kinds = ['message', 'memory', 'reply'] as const
type Kind = (typeof kinds)[number]
/** An entry that is not there yet. */
const fresh = 'new'
const same = 'same'

const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

function Form({ trajectory, at, onDone }: { trajectory: Trajectory; at: number; onDone: () => void }) {
  const { branchOff } = useActions()
  const words = t().play.whatIf
  const messages = contextAt(trajectory, at, 'prompt')
  const memories = memoryAt(trajectory, at, 'prompt')
  const reply = trajectory.steps[at]?.reply.text ?? ''
  const textOf = (kind: Kind, id: string) =>
    kind === 'reply' ? reply : ((kind === 'message' ? messages : memories).find((each) => each.id === id)?.content ?? '')
  const firstOf = (kind: Kind) => (kind === 'message' ? messages.at(-1)?.id : kind === 'memory' ? memories[0]?.id : undefined) ?? fresh
  const [kind, setKind] = useState<Kind>('message')
  const [id, setId] = useState(() => firstOf('message'))
  const [text, setText] = useState(() => textOf('message', firstOf('message')))
  const [policy, setPolicy] = useState<PolicyName | null>(null)

  const choose = (next: Kind, which = firstOf(next)) => {
    setKind(next)
    setId(which)
    setText(textOf(next, which))
  }
  const change = (without = false): Change => {
    if (kind === 'reply') return { what: kind, text }
    if (kind === 'message') return { what: kind, id, text }
    return { what: kind, id: id === fresh ? null : id, text: without ? null : text }
  }
  const go = (what: Change) => {
    onDone()
    void branchOff({ step: at, change: what, policy })
  }
  const which =
    kind === 'message'
      ? messages.map((message) => ({ value: message.id, name: `${lookOfMessage(message.kind).word}: ${cut(message.content)}` }))
      : [...memories.map((entry) => ({ value: entry.id, name: `${entry.id}: ${cut(entry.content)}` })), { value: fresh, name: words.newMemory }]
  const who = [{ value: same, name: words.same(trajectory.policy) }, ...policyNames.filter((name) => name !== 'webllm' && name !== 'own').map((name) => ({ value: name, name: name === 'person' ? t().play.person.name : name }))]
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        go(change())
      }}
    >
      <p className="quiet">{words.about(at + 1)}</p>
      <Choices label={words.what} value={kind} choices={kinds.map((value) => ({ value, ...words.kinds[value] }))} onChange={(next) => { choose(next) }} />
      {kind !== 'reply' && <Select label={words.which[kind]} value={id} choices={which} onChange={(next) => { choose(kind, next) }} />}
      <textarea className="wrote" rows={5} required aria-label={words.text} value={text} onChange={(event) => { setText(event.target.value) }} />
      <label>
        {words.who} <Select label={words.who} value={policy ?? same} choices={who} onChange={(next) => { setPolicy(policyNames.find((name) => name === next) ?? null) }} />
      </label>
      <div className={styles['foot']}>
        <Button look="primary" type="submit">
          <Split aria-hidden /> {words.go}
        </Button>
        {kind === 'memory' && id !== fresh && (
          <Button onClick={() => { go(change(true)) }}>{words.without(id)}</Button>
        )}
      </div>
    </form>
  )
}

export function WhatIf({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const [open, setOpen] = useState(false)
  const close = () => { setOpen(false) }
  const words = t().play.whatIf
  return (
    <>
      <Button look="bare" shape="icon" aria-label={words.open} title={words.title} onClick={() => { setOpen(true) }}>
        <Split aria-hidden />
      </Button>
      <Modal open={open} title={words.open} onClose={close}>
        <Form trajectory={trajectory} at={at} onDone={close} />
      </Modal>
    </>
  )
}
