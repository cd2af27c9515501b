import type { Words } from '../en/index.ts'

export const play: Words['play'] = {}
