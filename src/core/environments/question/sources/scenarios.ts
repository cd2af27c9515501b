// The tasks that were written by hand: a new one is an entry of one of these files.
import { complaints } from './complaints.ts'
import { paperCases } from './paper-cases.ts'
import type { Scenario } from './scenario.ts'

export const scenarios: readonly Scenario[] = [...paperCases, ...complaints]
