// All relations' wordings in one table.
import type { RelationName } from '../world-relations.ts'
import { datePhrases } from './dates.ts'
import { homePhrases } from './home.ts'
import { organisationPhrases } from './organisations.ts'
import type { RelationPhrases } from './phrases.ts'
import { placePhrases } from './places.ts'
import { tastePhrases } from './tastes.ts'

export const relationPhrases: Readonly<Record<RelationName, RelationPhrases>> = {
  ...homePhrases,
  ...tastePhrases,
  ...datePhrases,
  ...organisationPhrases,
  ...placePhrases,
}
