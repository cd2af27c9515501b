import type { Words } from '../en/index.ts'

export const tour: Words['tour'] = {}
