import { describe, expect, it } from 'vitest'
import { customModelSchema } from './custom-model.ts'

const good = { name: 'my.model-q0f32', url: ' https://models.test/main', library: 'https://models.test/lib.wasm?download=true' }

describe('a model by its address', () => {
  it('is taken, its folder with a slash at the end', () => {
    expect(customModelSchema.parse(good)).toEqual({ ...good, url: 'https://models.test/main/' })
  })

  it('may lie on this machine', () => {
    const here = { url: 'http://localhost:8000/m/', library: 'http://127.0.0.1:8000/m.wasm' }
    expect(customModelSchema.parse({ ...good, ...here })).toEqual({ ...good, ...here })
  })

  it.each([
    ['a name with markup', { name: '<b>' }],
    ['a name with a slash', { name: 'a/b' }],
    ['a name that is too long', { name: 'a'.repeat(81) }],
    ['plain http', { url: 'http://models.test/' }],
    ['another scheme', { url: 'javascript:alert(1)' }],
    ['a host that looks like this machine', { library: 'http://localhost.models.test/lib.wasm' }],
    ['a name and password in it', { url: 'https://me:secret@models.test/' }],
    ['no address', { url: 'https://' }],
    ['a library that is none', { library: 'https://models.test/lib.js' }],
    ['an endless address', { url: `https://models.test/${'a'.repeat(2000)}` }],
  ])('is refused with %s', (_, bad) => {
    expect(customModelSchema.safeParse({ ...good, ...bad }).success).toBe(false)
  })
})
