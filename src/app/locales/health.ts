// What a run warns of and why it rests, in the language that is spoken. Not in the catalogue: a first look does not need it, and its
// file comes with the views that do.
import { english, noteWords, warningWords, type HealthWords } from '../../core/training/health-words.ts'
import type { RunNote, Warning } from '../../core/training/health.ts'
import { spokenNow, type Language } from './index.ts'
import { health as chinese } from './zh/health.ts'

const words: Record<Language, HealthWords> = { en: english, zh: chinese }

export const warningText = (warning: Warning): string => warningWords(warning, words[spokenNow()])
export const noteText = (note: RunNote): string => noteWords(note, words[spokenNow()])
