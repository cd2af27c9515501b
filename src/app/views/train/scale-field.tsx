// A slider over a scale of chosen values, such as 1, 2, 5, 10: for what spans powers of ten.
import type { ReactNode } from 'react'
import { SliderField } from '../../ui/fields.tsx'

interface ScaleFieldProps {
  label: ReactNode
  name: string
  value: number
  /** In ascending order. */
  scale: readonly number[]
  show: (value: number) => string
  onChange: (value: number) => void
}

/** Place of the value on the scale that is nearest to it. */
function placeOf(value: number, scale: readonly number[]): number {
  return scale.reduce((best, each, i) => (Math.abs(each - value) < Math.abs((scale[best] ?? Infinity) - value) ? i : best), 0)
}

export function ScaleField({ label, name, value, scale, show, onChange }: ScaleFieldProps) {
  return (
    <SliderField
      label={label}
      name={name}
      value={placeOf(value, scale)}
      min={0}
      max={scale.length - 1}
      // A value between two marks is shown as it is until the slider is moved.
      show={(place) => show(placeOf(value, scale) === place ? value : (scale[place] ?? value))}
      onChange={(place) => {
        const next = scale[place]
        if (next !== undefined) onChange(next)
      }}
    />
  )
}
