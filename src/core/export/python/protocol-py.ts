// What of agemem.py reads replies: the twin of core/agents/agemem/protocol, recoveries and notices included, but for the
// offsets of violations. export.test.ts and test:python hold it against ours.
import { callsPy } from './protocol/calls-py.ts'
import { lenientPy } from './protocol/lenient-py.ts'
import { readingPy } from './protocol/reading-py.ts'
import { tablesPy } from './protocol/tables-py.ts'

export const protocolPy = [tablesPy, lenientPy, readingPy, callsPy].join('\n\n\n')
