import type { Words } from '../en/index.ts'

export const episodes: Words['episodes'] = {}
