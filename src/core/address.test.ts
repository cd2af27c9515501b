import { describe, expect, it } from 'vitest'
import { addressProblem } from './address.ts'

describe('addressProblem', () => {
  it.each(['https://huggingface.co/a/b/resolve/main/', 'http://localhost:8000/m/', 'http://127.0.0.1/', 'http://127.1/', 'http://[::1]:9/', 'http://models.localhost/'])('lets %s', (text) => {
    expect(addressProblem(text)).toBeNull()
  })
  it.each([
    ['http://huggingface.co/a/b/', 'https://'],
    ['http://192.168.0.7/', 'https://'],
    ['http://localhost.evil.test/', 'https://'],
    ['http://127.0.0.1.evil.test/', 'https://'],
    ['ftp://models.test/', 'https://'],
    ['javascript:alert(1)', 'https://'],
    ['data:application/json,{}', 'https://'],
    ['blob:https://models.test/x', 'https://'],
    ['https://me:secret@models.test/', 'must not hold a name and password'],
    ['models/nano', 'is not an address'],
    ['', 'is not an address'],
  ])('refuses %s', (text, words) => {
    expect(addressProblem(text)).toContain(words)
  })
  it('lets what lies beside the page, however that is served', () => {
    expect(addressProblem('http://192.168.0.7:4173/models/nano/', 'http://192.168.0.7:4173')).toBeNull()
    expect(addressProblem('http://192.168.0.8:4173/models/nano/', 'http://192.168.0.7:4173')).not.toBeNull()
  })
})
