// One message of the environment in the conversation: who speaks, what, and what became of it later.
import type { ContextMessage } from '../../core/record/trajectory.ts'
import type { Departure } from '../../core/evaluation/provenance.ts'
import type { TaskMessage } from '../../core/environments/question/task.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { Clamp } from '../ui/clamp.tsx'
import { Hint } from '../ui/term.tsx'
import { lookOfMessage } from '../ui/tools.tsx'

function becameOf(gone: Departure): string {
  const words = t().episode.gone
  switch (gone.how) {
    case 'filtered':
      return words.filtered(gone.step, decimal(gone.similarity), decimal(gone.threshold))
    case 'summarised':
      return words.summarised(gone.step)
    case 'reset':
      return words.reset(gone.step)
  }
}

/** "left the context" mark: small, with the whole story on hover. */
export function GoneMark({ gone }: { gone: Departure }) {
  // A reset took everything: its own line says so, once.
  if (gone.how === 'reset') return null
  return (
    <Hint text={t().episode.gone.hint(becameOf(gone))}>
      <span className="gone-mark" tabIndex={0}>
        {t().episode.gone.short[gone.how]}
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
          <Hint key={kind} text={t().episode.kindHint}>
            <span className="kind-mark" data-kind={kind} tabIndex={0}>
              {t().episode.kinds[kind]}
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
