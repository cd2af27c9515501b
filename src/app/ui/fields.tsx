// The controls inside the sentence's popovers: a slider with its number, and a list of choices with explanations.
import { RadioGroup, Slider } from 'radix-ui'
import { useId, type ReactNode } from 'react'
import { integer } from '../format.ts'
import { useDraft } from './draft.ts'

/** A value worth finding again, as a tick on the track. */
export interface Mark {
  value: number
  name: string
}

interface SliderFieldProps {
  label: ReactNode
  /** Plain words for screen readers. */
  name: string
  value: number
  min: number
  max: number
  step?: number
  /** How the value is written. */
  show?: (value: number) => string
  /** The slider stays on a mark that it comes near to. */
  marks?: readonly Mark[]
  onChange: (value: number) => void
}

export function SliderField({
  label, name, value, min, max, step = 1, show = integer, marks = [], onChange,
}: SliderFieldProps) {
  const snapped = (next: number) => marks.find((mark) => Math.abs(mark.value - next) <= step / 2)?.value ?? next
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      <span className="field-value number">{show(value)}</span>
      <Slider.Root
        className="slider"
        value={[value]}
        min={min}
        max={max}
        step={step}
        onValueChange={([next]) => {
          if (next !== undefined) onChange(snapped(next))
        }}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        {marks.map((mark) => (
          <span
            key={mark.value}
            className="slider-mark"
            title={`${show(mark.value)}: ${mark.name}`}
            style={{ '--at': (mark.value - min) / (max - min) }}
          />
        ))}
        <Slider.Thumb className="slider-thumb" aria-label={name} aria-valuetext={show(value)} />
      </Slider.Root>
    </div>
  )
}

interface NumberFieldProps {
  label: ReactNode
  name: string
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

/** A whole number, typed. What does not fit is not taken. */
export function NumberField({ label, name, value, min, max, onChange }: NumberFieldProps) {
  const id = useId()
  const read = (text: string) => {
    const next = text.trim() === '' ? NaN : Number(text)
    return Number.isInteger(next) && next >= min && next <= max ? next : null
  }
  const draft = useDraft(value, read, onChange)
  return (
    <div className="field field-number">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        aria-label={name}
        min={min}
        max={max}
        step={1}
        {...draft}
      />
    </div>
  )
}

export interface Choice<T extends string> {
  value: T
  name: string
  about?: ReactNode
  disabled?: boolean
}

interface ChoicesProps<T extends string> {
  label: string
  value: T
  choices: readonly Choice<T>[]
  onChange: (value: T) => void
}

export function Choices<T extends string>({ label, value, choices, onChange }: ChoicesProps<T>) {
  const id = useId()
  return (
    <RadioGroup.Root
      className="choices"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next)
        if (chosen) onChange(chosen.value)
      }}
    >
      {choices.map((choice) => (
        <div key={choice.value} className="choice" data-chosen={choice.value === value}>
          <RadioGroup.Item id={`${id}-${choice.value}`} value={choice.value} disabled={choice.disabled} className="choice-button" aria-label={choice.name}>
            <RadioGroup.Indicator className="choice-dot" />
          </RadioGroup.Item>
          <label htmlFor={`${id}-${choice.value}`}>
            <span className="choice-name">{choice.name}</span>
            {choice.about !== undefined && <span className="choice-about">{choice.about}</span>}
          </label>
        </div>
      ))}
    </RadioGroup.Root>
  )
}
