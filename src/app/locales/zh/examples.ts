import type { Words } from '../en/index.ts'

export const examples: Words['examples'] = {}
