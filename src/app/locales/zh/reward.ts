import type { Words } from '../en/index.ts'

export const reward: Words['reward'] = {}
