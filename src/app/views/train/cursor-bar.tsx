// The shared cursor as a slider for the keyboard, what opens its rollouts, and how strongly lines are smoothed.
import { Rows3 } from 'lucide-react'
import { Slider } from 'radix-ui'
import { integer } from '../../format.ts'
import { Button } from '../../ui/button.tsx'
import { Term } from '../../ui/term.tsx'
import { useAxis, useCursor } from './cursor.tsx'
import { Select } from '../../ui/select.tsx'

interface CursorBarProps {
  windows: readonly number[]
  window: number
  onWindow: (window: number) => void
  otherName: string | null
}

export function CursorBar({ windows, window, onWindow, otherName }: CursorBarProps) {
  const { first, last, cursor, onOpen } = useAxis()
  const { step } = useCursor()
  const choices = windows.map((value) => ({ value: String(value), name: value === 1 ? 'none' : `${value} steps` }))
  return (
    <div className="cursor-bar">
      <Slider.Root
        className="slider"
        value={[step]}
        min={first}
        max={last}
        onValueChange={([next]) => {
          if (next !== undefined) cursor.setState({ step: next })
        }}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb
          className="slider-thumb"
          aria-label="Step in all charts"
          aria-valuetext={`Step ${step} of ${last}`}
          onBlur={() => { cursor.setState({ step: null }) }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onOpen(step)
          }}
        />
      </Slider.Root>
      <Button size="small" onClick={() => { onOpen(step) }}>
        <Rows3 aria-hidden /> Rollouts of step {integer(step)}
      </Button>
      {otherName !== null && (
        <span className="cursor-other">
          <svg className="chart-sample" width="20" height="8" aria-hidden>
            <line x1="1" x2="20" y1="4" y2="4" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1 3" strokeLinecap="round" />
          </svg>
          {otherName}
        </span>
      )}
      <label className="cursor-smoothing">
        <Term name="smoothing" plain>
          <span className="quiet">smoothed over</span>
        </Term>
        <Select label="Smoothing" value={String(window)} choices={choices} onChange={(value) => { onWindow(Number(value)) }} />
      </label>
    </div>
  )
}
