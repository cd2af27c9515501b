// What stands in the place of the charts before a run has begun: what Train will do, in three steps.
import { ArrowDownUp, MessagesSquare, Sparkles, TriangleAlert } from 'lucide-react'
import { count } from '../../format.ts'
import { useTraining } from '../../state/context.tsx'
import { Term } from '../../ui/term.tsx'
import { Interrupted } from './interrupted.tsx'

export function Planning() {
  const { b, k, steps } = useTraining((state) => state.plan)
  const model = useTraining((state) => state.source.name)
  const problem = useTraining((state) => state.problem)
  return (
    <section className="planning" aria-label="What Train does">
      <Interrupted />
      {problem && (
        <p className="train-warning" data-hue="bad" role="alert">
          <TriangleAlert aria-hidden />
          <span>
            <strong>The training could not go on.</strong> {problem.message}
          </span>
        </p>
      )}
      <h2>
        Press Train, and watch <em>{model}</em> learn to manage its memory
      </h2>
      <ol>
        <li>
          <MessagesSquare aria-hidden />
          <h3>Play</h3>
          <p>
            {count(b, 'task')}, {k} <Term name="rollout">rollouts</Term> of each. The same task, the same model: only chance makes it store one thing and forget another.
          </p>
        </li>
        <li>
          <ArrowDownUp aria-hidden />
          <h3>Compare</h3>
          <p>
            Each rollout is judged against its <Term name="group">group</Term>. Better than the mean is an <Term name="advantage">advantage</Term> above zero, worse one below.
          </p>
        </li>
        <li>
          <Sparkles aria-hidden />
          <h3>Learn</h3>
          <p>
            All that the better ones did, from the first fact stored on, is made a little likelier. Then again, {count(steps, 'time')}. The model itself stays; a <Term name="lora">small adapter</Term> learns.
          </p>
        </li>
      </ol>
      <p className="quiet">It happens in this tab, on this computer. Every step is kept: close the tab whenever you like, and resume.</p>
    </section>
  )
}
