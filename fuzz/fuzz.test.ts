// The fuzz in short, so that a reader that throws is noticed before anybody runs it whole.
import { describe, expect, it } from 'vitest'
import { createRandom } from '../src/core/random.ts'
import { targets } from './targets.ts'
import { WrongResult } from './target.ts'

const all = await targets()
const inputs = (name: string) => (name === 'replies' ? 3000 : 40)

describe.each(all.map((target) => [target.name, target] as const))(
  '%s',
  (name, { generators, valid = [], expected }) => {
    it('reads what is as it should be', async () => {
      for (const input of valid) await input.run()
    })

    it.each(Object.entries(generators))('reads or refuses what is %s', async (generator, make) => {
      for (let index = 0; index < inputs(name); index++) {
        const input = make(createRandom(`unit/${name}/${generator}/${index}`))
        const thrown = await Promise.resolve()
          .then(() => input.run())
          .then(
            () => null,
            (error: unknown) => error,
          )
        if (thrown === null) continue
        const kind = thrown instanceof Error ? thrown.name : typeof thrown
        expect(expected, `${index}: ${String(thrown)} ${input.text.slice(0, 300)}`).toContain(kind)
      }
    })
  },
)

describe('the table', () => {
  it('has every reader once, and its own error for what is read wrongly', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(all.every(({ expected }) => !expected.includes(new WrongResult('').name))).toBe(true)
  })
})
