import { describe, expect, it } from 'vitest'
import { StorageError, storageErrorOf } from './errors.ts'

/** As Dexie wraps what the browser threw. */
const wrapped = (name: string, inner: unknown) => Object.assign(new Error(`${name} of Dexie`), { name, inner })

describe('storageErrorOf', () => {
  it('finds a full disk under what Dexie wraps around it', () => {
    const quota = new DOMException('', 'QuotaExceededError')
    expect(storageErrorOf(quota).kind).toBe('quota')
    expect(storageErrorOf(wrapped('AbortError', quota)).kind).toBe('quota')
    expect(storageErrorOf(wrapped('BulkError', wrapped('AbortError', quota)), true).kind).toBe('quota')
  })

  it('takes a refusal for a missing database only when opening', () => {
    const refusals = [wrapped('MissingAPIError', null), wrapped('OpenFailedError', new DOMException('', 'InvalidStateError')), new DOMException('', 'SecurityError')]
    expect(refusals.map((error) => storageErrorOf(error, true).kind)).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(refusals.map((error) => storageErrorOf(error).kind)).toEqual(['failed', 'failed', 'failed'])
  })

  it('keeps storage errors, and names any other', () => {
    const deleted = new StorageError('deleted')
    expect(storageErrorOf(deleted)).toBe(deleted)
    expect(storageErrorOf(wrapped('AbortError', deleted))).toBe(deleted)
    const other = storageErrorOf(new DOMException('Disk read error\n at x', 'UnknownError'))
    expect(other.kind).toBe('failed')
    expect(other.message).toContain('UnknownError: Disk read error)')
    expect(storageErrorOf('odd').message).toContain('odd')
  })

  it('ends on errors that cause themselves', () => {
    const loop: Error = new Error('round')
    loop.cause = loop
    expect(storageErrorOf(loop).kind).toBe('failed')
  })
})
