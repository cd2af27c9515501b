import { ofUpdate } from './spec.ts'

export const loss = ofUpdate('loss', { term: 'loss', unit: 'number' })
