import type { Words } from '../en/index.ts'

export const train: Words['train'] = {}
