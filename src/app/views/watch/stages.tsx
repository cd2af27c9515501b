// The phases with one dot a step, and how often each tool was called so far.
import { useMemo } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { toolNames } from '../../../core/agents/agemem/tools/index.ts'
import { t } from '../../locales/index.ts'
import { useStores } from '../../state/context.tsx'
import { Term } from '../../ui/term.tsx'
import { phasesOf, questionLooks } from '../../ui/phases.ts'
import { lookOfTool } from '../../ui/tools.tsx'
import { describeStep, toolCounts } from '../../episode/changes.ts'

export function Stages({ trajectory, at }: { trajectory: Trajectory | null; at: number }) {
  const { episode } = useStores()
  const steps = trajectory?.steps ?? []
  const words = t().watch
  const current = steps[at]?.phase
  return (
    <ol className="stages" aria-label={words.stages}>
      {(trajectory ? phasesOf(trajectory) : questionLooks()).map(({ phase, number, hue, word, term, about }) => {
        const own = steps.flatMap((step, index) => (step.phase === phase ? [index] : []))
        return (
          <li key={phase} className="stage" data-hue={hue} data-current={phase === current} aria-current={phase === current ? 'step' : undefined}>
            <span className="stage-mark" aria-hidden>
              {number}
            </span>
            <div>
              <p className="stage-name">
                <Term name={term} plain>
                  {word}
                </Term>
              </p>
              <p className="stage-about quiet">{about}</p>
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
                      title={words.stepDoes(index, trajectory ? describeStep(trajectory, index) : '')}
                      aria-label={words.step(index)}
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
  const words = t().watch
  return (
    <ul className="counters" aria-label={words.toolCallsSoFar} style={{ '--rows': Math.ceil(toolNames.length / 2) }}>
      {toolNames.map((name) => {
        const look = lookOfTool(name)
        const { calls, failed } = counts[name]
        return (
          <li key={name} className="counter" data-hue={look.hue} data-none={calls === 0}>
            <look.icon aria-hidden />
            <Term name={name} plain>
              {look.word}
            </Term>
            {failed > 0 && <span className="counter-failed">{words.failedCalls(failed)}</span>}
            <span className="number">{calls}</span>
          </li>
        )
      })}
    </ul>
  )
}
