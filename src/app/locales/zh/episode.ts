import type { Words } from '../en/index.ts'

export const episode: Words['episode'] = {}
