// The language of the page. Words stand in en/ and zh/, a file for each part of the page; en says what there is to say, and
// a sentence that another language lacks does not compile. Call t() where something is shown, never while a module loads.
import { namesOf } from '../../core/table.ts'
import { en, type Words } from './en/index.ts'

export type { Words } from './en/index.ts'

/** A language: its name in itself, its tag for the browser, and how to get its words. */
interface Locale {
  name: string
  tag: string
  load: () => Promise<Words>
}

export const locales = {
  en: { name: 'English', tag: 'en', load: () => Promise.resolve(en) },
  zh: { name: '中文', tag: 'zh-CN', load: async () => (await import('./zh/index.ts')).zh },
} satisfies Record<string, Locale>
export type Language = keyof typeof locales

export const languages: readonly Language[] = namesOf(locales)
const isLanguage = (name: string): name is Language => Object.hasOwn(locales, name)

let present: Words = en
let language: Language = 'en'

/** The words of the language that is spoken now. */
export const t = (): Words => present

/** The language that is spoken now: for words that come later than the catalogue (health.ts). */
export const spokenNow = (): Language => language

/** Speaks another language from now on; what is on show has to be shown again. */
export function speak(next: Language, words: Words): void {
  language = next
  present = words
}

/** The first language of a list like navigator.languages that the page speaks, else English. */
export function preferred(tags: readonly string[]): Language {
  for (const tag of tags) {
    const [primary = ''] = tag.toLowerCase().split('-')
    if (isLanguage(primary)) return primary
  }
  return 'en'
}
