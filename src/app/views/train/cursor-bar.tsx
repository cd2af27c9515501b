// What all charts share: the cursor as a slider for the keyboard and what opens its rollouts, the part of the run on show,
// what stands on the x axis, and how strongly lines are smoothed.
import { Rows3 } from 'lucide-react'
import { Slider } from 'radix-ui'
import { t } from '../../locales/index.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { Hint } from '../../ui/term.tsx'
import { xLabel, type XMode } from './axis.ts'
import { useAxis, useCursor } from './cursor.tsx'

function StepSlider() {
  const { cursor, run, places, onOpen } = useAxis()
  const { step } = useCursor()
  const words = t().charts
  const first = run.steps[0]?.step ?? 0
  const last = run.steps.at(-1)?.step ?? 1
  return (
    <Slider.Root
      className="slider"
      value={[step]}
      min={first}
      max={last}
      onValueChange={([next]) => {
        if (next !== undefined) cursor.setState({ x: places.step(next) })
      }}
    >
      <Slider.Track className="slider-track">
        <Slider.Range className="slider-range" />
      </Slider.Track>
      <Slider.Thumb
        className="slider-thumb"
        aria-label={words.stepInAll}
        aria-valuetext={words.stepOf(step, last)}
        onBlur={() => { cursor.setState({ x: null }) }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onOpen(step)
        }}
      />
    </Slider.Root>
  )
}

/** Which part of the axis the charts show: two ends of a slider, and a way back. */
function RangeSlider() {
  const { full, shown, range, zoom, mode } = useAxis()
  const words = t().charts
  const say = (x: number) => xLabel(x, mode)
  const inside = mode === 'step' ? 1 : Math.max(1, Math.round((full[1] - full[0]) / 100))
  const ends = mode === 'step' ? [Math.floor(shown[0]), Math.ceil(shown[1])] : [...shown]
  return (
    <>
      <Slider.Root
        className="slider range-slider"
        value={ends}
        min={full[0]}
        max={full[1]}
        step={inside}
        minStepsBetweenThumbs={1}
        onValueChange={([from, to]) => {
          if (from !== undefined && to !== undefined) zoom([from, to])
        }}
        aria-label={words.range}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb className="slider-thumb" aria-label={words.rangeFrom} aria-valuetext={say(shown[0])} />
        <Slider.Thumb className="slider-thumb" aria-label={words.rangeTo} aria-valuetext={say(shown[1])} />
      </Slider.Root>
      {range && (
        <Button size="small" onClick={() => { zoom(null) }}>
          {words.wholeRun}
        </Button>
      )}
    </>
  )
}

interface CursorBarProps {
  weight: number
  onWeight: (weight: number) => void
  onMode: (mode: XMode) => void
}

export function CursorBar({ weight, onWeight, onMode }: CursorBarProps) {
  const { mode, onOpen } = useAxis()
  const { step } = useCursor()
  const words = t().charts
  const modes = (['step', 'time'] as const).map((value) => ({ value, name: words.xModes[value] }))
  return (
    <div className="cursor-bar">
      <span className="cursor-choice">
        <span className="quiet">{words.stepColumn}</span>
        <StepSlider />
      </span>
      <Button size="small" onClick={() => { onOpen(step) }}>
        <Rows3 aria-hidden /> {words.rolloutsOf(step)}
      </Button>
      <Hint text={words.zoomHint}>
        <span className="cursor-range">
          <span className="quiet">{words.part}</span>
          <RangeSlider />
        </span>
      </Hint>
      <label className="cursor-choice">
        <span className="quiet">{words.xAxis}</span>
        <Select label={words.xAxis} value={mode} choices={modes} onChange={onMode} />
      </label>
      <span className="cursor-choice">
        <Hint text={words.smoothingHint}>
          <span className="quiet" tabIndex={0}>
            {words.smoothing}
          </span>
        </Hint>
        <Slider.Root
          className="slider smoothing-slider"
          value={[weight]}
          min={0}
          max={0.99}
          step={0.01}
          onValueChange={([next]) => {
            if (next !== undefined) onWeight(next)
          }}
        >
          <Slider.Track className="slider-track">
            <Slider.Range className="slider-range" />
          </Slider.Track>
          <Slider.Thumb className="slider-thumb" aria-label={words.smoothingName} />
        </Slider.Root>
        <span className="number">{weight.toFixed(2)}</span>
      </span>
    </div>
  )
}
