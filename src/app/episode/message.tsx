// One message of the environment in the conversation: who speaks, what, and what became of it later.
import type { ContextMessage } from '../../core/record/trajectory.ts'
import type { Departure } from '../../core/evaluation/provenance.ts'
import type { TaskMessage } from '../../core/environments/question/task.ts'
import { decimal } from '../format.ts'
import { Clamp } from '../ui/clamp.tsx'
import { Hint } from '../ui/term.tsx'
import { lookOfMessage } from '../ui/tools.tsx'

/** What a message is to the task; the agent does not see it. */
const labels: Record<TaskMessage['kind'], string> = {
  fact: 'fact',
  correction: 'correction',
  'small-talk': 'small talk',
  distractor: 'distractor',
}

function becameOf(gone: Departure): string {
  switch (gone.how) {
    case 'filtered':
      return `filtered out at step ${gone.step + 1} (similarity ${decimal(gone.similarity)} ≥ θ ${decimal(gone.threshold)})`
    case 'summarised':
      return `summarised at step ${gone.step + 1}`
    case 'reset':
      return `cleared by the reset at step ${gone.step + 1}`
  }
}

const shortly: Record<Departure['how'], string> = { filtered: 'filtered', summarised: 'summarised', reset: 'cleared' }

/** "left the context" mark: small, with the whole story on hover. */
export function GoneMark({ gone }: { gone: Departure }) {
  // A reset took everything: its own line says so, once.
  if (gone.how === 'reset') return null
  return (
    <Hint text={`No longer in the context: ${becameOf(gone)}.`}>
      <span className="gone-mark" tabIndex={0}>
        {shortly[gone.how]}
      </span>
    </Hint>
  )
}

interface MessageProps {
  message: ContextMessage
  kinds: readonly TaskMessage['kind'][]
  gone: Departure | null
}

export function UserMessage({ message, kinds, gone }: MessageProps) {
  const { icon: Icon, word } = lookOfMessage(message.kind)
  return (
    <div className="said" data-kind={message.kind} data-gone={gone !== null}>
      <div className="said-who">
        <Icon aria-hidden />
        <span>{word}</span>
        {kinds.map((kind) => (
          <Hint key={kind} text="What this message is to the task. The agent does not see this label.">
            <span className="kind-mark" data-kind={kind} tabIndex={0}>
              {labels[kind]}
            </span>
          </Hint>
        ))}
        {gone && <GoneMark gone={gone} />}
      </div>
      <p className="said-text">
        <Clamp text={message.content} lines={6} />
      </p>
    </div>
  )
}
