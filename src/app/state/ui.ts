// What the page itself remembers: view, theme, notices, the tour, what the pointer rests on.
import { createStore, type StoreApi } from 'zustand'
import { z } from 'zod'
import { languages, locales, preferred, speak, type Language } from '../locales/index.ts'

/** Names of the views; each view adds its own. */
export interface Views {
  /** The first one. */
  watch: true
}
export type View = keyof Views
export type Theme = 'system' | 'light' | 'dark'
/** playing: the first visit's scenario runs. handover: it is the visitor's turn. */
type Tour = 'off' | 'playing' | 'handover'

export interface Notice {
  id: number
  tone: 'info' | 'warn' | 'error'
  text: string
  /** A newer notice of the same topic takes its place. */
  topic?: string
  /** Lines under it, for reports. */
  details?: string[]
  action?: { label: string; run: () => void }
}

export interface UiState {
  view: View
  theme: Theme
  /** One view without its frame, inside another page. */
  embedded: boolean
  /** What the visitor chose; null: as the browser has it. */
  language: Language | null
  /** The language that the page speaks now. */
  spoken: Language
  help: boolean
  /** The list of commands is open. */
  commands: boolean
  tour: Tour
  notices: Notice[]
  /** The tokens of the reply on show are open. */
  tokens: boolean
  /** Id of the memory that the pointer or focus rests on, wherever it is shown. */
  memory: string | null
  setView(view: View): void
  setTheme(theme: Theme): void
  /** Speaks a language, at once; null: the browser's. */
  setLanguage(language: Language | null): Promise<void>
  setHelp(open: boolean): void
  setCommands(open: boolean): void
  setTour(tour: Tour): void
  notify(notice: Omit<Notice, 'id'>): number
  dismiss(id: number): void
  /** Takes away what is not so any more. */
  dismissWhere(cured: (words: string) => boolean): void
  setTokens(open: boolean): void
  pointAt(memory: string | null): void
}

/** After how many ms a notice leaves by itself: good news does, the rest stays until it is read. */
export const lifetimeOf = (tone: Notice['tone']): number | null => (tone === 'info' ? 8000 : null)

const themeKey = 'agemem.theme'
const tourKey = 'agemem.tour'
const languageKey = 'agemem.language'
const themes = z.enum(['system', 'light', 'dark'])
const chosenLanguage = z.enum(languages).nullable()

/** Small things that survive a reload; a browser that forbids it forgets them. */
export interface Remembered {
  get(key: string): string | null
  set(key: string, value: string): void
}

export function localRemembered(): Remembered {
  return {
    get(key) {
      try {
        return localStorage.getItem(key)
      } catch {
        return null
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, value)
      } catch {
        // Private mode: the choice lasts as long as the page.
      }
    },
  }
}

/** Shows a theme; the tokens follow the attribute. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** Has this browser seen the tour? */
export function tourSeen(remembered: Remembered): boolean {
  return remembered.get(tourKey) !== null
}

export type UiStore = StoreApi<UiState>

/**
 * @param tags the languages that the browser prefers, best first
 * @param embedded inside another page
 */
export function createUiStore(remembered: Remembered, tags: readonly string[], embedded = false): UiStore {
  let ids = 0
  let asked = 0
  const theme = themes.catch('system').parse(remembered.get(themeKey))
  return createStore<UiState>((set, get) => ({
    view: 'watch',
    theme,
    embedded,
    language: chosenLanguage.catch(null).parse(remembered.get(languageKey)),
    spoken: 'en',
    help: false,
    commands: false,
    tour: 'off',
    notices: [],
    tokens: false,
    memory: null,
    setView: (view) => { set({ view }) },
    setTheme(next) {
      remembered.set(themeKey, next)
      applyTheme(next)
      set({ theme: next })
    },
    async setLanguage(language) {
      const mine = ++asked
      if (language !== get().language) remembered.set(languageKey, language ?? 'system')
      set({ language })
      const next = language ?? preferred(tags)
      const words = await locales[next].load()
      if (mine !== asked) return
      speak(next, words)
      set({ spoken: next })
    },
    setHelp: (help) => { set({ help }) },
    setCommands: (commands) => { set({ commands }) },
    setTour(tour) {
      if (tour !== 'playing') remembered.set(tourKey, 'seen')
      set({ tour })
    },
    notify(notice) {
      const id = ++ids
      // The same words twice say nothing new.
      set((state) => ({ notices: [...state.notices.filter((each) => each.text !== notice.text && (notice.topic === undefined || each.topic !== notice.topic)), { ...notice, id }].slice(-4) }))
      return id
    },
    dismiss: (id) => { set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })) },
    dismissWhere: (cured) => { set((state) => ({ notices: state.notices.filter(({ text, details }) => ![text, ...(details ?? [])].some(cured)) })) },
    setTokens: (tokens) => { set({ tokens }) },
    pointAt: (memory) => { set({ memory }) },
  }))
}
