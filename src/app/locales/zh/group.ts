import type { Words } from '../en/index.ts'

export const group: Words['group'] = {}
