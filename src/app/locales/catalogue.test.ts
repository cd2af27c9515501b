// What holds for the words of every language, whatever they say.
import { describe, expect, it } from 'vitest'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

/** Every text of a catalogue by its path; functions of words have none until they are called. */
function textsOf(of: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(of)) {
    const at = path === '' ? name : `${path}.${name}`
    if (typeof value === 'string') found.set(at, value)
    else if (typeof value === 'object' && value !== null) for (const [inner, text] of textsOf(value, at)) found.set(inner, text)
  }
  return found
}

const slots = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort()

describe('the catalogues', () => {
  const [english, chinese] = [textsOf(en), textsOf(zh)]

  it('have the same places for what a sentence shows', () => {
    const differ = [...english].filter(([path, text]) => String(slots(text)) !== String(slots(chinese.get(path) ?? text)))
    expect(differ.map(([path]) => path)).toEqual([])
  })

  it('write Chinese with spaces around Latin words and figures, and say 你', () => {
    const close = /[\p{Script=Han}][A-Za-z0-9]|[A-Za-z0-9%][\p{Script=Han}]/u
    const wrong = [...chinese].filter(([, text]) => close.test(text.replaceAll(/\{\w+\}/g, '')) || text.includes('您'))
    expect(wrong).toEqual([])
  })

  it('are written: no sentence of more than a word was left in English', () => {
    const left = [...chinese].filter(([path, text]) => text === english.get(path) && /[a-z]{3,} [a-z]{3,}/.test(text))
    expect(left.map(([path]) => path)).toEqual([])
  })
})
