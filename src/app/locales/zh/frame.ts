import type { Words } from '../en/index.ts'

export const frame: Words['frame'] = {}
