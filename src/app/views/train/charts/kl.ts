import { ofUpdate } from './spec.ts'

export const kl = ofUpdate('kl', { term: 'kl', unit: 'number', ends: [0, null] })
