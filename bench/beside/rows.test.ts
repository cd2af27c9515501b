import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { wordsOf, writeBetweenMarks, type BesideRow, type Results } from './rows.ts'

const row = (name: string, place: 'browser' | 'native', median: number | null): BesideRow => ({
  table: 'LoRA step',
  name,
  place,
  library: name,
  milliseconds: median === null ? null : { median, fastest: median, slowest: median, runs: 3 },
  tokens_per_second: null,
  problem: median === null ? 'it has no such | call\n    at somewhere' : null,
  note: null,
})
const results: Results = {
  lora: { date: '2026-11-28T10:00:00Z', machine: 'Some CPU', cores: 2, load: [0.1, 1], rows: [row('ours, Node', 'native', 200), row('ours, Chromium', 'browser', 1000), row('PyTorch', 'native', 500), row('jax-js', 'browser', 3000), row('llama.cpp', 'native', null)] },
}

it('stands each library beside ours of its kind', () => {
  const lines = wordsOf(results).split('\n')
  expect(lines).toContain('| PyTorch | 500 ms |  | 2.50 × |')
  expect(lines).toContain('| jax-js | 3,000 ms |  | 3.00 × |')
  expect(lines).toContain('| llama.cpp | not measured: it has no such / call | | |')
  expect(lines.at(-1)).toBe('On Some CPU, 2 cores, 2026-11-28, load 0.1 before and 1.0 after.')
})

it('says so when the machine was busy', () => {
  const { lora } = results
  if (lora) expect(wordsOf({ lora: { ...lora, load: [9, 8] } })).toContain('busy')
  // Its own work is no other's.
  if (lora) expect(wordsOf({ lora: { ...lora, load: [0.9, 2.7] } })).not.toContain('busy')
})

it('writes between the marks and nowhere else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agemem-marks-'))
  const path = join(folder, 'README.md')
  writeFileSync(path, 'before\n<!-- bench:peers -->\nold\n<!-- /bench:peers -->\nafter\n')
  writeBetweenMarks(path, 'new')
  expect(readFileSync(path, 'utf8')).toBe('before\n<!-- bench:peers -->\nnew\n<!-- /bench:peers -->\nafter\n')
  writeFileSync(path, 'no marks')
  expect(() => { writeBetweenMarks(path, 'new') }).toThrow('no place for the numbers')
  rmSync(folder, { recursive: true })
})
