// What stands in the place of the charts before a run has begun: what Train will do, in three steps.
import { ArrowDownUp, MessagesSquare, Sparkles, TriangleAlert, type LucideIcon } from 'lucide-react'
import { t } from '../../locales/index.ts'
import { useTraining } from '../../state/context.tsx'
import type { TermName } from '../../glossary.ts'
import { Term } from '../../ui/term.tsx'
import { Interrupted } from './interrupted.tsx'
import { Teach } from './teach.tsx'

interface PartProps {
  icon: LucideIcon
  title: string
  term: TermName
  /** The field's word for it. */
  named: string
  text: string
}

function PartOfStep({ icon: Icon, title, term, named, text }: PartProps) {
  return (
    <li>
      <Icon aria-hidden />
      <h3>
        {title} <span className="field-term"><Term name={term}>{named}</Term></span>
      </h3>
      <p>{text}</p>
    </li>
  )
}

export function Planning() {
  const { b, k, steps } = useTraining((state) => state.plan)
  const model = useTraining((state) => state.source.name)
  const problem = useTraining((state) => state.problem)
  const words = t().train
  const { planning } = words
  return (
    <section className="planning" aria-label={words.whatTrainDoes}>
      <Interrupted />
      {problem && (
        <p className="train-warning" data-hue="bad" role="alert">
          <TriangleAlert aria-hidden />
          <span>
            <strong>{words.couldNotGoOn}</strong> {problem.message}
          </span>
        </p>
      )}
      <h2>{planning.title(model)}</h2>
      <ol>
        <PartOfStep icon={MessagesSquare} title={planning.play} term="rollout" named={planning.playTerm} text={planning.playText(b, k)} />
        <PartOfStep icon={ArrowDownUp} title={planning.compare} term="advantage" named={planning.compareTerm} text={planning.compareText} />
        <PartOfStep icon={Sparkles} title={planning.learn} term="lora" named={planning.learnTerm} text={planning.learnText(steps)} />
      </ol>
      <p className="quiet">{planning.local}</p>
      <Teach />
    </section>
  )
}
