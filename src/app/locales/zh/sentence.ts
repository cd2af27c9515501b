import type { Words } from '../en/index.ts'

export const sentence: Words['sentence'] = {}
