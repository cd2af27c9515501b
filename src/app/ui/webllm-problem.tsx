// Something that did not work: what happened, what to do, and the button that does it.
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { WebLlmProblem } from '../../core/policy/webllm.ts'
import { detailOf, wordsOf } from './webllm-words.ts'

interface ProblemProps {
  problem: WebLlmProblem
  /** The ways out that are at hand. */
  children?: ReactNode
}

export function Problem({ problem, children }: ProblemProps) {
  const { what, todo } = wordsOf(problem)
  const detail = detailOf(problem)
  return (
    <div className="problem" data-hue={problem.kind === 'aborted' ? 'none' : 'bad'} role="alert">
      <TriangleAlert aria-hidden />
      <div>
        <p>
          <strong>{what}</strong> {todo}
        </p>
        {detail !== null && <p className="problem-detail wrote">{detail}</p>}
        {children && <p className="problem-actions">{children}</p>}
      </div>
    </div>
  )
}
