import type { Words } from '../en/index.ts'

export const runs: Words['runs'] = {}
