// The head of the page: name, views, language, colours, link, help.
import { Brain, CircleQuestionMark, Link, Monitor, Moon, Sun, type LucideIcon } from 'lucide-react'
import { namesOf } from '../../core/table.ts'
import { languages, locales, t } from '../locales/index.ts'
import { useStores, useUi } from '../state/context.tsx'
import type { Theme, View } from '../state/ui.ts'
import { Button } from '../ui/button.tsx'
import { overPage } from '../ui/over.ts'
import { Hint } from '../ui/term.tsx'
import type { ViewModule } from '../view.ts'
import { views } from '../views/index.ts'
import { fetchView } from './view-of.tsx'

const noBadge = () => null

function ViewButton({ view, module: { title, useBadge = noBadge, opened } }: { view: View; module: ViewModule }) {
  const current = useUi((state) => state.view === view)
  const badge = useBadge()
  const stores = useStores()
  return (
    <button
      type="button"
      aria-current={current ? 'page' : undefined}
      onPointerEnter={() => { fetchView(view).catch(() => undefined) }}
      onClick={() => {
        stores.ui.getState().setView(view)
        opened?.(stores)
      }}
    >
      {title()}
      {badge && (
        <span className="view-count" title={badge.title}>
          {badge.text}
        </span>
      )}
    </button>
  )
}

/** The next language of the page, in its own words. */
function LanguageButton() {
  const spoken = useUi((state) => state.spoken)
  const { ui } = useStores()
  const next = languages[(languages.indexOf(spoken) + 1) % languages.length] ?? spoken
  const { name, tag } = locales[next]
  const change = () => { void ui.getState().setLanguage(next).catch(() => undefined) }
  return (
    <Button look="bare" size="small" lang={tag} aria-label={t().frame.language(name)} onClick={change}>
      {name}
    </Button>
  )
}

const themes: Record<Theme, { next: Theme; icon: LucideIcon }> = {
  system: { next: 'light', icon: Monitor },
  light: { next: 'dark', icon: Sun },
  dark: { next: 'system', icon: Moon },
}

function ThemeButton() {
  const theme = useUi((state) => state.theme)
  const { ui } = useStores()
  const { icon: Icon, next } = themes[theme]
  const words = t().frame
  return (
    <Hint text={words.themeHint(words.themes[theme], words.themes[next])}>
      <Button
        look="bare"
        shape="icon"
        size="small"
        aria-label={words.theme(words.themes[theme])}
        onClick={() => { ui.getState().setTheme(next) }}
      >
        <Icon aria-hidden />
      </Button>
    </Hint>
  )
}

function LinkButton() {
  const { actions } = useStores()
  const { copyLink, copyLinkHint } = t().frame
  return (
    <Hint text={copyLinkHint}>
      <Button look="bare" shape="icon" size="small" aria-label={copyLink} onClick={() => void actions.copyLink()}>
        <Link aria-hidden />
      </Button>
    </Hint>
  )
}

export function Header() {
  const { ui } = useStores()
  const words = t().frame
  return (
    <header className="head">
      <h1>
        <Brain aria-hidden />
        AgeMem <span>Playground</span>
      </h1>
      <nav className="views" aria-label={words.views.label}>
        {namesOf(views).map((view) => (
          <ViewButton key={view} view={view} module={views[view]} />
        ))}
      </nav>
      <div className="head-end">
        <LinkButton />
        <LanguageButton />
        <ThemeButton />
        <Button
          look="bare"
          shape="icon"
          size="small"
          aria-label={words.help.button}
          title={`${words.help.button} (?)`}
          onClick={() => { ui.getState().setHelp(true) }}
        >
          <CircleQuestionMark aria-hidden />
        </Button>
      </div>
      <div {...overPage} />
    </header>
  )
}
