import { describe, expect, it } from 'vitest'
import { contentPolicy, headersFile } from './policy.ts'
import { pathOf, takes } from './plugin.ts'

describe('the file for static hosts', () => {
  const text = headersFile(['index.html', 'assets/lab.worker-AAAAAAAA.js', 'assets/weights.worker-BBBBBBBB.js', 'assets/weights.worker-BBBBBBBB.js.br', 'assets/index-CCCCCCCC.js'])
  const rules = new Map(text.trim().split('\n\n').map((rule) => { const [path = '', ...headers] = rule.split('\n'); return [path, headers.map((header) => header.trim())] as const }))

  it('has a rule for the page, for each worker, and for what they share', () => {
    expect([...rules.keys()]).toEqual(['/*', '/assets/*', '/', '/index.html', '/service-worker.js', '/assets/lab.worker-AAAAAAAA.js', '/assets/weights.worker-BBBBBBBB.js'])
    expect(rules.get('/*')).toContain('Cross-Origin-Opener-Policy: same-origin')
    expect(rules.get('/assets/*')).toEqual(['Cache-Control: public, max-age=31536000, immutable'])
  })

  it('gives no path two policies, which would allow what both allow', () => {
    const policies = (path: string) => (rules.get(path) ?? []).filter((header) => header.startsWith('Content-Security-Policy'))
    for (const path of ['/*', '/assets/*']) expect(policies(path)).toEqual([])
    for (const path of ['/', '/assets/lab.worker-AAAAAAAA.js']) expect(policies(path)).toEqual([expect.stringMatching(/connect-src 'self'; .*frame-ancestors 'none'$/)])
    expect(policies('/assets/weights.worker-BBBBBBBB.js')).toEqual([expect.stringContaining("connect-src 'self' https: ")])
  })

  it('has no line that a host would cut', () => {
    // Cloudflare Pages reads 2,000 characters a line and 100 rules.
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(2000)
  })
})

describe('the policy', () => {
  it('forbids eval, scripts within the page, plugins and forms everywhere', () => {
    for (const path of ['index.html', 'assets/weights.worker-BBBBBBBB.js', 'workers/webllm.worker.ts']) {
      const policy = contentPolicy(path)
      expect(policy).not.toContain("'unsafe-eval'")
      expect(/script-src [^;]*/.exec(policy)?.[0]).toBe("script-src 'self' 'wasm-unsafe-eval'")
      expect(policy).toContain("object-src 'none'; base-uri 'none'; form-action 'none'")
    }
  })

  it('knows the workers that reach models in development, where they have other names', () => {
    expect(contentPolicy('/workers/weights.worker.ts')).toContain("connect-src 'self' https:")
    for (const path of ['/workers/lab.worker.ts', '/src/rpc/weights.ts', '/model.worker.ts', '/weights.worker/index.html', '/assets/superweights.worker-BBBBBBBB.js']) expect(contentPolicy(path)).toContain("connect-src 'self';")
  })
})

describe('the path of a request', () => {
  it.each([
    ['/', 'index.html'],
    ['/a/?x=/../..#y', 'a/index.html'],
    ['/a%20b.js', 'a b.js'],
    ['/a/../b.js', 'b.js'],
    ['/../b.js', null],
    ['/%2e%2e/b.js', null],
    ['/a/..%2f..%2fb.js', 'a/..%2f..%2fb.js'],
    ['/%', null],
    ['/a%00.js', null],
  ])('%s', (url, path) => {
    expect(pathOf(url, '/srv/dist')).toBe(path)
  })
})

it('a coding must be named, and not with a quality of 0', () => {
  expect(['br', 'gzip, br', 'gzip;q=0.8, BR; q=0.1', 'br;q=1.0'].map((accepted) => takes(accepted, 'br'))).toEqual([true, true, true, true])
  expect(['', '*', 'gzip', 'br;q=0', 'br; q=0.000', 'brotli'].map((accepted) => takes(accepted, 'br'))).toEqual([false, false, false, false, false, false])
})
