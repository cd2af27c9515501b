import type { Words } from '../en/index.ts'

export const watch: Words['watch'] = {}
