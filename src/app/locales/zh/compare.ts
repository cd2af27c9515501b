import type { Words } from '../en/index.ts'

export const compare: Words['compare'] = {}
