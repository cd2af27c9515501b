// A field that keeps what is being typed until it is left; what it means is taken as soon as it makes sense.
import { useState, type ChangeEvent } from 'react'

interface Draft {
  value: string
  onChange(event: ChangeEvent<HTMLInputElement>): void
  onBlur(): void
}

/**
 * @param value what the field means, shown while nobody types in it
 * @param read the meaning of a text, or null when it has none
 */
export function useDraft(value: number, read: (text: string) => number | null, onChange: (next: number) => void): Draft {
  const [typed, setTyped] = useState<string | null>(null)
  return {
    value: typed ?? String(value),
    onChange(event) {
      const text = event.target.value
      setTyped(text)
      const next = read(text)
      if (next !== null && next !== value) onChange(next)
    },
    onBlur() {
      setTyped(null)
    },
  }
}
