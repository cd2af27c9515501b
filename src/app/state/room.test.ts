import { describe, expect, it } from 'vitest'
import { misfitOf } from './room.ts'

const room = (limit: number, ...needs: number[]) => ({ limit, needs, counter: 'words@1' })

describe('misfitOf', () => {
  it('says nothing of a file that fits', () => {
    expect(misfitOf('a.json', 2, room(1024, 900, 1024), 'oracle', null)).toBeNull()
  })

  it('says what is needed and offers a larger T_max where the policy takes it', () => {
    expect(misfitOf('a.json', 3, room(1024, 900, 1200, 2000), 'oracle', null)).toEqual({
      text: 'a.json: 2 of 3 tasks need 1,200 to 2,000 tokens for what is told and asked alone, and T_max is 1,024.',
      // 2,000 and a quarter, in steps of 64.
      details: ['A T_max of 2,560 holds them all.', '1 task fits as it is.'],
      offer: { kind: 'tMax', tMax: 2560 },
    })
    expect(misfitOf('a.json', 1, room(1024, 3000), 'Qwen', 4096)?.offer).toEqual({ kind: 'tMax', tMax: 3776 })
  })

  it('offers the tasks that fit where the model takes no more', () => {
    const misfit = misfitOf('a.json', 3, room(1024, 900, 1200, 1000), 'nano', 1024)
    expect(misfit?.text).toBe(
      'a.json: 1 of 3 tasks needs 1,200 tokens for what is told and asked alone, and nano takes 1,024 at once.',
    )
    expect(misfit?.offer).toEqual({ kind: 'tasks', fits: [0, 2] })
    expect(misfit?.details.at(-1)).toMatch(/scripted/)
  })

  it('offers nothing where nothing fits, and says of how many it knows', () => {
    const misfit = misfitOf('a.json', 900, room(1024, 2000, 3000), 'nano', 1024)
    expect(misfit?.offer).toBeNull()
    expect(misfit?.text).toContain('2 of the first 2 tasks need 2,000 to 3,000 tokens')
  })
})
