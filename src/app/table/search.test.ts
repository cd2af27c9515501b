// Searching in stretches: what is found, what is looked at once, and who is let through in between.
import { describe, expect, it } from 'vitest'
import type { TableRow } from './rows.ts'
import { searchFor } from './search.ts'

const row = (key: string, replies: string | null): TableRow => ({ key, title: 't', expected: 'e', answer: null, outcome: 'none', reward: 0, steps: 1, tools: {}, heard: 'h', replies })

/** A clock on which each look at it takes 2 ms. */
function clock() {
  let time = 0
  let rests = 0
  return {
    now: () => (time += 2),
    rest: () => {
      rests++
      return Promise.resolve()
    },
    rests: () => rests,
  }
}

describe('searchFor', () => {
  it('finds lines, with rests in between, and looks at none of them twice', async () => {
    const { now, rest, rests } = clock()
    const search = searchFor('needle', 'anywhere', now, rest)
    const rows = Array.from({ length: 20 }, (_, i) => row(String(i), i % 5 === 0 ? 'a Needle here' : 'hay'))
    expect(await search?.look(rows, new AbortController().signal)).toBe(true)
    expect(rows.filter((each) => search?.has(each)).map(({ key }) => key)).toEqual(['0', '5', '10', '15'])
    const before = rests()
    expect(before).toBeGreaterThan(3)
    expect(await search?.look(rows, new AbortController().signal)).toBe(true)
    expect(rests()).toBe(before)
  })
  it('ends when something else is looked for', async () => {
    const { now, rest } = clock()
    const abort = new AbortController()
    const search = searchFor('needle', 'replies', now, () => {
      abort.abort()
      return rest()
    })
    const rows = Array.from({ length: 20 }, (_, i) => row(String(i), 'needle'))
    expect(await search?.look(rows, abort.signal)).toBe(false)
    expect(rows.some((each) => !search?.has(each))).toBe(true)
  })
  it('looks again at lines whose text was not read', async () => {
    const { now, rest } = clock()
    const search = searchFor('needle', 'replies', now, rest)
    const line = row('a', null)
    await search?.look([line], new AbortController().signal)
    expect(search?.has(line)).toBe(false)
    const read = { ...line, replies: 'needle' }
    await search?.look([read], new AbortController().signal)
    expect(search?.has(read)).toBe(true)
  })
  it('is none without a text', () => {
    expect(searchFor(' ', 'anywhere', () => 0, () => Promise.resolve())).toBeNull()
  })
})
