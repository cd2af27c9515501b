// An exported folder on disk, with a Python program run in it. For tests.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExportFile } from '../files.ts'

export const hasPython = spawnSync('python3', ['--version']).status === 0

export function writeFiles(folder: string, files: readonly ExportFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/** What the program says on its standard output. @throws Error with what it complains of */
export function inPython(files: readonly ExportFile[], program: string, input = '', python = 'python3'): string {
  const folder = mkdtempSync(join(tmpdir(), 'agemem-export-'))
  try {
    writeFiles(folder, files)
    const { status, stdout, stderr } = spawnSync(python, ['-c', program], { cwd: folder, input, encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (status !== 0) throw new Error(stderr)
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const jsonLines = (lines: string): unknown[] => lines.trimEnd().split('\n').map((line): unknown => JSON.parse(line))
