// Where the browser gives a page no cache: what can be known is known, and what cannot be kept says so.
import { describe, expect, it } from 'vitest'
import { WebLlmError } from '../core/policy/webllm.ts'
import { cacheShelf } from './custom-models.ts'
import { noCaches } from './no-caches.ts'

describe('a page without a cache', () => {
  it('has no models by address', async () => {
    expect(await cacheShelf(noCaches, 'http://page.test').read()).toEqual([])
  })

  it('says that nothing can be kept when one is added', async () => {
    const added = cacheShelf(noCaches, 'http://page.test').write([{ name: 'm', url: 'https://models.test/m', library: 'https://models.test/m.wasm' }])
    const error = await added.catch((failure: unknown) => failure)
    expect(error instanceof WebLlmError && error.problem).toEqual({ kind: 'no-files', detail: '' })
  })
})
