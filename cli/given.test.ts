// What a command that is a process of its own does with its options, and that all of them do.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import manifest from '../package.json' with { type: 'json' }
import { given, listOf, numberFrom } from './given.ts'

const command = {
  command: 'npm run weigh',
  does: 'Weighs things.',
  schema: z.object({ only: listOf(['left', 'right']).optional(), minutes: numberFrom(0).default(3), fast: z.boolean().default(false), python: z.array(z.string()).default([]), things: z.array(z.string()).optional() }),
  takes: { only: 'of left, right', minutes: 'a number from 0; 3', fast: 'no value: fewer', python: 'a path', things: 'words' },
  flags: ['fast'],
  repeated: ['python'],
  bare: 'things',
}

class Ended extends Error {}
/** What is read, or the status and the text that it ends with. */
function run(...args: string[]): unknown {
  const ended: unknown[] = []
  try {
    return given(command, args, (status, text) => {
      ended.push(status, text)
      throw new Ended()
    })
  } catch (error) {
    if (error instanceof Ended) return ended
    throw error
  }
}

it('says what there is', () => {
  const usage = expect.stringMatching(/^npm run weigh -- \[things …\] \[options\]\n\nWeighs things\.\n\n {2}--only +of left, right\n[^]*\n {4}things +words\n {2}--help/)
  expect(run('--help')).toEqual([0, usage])
  expect(run('-h', '--minutes', 'many')).toEqual([0, usage])
})
it('refuses in a sentence what is not there, has no value, or is not allowed', () => {
  const hint = 'npm run weigh -- --help says what there is.'
  expect(run('--slow')).toEqual([2, `Unknown option '--slow'. ${hint}`])
  expect(run('--minutes')).toEqual([2, expect.stringContaining(hint)])
  expect(run('--minutes', 'many')).toEqual([2, '--minutes: "many" is not allowed. It takes a number from 0; 3.'])
  expect(run('--only', 'left,up')).toEqual([2, '--only: "left,up" is not allowed. It takes of left, right.'])
})
it('reads the rest', () => {
  expect(run()).toEqual({ minutes: 3, fast: false, python: [] })
  expect(run('a', '--fast', '--only', 'left,right', '--python', 'x', '--python', 'y', 'b')).toEqual({ only: ['left', 'right'], minutes: 3, fast: true, python: ['x', 'y'], things: ['a', 'b'] })
})

it('every command of package.json that is a program of its own reads its options by it', () => {
  const root = join(import.meta.dirname, '..')
  const programs = Object.entries(manifest.scripts).flatMap(([name, script]) => [...script.matchAll(/tsx (\S+\.ts)/g)].flatMap(([, file = '']) => (file === 'cli/main.ts' ? [] : [{ name, file }])))
  expect(programs.length).toBeGreaterThan(10)
  expect(programs.filter(({ name, file }) => !readFileSync(join(root, file), 'utf8').includes(`command: 'npm run ${name}'`))).toEqual([])
  const others = ['e2e', 'bench', 'fuzz', 'packages', 'scripts'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  expect(others.filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && readFileSync(join(root, file), 'utf8').includes('parseArgs'))).toEqual([])
})
