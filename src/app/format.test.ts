import { describe, expect, it } from 'vitest'
import { size } from './format.ts'

describe('size', () => {
  it('has two or three digits, in powers of 1,024', () => {
    expect([0, 900, 1023, 1536, 360 * 2 ** 20, 2.5 * 2 ** 30, 1000 * 2 ** 30].map(size)).toEqual(['0 B', '900 B', '1.0 kB', '1.5 kB', '360 MB', '2.5 GB', '1.0 TB'])
  })
})
