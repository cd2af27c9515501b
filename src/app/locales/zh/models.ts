import type { Words } from '../en/index.ts'

export const models: Words['models'] = {}
