// Short messages at the foot of the page: what happened, what it means, what to do.
import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { t } from '../locales/index.ts'
import { useStores, useUi } from '../state/context.tsx'
import { lifetimeOf, type Notice } from '../state/ui.ts'
import { Button } from '../ui/button.tsx'

/** Reports of so few lines are read at once. */
const openDetails = 4

const looks = { info: { icon: CircleCheck, hue: 'none' }, warn: { icon: Info, hue: 'warn' }, error: { icon: TriangleAlert, hue: 'bad' } } as const

function NoticeLine({ notice }: { notice: Notice }) {
  const { ui } = useStores()
  const { icon: Icon, hue } = looks[notice.tone]
  const { id, tone } = notice
  useEffect(() => {
    const lifetime = lifetimeOf(tone)
    if (lifetime === null) return
    const timer = setTimeout(() => { ui.getState().dismiss(id) }, lifetime)
    return () => { clearTimeout(timer) }
  }, [id, tone, ui])
  return (
    <li className="notice" data-hue={hue} role={tone === 'error' ? 'alert' : undefined}>
      <Icon aria-hidden />
      <div>
        <p>{notice.text}</p>
        {notice.details && notice.details.length > 0 && (
          <details open={notice.details.length <= openDetails}>
            <summary>{t().frame.notices.details}</summary>
            <ul className="skipped">
              {notice.details.map((line, index) => (
                <li key={index}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {notice.action && (
        <Button size="small" onClick={notice.action.run}>
          {notice.action.label}
        </Button>
      )}
      <Button look="bare" shape="icon" size="small" aria-label={t().frame.notices.dismiss} onClick={() => { ui.getState().dismiss(id) }}>
        <X aria-hidden />
      </Button>
    </li>
  )
}

export function Notices() {
  const notices = useUi((state) => state.notices)
  return (
    <ol className="notices" aria-live="polite" aria-label={t().frame.notices.label}>
      {notices.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
    </ol>
  )
}
