// The scrubber: one cell a step, in its stage, with marks of the tools it used, and of what the agent did by itself. Drag, click, or use the keys.
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Step, Trajectory } from '../../../core/record/trajectory.ts'
import { t } from '../../locales/index.ts'
import { useStores } from '../../state/context.tsx'
import { phaseAt, phasesOf } from '../../ui/phases.ts'
import { lookOfTool } from '../../ui/tools.tsx'
import { describeStep, ownChanges } from '../../episode/changes.ts'

/** Marks shown over a cell at most; a step with more shows a count. */
const maxMarks = 3

function Marks({ step }: { step: Step }) {
  const failedFormat = step.calls.length === 0 && step.answer === null
  const marks = [...step.calls, ...ownChanges(step).map((name) => ({ name, ok: true }))]
  return (
    <span className="cell-marks">
      {marks.length > maxMarks && <span className="mark-more">+{marks.length - maxMarks}</span>}
      {marks.slice(0, maxMarks).map((call, index) => {
        const { hue, icon: Icon } = lookOfTool(call.name)
        return (
          <span key={index} className="mark" data-hue={call.ok ? hue : 'bad'} data-ok={call.ok}>
            <Icon aria-hidden />
          </span>
        )
      })}
      {failedFormat && <span className="mark mark-format" data-hue="warn" />}
    </span>
  )
}

interface CellProps {
  step: Step
  index: number
  at: number
}

function Cell({ step, index, at }: CellProps) {
  return (
    <span className="cell" data-cell={index} data-done={index <= at} data-now={index === at}>
      <Marks step={step} />
      <span className="cell-dot" />
    </span>
  )
}

/** Index of the cell nearest to a pointer. */
function cellUnder(track: HTMLElement, x: number): number {
  let best = 0
  let nearest = Infinity
  for (const cell of track.querySelectorAll<HTMLElement>('[data-cell]')) {
    const { left, width } = cell.getBoundingClientRect()
    const distance = Math.abs(left + width / 2 - x)
    if (distance < nearest) {
      nearest = distance
      best = Number(cell.dataset['cell'])
    }
  }
  return best
}

export function Scrubber({ trajectory, at, growing }: { trajectory: Trajectory; at: number; growing: boolean }) {
  const track = useRef<HTMLDivElement>(null)
  const [hovered, setHovered] = useState<{ index: number; x: number } | null>(null)
  const { episode } = useStores()
  const { steps } = trajectory
  const words = t().watch.timeline
  const { seek } = episode.getState()

  const over = (event: PointerEvent<HTMLDivElement>) => {
    if (!track.current) return
    const index = cellUnder(track.current, event.clientX)
    const cell = track.current.querySelector(`[data-cell="${index}"]`)?.getBoundingClientRect()
    const left = track.current.getBoundingClientRect().left
    setHovered({ index, x: cell ? cell.left + cell.width / 2 - left : 0 })
    if (event.buttons === 1) seek(index)
  }
  const press = (event: PointerEvent<HTMLDivElement>) => {
    if (!track.current || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    seek(cellUnder(track.current, event.clientX))
  }
  const key = (event: KeyboardEvent) => {
    const page = event.key === 'PageUp' ? 5 : event.key === 'PageDown' ? -5 : 0
    const turn = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : page
    if (turn === 0) return
    event.preventDefault()
    seek(at + turn)
  }

  return (
    <div
      className="scrubber"
      ref={track}
      role="slider"
      data-timeline
      tabIndex={0}
      aria-label={words.slider}
      aria-valuemin={1}
      aria-valuemax={steps.length}
      aria-valuenow={at + 1}
      aria-valuetext={words.now(at, steps.length, phaseAt(trajectory, at).number, describeStep(trajectory, at))}
      onPointerDown={press}
      onPointerMove={over}
      onPointerLeave={() => { setHovered(null) }}
      onKeyDown={key}
    >
      {phasesOf(trajectory).map(({ phase, number, hue, word }) => {
        const own = steps.flatMap((step, index) => (step.phase === phase ? [{ step, index }] : []))
        if (own.length === 0) return null
        return (
          <div key={phase} className="scrubber-stage" data-hue={hue} style={{ flexGrow: own.length, maxWidth: `${own.length * (growing ? 3 : 6)}rem` }}>
            <div className="scrubber-cells">
              {own.map(({ step, index }) => (
                <Cell key={index} step={step} index={index} at={at} />
              ))}
            </div>
            <span className="scrubber-name">
              {words.stage(number, word)}
            </span>
          </div>
        )
      })}
      {hovered && (
        <span className="scrubber-hover" style={{ left: hovered.x }} aria-hidden>
          <strong>{hovered.index + 1}</strong> {describeStep(trajectory, hovered.index)}
        </span>
      )}
    </div>
  )
}
