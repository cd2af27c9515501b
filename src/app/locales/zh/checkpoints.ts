import type { Words } from '../en/index.ts'

export const checkpoints: Words['checkpoints'] = {}
