import { describe, expect, it } from 'vitest'
import { cacheShelf } from './custom-models.ts'

function shelf() {
  const files = new Map<string, Response>()
  const cache = { match: (at: string) => Promise.resolve(files.get(at)?.clone()), put: (at: string, response: Response) => Promise.resolve(void files.set(at, response)) }
  // Only what is used of a cache.
  return cacheShelf({ open: () => Promise.resolve(Object.assign(Object.create(null), cache)) }, 'https://page.test')
}
const model = (name: string) => ({ name, url: 'https://models.test/m/', library: 'https://models.test/m.wasm' })

describe('models by address, kept', () => {
  it('are read as they were written', async () => {
    const kept = shelf()
    await kept.write([model('a'), model('b')])
    expect(await kept.read()).toEqual([model('a'), model('b')])
  })
  it('are not written when they could not be read again', async () => {
    const kept = shelf()
    await kept.write([model('a')])
    await expect(kept.write(Array.from({ length: 101 }, (_, i) => model(`m${i}`)))).rejects.toMatchObject({ problem: { kind: 'other', detail: 'There are 100 models by address: delete one first.' } })
    await expect(kept.write([{ ...model('a'), url: 'x'.repeat(3000) }])).rejects.toMatchObject({ problem: { detail: 'A name or an address of it is too long.' } })
    expect(await kept.read()).toEqual([model('a')])
  })
})
