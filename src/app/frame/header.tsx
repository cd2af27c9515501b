// The head of the page: name, views, seed, theme, help.
import { Brain, CircleQuestionMark, Dices, Monitor, Moon, Sun, type LucideIcon } from 'lucide-react'
import { maxSeed, type ConfigState } from '../state/config.ts'
import { useConfig, useLibrary, useStores, useTraining, useUi } from '../state/context.tsx'
import type { Theme, View } from '../state/ui.ts'
import { languages, locales } from '../locales/index.ts'
import { Button } from '../ui/button.tsx'
import { useDraft } from '../ui/draft.ts'
import { Hint, Term } from '../ui/term.tsx'

const views: { view: View; name: string }[] = [
  { view: 'watch', name: 'Watch' },
  { view: 'train', name: 'Train' },
  { view: 'group', name: 'Group' },
  { view: 'compare', name: 'Compare' },
  { view: 'models', name: 'Models' },
  { view: 'checkpoints', name: 'Checkpoints' },
  { view: 'episodes', name: 'Episodes' },
]

function Views() {
  const current = useUi((state) => state.view)
  const count = useLibrary((state) => state.episodes?.length ?? 0)
  const training = useTraining((state) => (state.live ? state.live.step : null))
  const { ui, library } = useStores()
  return (
    <nav className="views" aria-label="Views">
      {views.map(({ view, name }) => (
        <button key={view} type="button" aria-current={view === current ? 'page' : undefined} onClick={() => {
            ui.getState().setView(view)
            // Another tab may have recorded something since.
            if (view === 'episodes') void library.getState().refresh()
          }}
        >
          {name}
          {view === 'train' && training !== null && (
            <span className="view-count" title="A training is under way: this is its step">
              {training}
            </span>
          )}
          {view === 'episodes' && count > 0 && <span className="view-count">{count}</span>}
        </button>
      ))}
    </nav>
  )
}

function Seed() {
  const seed = useConfig((state: ConfigState) => state.seed)
  const { config } = useStores()
  const read = (text: string) => (/^\d{1,4}$/.test(text) ? Number(text) : null)
  const draft = useDraft(seed, read, (next) => { config.getState().set({ seed: next }) })
  return (
    <div className="seed">
      <label>
        <Term name="seed">seed</Term>
        <input
          type="text"
          inputMode="numeric"
          aria-label="Seed"
          maxLength={String(maxSeed).length}
          size={String(maxSeed).length}
          {...draft}
        />
      </label>
      <Hint text="Another seed: another world and other luck.">
        <Button look="bare" shape="icon" size="small" aria-label="Draw another seed" onClick={() => { config.getState().set({ seed: Math.floor(Math.random() * (maxSeed + 1)) }) }}>
          <Dices aria-hidden />
        </Button>
      </Hint>
    </div>
  )
}

const themes: Record<Theme, { next: Theme; icon: LucideIcon; words: string }> = {
  system: { next: 'light', icon: Monitor, words: 'as the system has it' },
  light: { next: 'dark', icon: Sun, words: 'light' },
  dark: { next: 'system', icon: Moon, words: 'dark' },
}

function ThemeButton() {
  const theme = useUi((state) => state.theme)
  const { ui } = useStores()
  const { icon: Icon, words, next } = themes[theme]
  return (
    <Hint text={`Colours: ${words}. Press for ${themes[next].words}.`}>
      <Button look="bare" shape="icon" size="small" aria-label={`Colours: ${words}`} onClick={() => { ui.getState().setTheme(next) }}>
        <Icon aria-hidden />
      </Button>
    </Hint>
  )
}

/** The next language of the page, in its own words. */
function LanguageButton() {
  const spoken = useUi((state) => state.spoken)
  const { ui } = useStores()
  const next = languages[(languages.indexOf(spoken) + 1) % languages.length] ?? spoken
  const { name, tag } = locales[next]
  return (
    <Button look="bare" size="small" lang={tag} onClick={() => { void ui.getState().setLanguage(next).catch(() => undefined) }}>
      {name}
    </Button>
  )
}

export function Header() {
  const { ui } = useStores()
  return (
    <header className="head">
      <h1>
        <Brain aria-hidden />
        AgeMem <span>Playground</span>
      </h1>
      <Views />
      <div className="head-end">
        <Seed />
        <LanguageButton />
        <ThemeButton />
        <Button look="bare" shape="icon" size="small" aria-label="Help" title="Help (?)" onClick={() => { ui.getState().setHelp(true) }}>
          <CircleQuestionMark aria-hidden />
        </Button>
      </div>
    </header>
  )
}
