import { ofUpdate } from './spec.ts'

export const gradNorm = ofUpdate('grad_norm', { term: 'gradNorm', unit: 'number', ends: [0, null] })
