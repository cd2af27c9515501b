// What could not be read, with another try.
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

export function ReadFailure({ children, className = '', onRetry }: { children: ReactNode; className?: string; onRetry: () => void }) {
  return (
    <p className={`field-error ${className}`} role="alert">
      {children}{' '}
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </p>
  )
}
