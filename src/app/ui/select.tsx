// A small choice in a line: the browser's own list.
interface SelectProps<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; name: string }[]
  onChange: (value: T) => void
}

export function Select<T extends string>({ label, value, choices, onChange }: SelectProps<T>) {
  return (
    <select
      className="select"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = choices.find((choice) => choice.value === event.target.value)
        if (chosen) onChange(chosen.value)
      }}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  )
}
