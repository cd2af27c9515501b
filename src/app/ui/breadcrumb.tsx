// Where what is on show comes from, from the run down to the rollout: each part but the last leads back to it.
import { ChevronRight } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'

export interface Crumb {
  text: ReactNode
  /** What a click leads to, in words. */
  title?: string
  /** Left out: it leads nowhere. */
  onGo?: () => void
}

export function Breadcrumb({ label, crumbs, children }: { label: string; crumbs: readonly Crumb[]; children?: ReactNode }) {
  return (
    <nav className="breadcrumb" aria-label={label}>
      {crumbs.map(({ text, title, onGo }, i) => (
        <Fragment key={i}>
          {i > 0 && <ChevronRight aria-hidden />}
          {onGo ? (
            <button type="button" className="link" title={title} onClick={onGo}>
              {text}
            </button>
          ) : (
            <span title={title} aria-current={i === crumbs.length - 1 ? 'page' : undefined}>{text}</span>
          )}
        </Fragment>
      ))}
      {children !== undefined && <span className="breadcrumb-note quiet">{children}</span>}
    </nav>
  )
}
