import type { Words } from '../en/index.ts'

export const actions: Words['actions'] = {}
