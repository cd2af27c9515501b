// What could not be read, with another try.
import type { ReactNode } from 'react'
import { t } from '../locales/index.ts'
import { Button } from './button.tsx'

export function ReadFailure({ children, className = '', onRetry }: { children: ReactNode; className?: string; onRetry: () => void }) {
  return (
    <p className={`field-error ${className}`} role="alert">
      {children}{' '}
      <Button size="small" onClick={onRetry}>
        {t().ui.tryAgain}
      </Button>
    </p>
  )
}
