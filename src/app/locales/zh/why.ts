import type { Words } from '../en/index.ts'

export const why: Words['why'] = {}
