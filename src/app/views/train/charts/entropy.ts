import { ofUpdate } from './spec.ts'

export const entropy = ofUpdate('entropy', { term: 'entropy', unit: 'number', ends: [0, null] })
