import type { Words } from '../en/index.ts'

export const glossary: Words['glossary'] = {}
