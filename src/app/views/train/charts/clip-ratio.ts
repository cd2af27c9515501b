import { ofUpdate } from './spec.ts'

export const clipRatio = ofUpdate('clip_ratio', { term: 'clipRatio', unit: 'share', ends: [0, null] })
