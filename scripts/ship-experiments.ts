// Makes the results that come with the page (public/experiments) of a folder that `experiment` filled with one model, and the tables
// of the README:
//   npm run -s agemem -- experiment main --out DIR   (and others)
//   npx tsx scripts/ship-experiments.ts DIR
// Cells that experiments have in common were played once and stand in each.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { experimentNamed, experimentNames } from '../src/core/experiments/experiments.ts'
import { agreementLines, exported } from '../src/core/experiments/export.ts'
import { gathered } from '../src/core/experiments/gather.ts'
import { readResult, type ExperimentResult } from '../src/core/experiments/result.ts'
import { mustFit } from '../src/core/fit.ts'
import { shippedSchema } from '../src/app/state/experiment-core.ts'

const [folder = '', out = 'public/experiments'] = process.argv.slice(2)
if (folder === '') throw new Error('Usage: npx tsx scripts/ship-experiments.ts DIR')

const results: ExperimentResult[] = []
for (const name of await readdir(folder)) {
  const text = await readFile(join(folder, name, 'result.json'), 'utf8').catch(() => null)
  if (text !== null) results.push(readResult(text))
}
const [first] = results
if (!first) throw new Error(`There is no result in ${folder}.`)

await mkdir(out, { recursive: true })
// nano's are called as their experiment, those of another model as both.
const nano = first.model.name === 'nano'
const keyOf = (name: string) => (nano ? name : `${name}-${first.model.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`)
const tables: string[] = []
const shippedNames: string[] = []
for (const name of experimentNames) {
  const experiment = experimentNamed(name)
  const own = results.find((each) => each.experiment === name)
  // Of another model, what was asked for; of nano, also what can be had of the cells of others.
  if (!own && !nano) continue
  const known = results.filter((each) => each !== own)
  const data = experiment.data.flatMap((each) => [own, ...known].flatMap((result) => result?.plan.data.find((of) => of.name === each) ?? []).slice(0, 1))
  const seeds = [...new Set([own, ...known].flatMap((result) => result?.plan.seeds ?? []))].sort((a, b) => a - b)
  const arms = experiment.arms.map((arm) => arm.name)
  const begun: ExperimentResult = own ?? { ...first, experiment: name, trainings: [], cells: [] }
  const result = gathered(experiment, { ...begun, key: keyOf(name), plan: { ...begun.plan, arms, data, seeds } }, known)
  if (result.cells.length === 0) continue
  // What was not played is not planned either: the page shows what there is.
  const has = (of: 'arm' | 'data', value: string) => result.cells.some((cell) => cell[of] === value)
  const shipped = { ...result, plan: { ...result.plan, arms: arms.filter((arm) => has('arm', arm)), data: data.filter((each) => has('data', each.name)), seeds: seeds.filter((seed) => result.cells.some((cell) => cell.seed === seed)) } }
  await writeFile(join(out, `${keyOf(name)}.json`), exported('json', experiment, shipped))
  shippedNames.push(name)
  tables.push(exported('md', experiment, shipped), ...agreementLines(experiment, shipped).map((line) => `- ${line}`), '')
}
const before = await readFile(join(out, 'index.json'), 'utf8').catch(() => null)
const index = before === null ? { results: [], others: [] } : mustFit(shippedSchema, JSON.parse(before))
const others = index.others.filter(({ model }) => model !== first.model.name)
const list = nano ? { ...index, results: shippedNames } : { ...index, others: [...others, ...shippedNames.map((experiment) => ({ experiment, model: first.model.name, file: keyOf(experiment) }))] }
await writeFile(join(out, 'index.json'), `${JSON.stringify(list)}\n`)
await writeFile(join(folder, 'tables.md'), `${tables.join('\n')}\n`)
process.stderr.write(`${out}, and the tables in ${join(folder, 'tables.md')}.\n`)
