// The three stages with one dot a step, and how often each tool was called so far.
import { useMemo } from 'react'
import { stages, type Trajectory } from '../../core/record/trajectory.ts'
import { toolNames } from '../../core/agents/agemem/tools/index.ts'
import { useStores } from '../stores/context.tsx'
import { Term } from '../ui/term.tsx'
import { stageLooks, toolLooks } from '../ui/tools.tsx'
import { describeStep, toolCounts } from './changes.ts'

export function Stages({ trajectory, at }: { trajectory: Trajectory | null; at: number }) {
  const { episode } = useStores()
  const steps = trajectory?.steps ?? []
  const current = steps[at]?.stage ?? null
  return (
    <ol className="stages" aria-label="Stages">
      {stages.map((stage) => {
        const look = stageLooks[stage]
        const own = steps.flatMap((step, index) => (step.stage === stage ? [index] : []))
        return (
          <li key={stage} className="stage" data-hue={look.hue} data-current={stage === current} aria-current={stage === current ? 'step' : undefined}>
            <span className="stage-mark" aria-hidden>
              {stage}
            </span>
            <div>
              <p className="stage-name">
                <Term name={look.term} plain>
                  {look.word}
                </Term>
              </p>
              <p className="stage-about quiet">{look.about}</p>
              {own.length > 0 && (
                <div className="dots">
                  {own.map((index) => (
                    <button
                      key={index}
                      type="button"
                      className="dot"
                      tabIndex={-1}
                      data-done={index <= at}
                      data-now={index === at}
                      title={`Step ${index + 1}: ${trajectory ? describeStep(trajectory, index) : ''}`}
                      aria-label={`Step ${index + 1}`}
                      onClick={() => { episode.getState().seek(index) }}
                    />
                  ))}
                </div>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

export function ToolCounters({ trajectory, at }: { trajectory: Trajectory | null; at: number }) {
  const counts = useMemo(() => toolCounts(trajectory ?? { steps: [] }, at), [trajectory, at])
  return (
    <ul className="counters" aria-label="Tool calls so far">
      {toolNames.map((name) => {
        const look = toolLooks[name]
        const { calls, failed } = counts[name]
        return (
          <li key={name} className="counter" data-hue={look.hue} data-none={calls === 0}>
            <look.icon aria-hidden />
            <Term name={name} plain>
              {look.word}
            </Term>
            {failed > 0 && <span className="counter-failed">{failed} failed</span>}
            <span className="number">{calls}</span>
          </li>
        )
      })}
    </ul>
  )
}
