// Parts of the page that come in files of their own: what a first look does not need. They are fetched as soon as the page
// stands, so that nobody waits for them, and nothing is missing without a network.
import { Component, lazy, Suspense, useMemo, type ComponentType, type ReactNode } from 'react'
import { t } from '../locales/index.ts'
import { Button } from './button.tsx'

/** Shows something else in the place of what failed, as a part does whose file did not come. */
export class FileBoundary extends Component<{ children: ReactNode; failed: () => ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.failed() : this.props.children
  }
}

function Failed() {
  const { text, again } = t().frame.viewFailed
  return (
    <p className="field-error" role="alert">
      {text}{' '}
      <Button size="small" onClick={() => { location.reload() }}>
        {again}
      </Button>
    </p>
  )
}

const parts: (() => Promise<unknown>)[] = []

/** Fetches all parts. One that does not come now is asked for again, and spoken of, when it is to be shown. */
export function fetchParts(): void {
  for (const fetchPart of parts) fetchPart().catch(() => undefined)
}

/** @param waiting stands in its place until the file has come */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>, waiting: () => ReactNode = () => null) {
  let come: ComponentType<Props> | null = null
  const fetchPart = async () => (come ??= await load())
  parts.push(fetchPart)
  const Awaited = lazy(async () => ({ default: await fetchPart() }))
  return function Late(props: Props) {
    // What has come is shown at once: React would hold the empty place of a lazy component for 300 ms even then.
    const Shown = useMemo((): ComponentType<Props> => come ?? Awaited, [])
    return (
      <FileBoundary failed={() => <Failed />}>
        <Suspense fallback={waiting()}>
          <Shown {...props} />
        </Suspense>
      </FileBoundary>
    )
  }
}
