// Each export in the program that it is for: a small run of nano is exported, the program opens it, and says what it sees. One
// entry a program; each has a Python of its own, since they do not agree on versions.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'fflate'
import { z } from 'zod'
import { TrainFolder } from '../../cli/train-folder.ts'
import { mustFit } from '../../src/core/fit.ts'
import { namesOf } from '../../src/core/table.ts'
import { parseEpisodes } from '../../src/lab/read-trajectories.ts'
import type { Check, Frame } from '../outside/checks.ts'
import { cached, pip, pythonWith, runPython, systemPython, Unavailable, type Packages } from '../outside/python.ts'
import { exported, trainedRun } from './run.ts'

/** What the programs are held against. */
interface Ours {
  run: string
  /** Mean reward of each step. */
  rewards: number[]
  episodes: number
  /** Rollouts a step. */
  rollouts: number
  k: number
}

interface Program extends Omit<Packages, 'name' | 'requirements'> {
  /** @param folder of its own @param say runs a script of `viewers/` and gives what it printed last */
  checks: (ours: Ours, folder: string, run: <T>(script: string, args: readonly string[], schema: z.ZodType<T>) => Promise<T>, check: Check) => Promise<void>
}

const near = (a: readonly number[], b: readonly number[], within: number) => a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= within)
const shown = (values: readonly number[]) => values.map((value) => value.toFixed(4)).join(', ')
const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
const pairs = z.array(z.tuple([z.number(), z.number()]))

const programs = {
  tables: {
    probe: 'import pandas, pyarrow',
    async checks({ run, rewards, rollouts }, folder, python, check) {
      const schema = z.object({ version: z.string(), tables: z.array(z.object({ step: z.number(), rows: z.number(), reward: z.number(), advantage: z.number(), columns: z.array(z.string()), roles: z.array(z.string()) })) })
      const { version, tables } = await python('tables.py', [await exported(run, 'trl-completions', folder)], schema)
      const whole = tables.every(({ rows, columns }) => rows === rollouts && ['step', 'prompt', 'completion', 'reward', 'advantage'].every((name) => columns.includes(name)))
      check(`TRL’s tables of completions in pandas ${version}`, whole && near(tables.map(({ reward }) => reward), rewards, 1e-9), `${tables.length} files of ${rollouts} rows, mean reward ${shown(tables.map(({ reward }) => reward))}, messages of ${tables[0]?.roles.join(', ') ?? 'nobody'}`)
    },
  },
  tensorboard: {
    probe: 'from tensorboard.backend.event_processing.event_accumulator import EventAccumulator',
    async checks({ run, rewards, rollouts }, folder, python, check) {
      const schema = z.object({ version: z.string(), scalars: z.number(), reward: pairs, histograms: z.record(z.string(), z.array(z.number())) })
      const { version, scalars, reward, histograms } = await python('tensorboard_events.py', [await exported(run, 'tensorboard', folder)], schema)
      check(`curves in TensorBoard ${version}`, near(reward.map(([, value]) => value), rewards, 1e-6) && scalars > 50, `${scalars} of them, reward ${shown(reward.map(([, value]) => value))}`)
      const counts = Object.values(histograms)
      check('and histograms of every rollout', counts.length > 0 && counts.every((each) => each.length === rewards.length && each.every((count) => count === rollouts)), Object.entries(histograms).map(([name, each]) => `${name} of ${each.join(' and ')}`).join(', '))
    },
  },
  trackio: {
    probe: 'import trackio',
    async checks({ run, rewards }, folder, python, check) {
      const found = await python('trackio_metrics.py', [await exported(run, 'trackio', folder)], z.object({ version: z.string(), 'of-csv': pairs, 'of-script': pairs }))
      for (const project of ['of-csv', 'of-script'] as const) {
        const values = found[project].map(([, value]) => value)
        check(`metrics in trackio ${found.version}, ${project === 'of-csv' ? 'by its import of CSV' : 'by the script'}`, near(values, rewards, 1e-9), `reward ${shown(values)}`)
      }
    },
  },
  verifiers: {
    probe: 'from verifiers.v1.trace import WireTrace',
    atLeast: 11,
    async checks({ run, rewards, episodes }, folder, python, check) {
      const found = await python('verifiers_traces.py', [await exported(run, 'verifiers', folder)], z.object({ version: z.string(), episodes: z.number(), reward: z.number(), turns: z.number() }))
      check(`traces in verifiers ${found.version}`, found.episodes === episodes && near([found.reward], [mean(rewards)], 1e-9), `${found.episodes} episodes, ${found.turns} turns, mean reward ${shown([found.reward])}`)
    },
  },
  harbor: {
    probe: 'import harbor.utils.trajectory_validator, minisweagent',
    atLeast: 12,
    async checks({ run, episodes }, folder, python, check) {
      const files = await exported(run, 'atif', folder)
      const found = await python('harbor_atif.py', [files], z.object({ version: z.string(), mini: z.string(), files: z.number(), wrong: z.array(z.string()) }))
      check(`ATIF under the validator of harbor ${found.version}`, found.files === episodes && found.wrong.length === 0, `${found.files - found.wrong.length} of ${found.files}${found.wrong.slice(0, 2).map((each) => `; ${each}`).join('')}`)
      for (const [name, by] of [['mini.traj.json', `mini-swe-agent ${found.mini}`], ['mini.atif.json', `harbor ${found.version}`]] as const) {
        const read = await parseEpisodes(readFileSync(join(files, name), 'utf8'))
        const calls = read.flatMap(({ steps }) => steps.flatMap((step) => step.calls))
        check(`what ${by} wrote is read here`, read.length === 1 && calls.length === 2 && calls[0]?.result.includes('hello') === true, `${read.length} episode of ${read[0]?.steps.length ?? 0} steps, ${calls.length} calls`)
      }
    },
  },
  'verl-viewer': {
    probe: 'import textual, typer, aiofiles',
    async checks({ run, rollouts, rewards }, folder, python, check) {
      const files = await exported(run, 'verl-rollouts', folder)
      const found = await python('verl_viewer.py', [join(files, 'rollouts'), await rolloutViewer()], z.object({ samples: z.array(z.number()), text: z.string(), then: z.number() }))
      check('rollouts in verl’s viewer', found.samples.length === rewards.length && found.samples.every((count) => count === rollouts) && found.then === 1 && found.text.trim() !== '', `samples ${found.samples.join(' and ')}; ${found.text.replace(/\s+/g, ' ').slice(0, 90)}`)
    },
  },
  verl: {
    probe: 'import verl, hydra, pandas, tensordict, transfer_queue',
    async checks({ run }, folder, python, check) {
      const schema = z.object({ version: z.string(), prompts: z.number(), columns: z.array(z.string()), estimator: z.string(), asked: z.number(), fits: z.boolean(), alone: z.number(), advantages: z.array(z.array(z.number())), sequences: z.array(z.object({ prompt: z.number(), response: z.number(), learnt: z.number(), mask: z.number(), reward: z.number() })) })
      const found = await python('verl_training.py', [await exported(run, 'verl', folder), 'public/models/nano'], schema)
      check(`the configuration composes in verl ${found.version} and passes its checks`, found.estimator === 'grpo' && ['data_source', 'prompt', 'ability', 'reward_model', 'extra_info'].every((name) => found.columns.includes(name)), `${found.prompts} prompts`)
      const { sequences } = found
      const learnt = sequences.every(({ learnt: tokens, response, mask }) => tokens > 0 && mask === response)
      check('its agent loop plays an episode and gives every sequence', sequences.length > 2 && learnt && found.fits && new Set(sequences.map(({ reward }) => reward)).size === 1, `${found.asked} replies, ${sequences.length} sequences, ${sequences.reduce((sum, each) => sum + each.learnt, 0)} tokens with loss, reward ${sequences[0]?.reward.toFixed(4) ?? 'none'}`)
      const own = found.advantages.slice(0, -1).flat()
      check('verl gives each of them the advantage of the trajectory', own.length > 0 && own.every((value) => value === own[0]) && own[0] !== 0 && found.advantages.at(-1)?.[0] === -(own[0] ?? NaN), `${own[0] ?? NaN}; the other rollout ${found.advantages.at(-1)?.[0] ?? NaN}`)
      check('compute_score of a right answer alone', found.alone === 1, String(found.alone))
    },
  },
  trinity: {
    probe: 'import trinity.common.config',
    async checks({ run, k }, folder, python, check) {
      const found = await python('trinity_config.py', [await exported(run, 'trinity', folder), 'public/models/nano'], z.object({ version: z.string(), algorithm: z.string(), repeat_times: z.number(), rate: z.number(), batch: z.number(), rank: z.number() }))
      check(`the configuration loads in Trinity-RFT ${found.version}`, found.algorithm === 'multi_step_grpo' && found.repeat_times === k, `${found.algorithm}, rate ${found.rate}, ${found.batch} groups of ${found.repeat_times}, LoRA of rank ${found.rank}`)
    },
  },
} as const satisfies Record<string, Program>

/** The viewer's script, which is in verl's source alone, and not in what pip installs. @throws Unavailable */
async function rolloutViewer(): Promise<string> {
  const given = process.env['AGEMEM_ROLLOUT_VIEWER']
  if (given !== undefined) return given
  const folder = cached('verl-source')
  const script = join(folder, 'verl-0.9.1', 'scripts', 'rollout_viewer.py')
  if (existsSync(script)) return script
  const python = await systemPython()
  await pip(python, ['download', '--quiet', '--no-deps', '--no-binary', 'verl', '--dest', folder, 'verl==0.9.1'], 'The source of verl cannot be fetched')
  const name = readdirSync(folder).find((each) => each.endsWith('.tar.gz'))
  if (name === undefined) throw new Unavailable(`pip left no source of verl in ${folder}.`)
  await runPython(python, ['-c', `import tarfile; tarfile.open(${JSON.stringify(name)}).extractall(".")`], folder)
  if (gunzipSync(new Uint8Array(readFileSync(join(folder, name)))).length === 0 || !existsSync(script)) throw new Unavailable(`${name} has no scripts/rollout_viewer.py.`)
  return script
}

export const programNames = namesOf(programs)

/** @param given Pythons to look for the packages in; none: one is made for each program @param only one of the programs */
export async function viewerChecks(given: readonly string[], only: (typeof programNames)[number] | null, { check, say, part, place }: Pick<Frame, 'check' | 'say' | 'part' | 'place'>): Promise<void> {
  const folder = place('viewers')
  const run = await trainedRun(folder, 2, 2)
  const kept = await TrainFolder.open(run)
  const { steps } = await kept.history()
  const rollouts = kept.run.config.b * kept.run.config.k
  const ours: Ours = { run, rewards: steps.map(({ reward }) => reward), episodes: steps.length * rollouts, rollouts, k: kept.run.config.k }
  for (const name of programNames.filter((each) => only === null || each === only)) {
    await part(name, async () => {
      const program: Program = programs[name]
      const requirements = readFileSync(join(import.meta.dirname, 'viewers', `requirements-${name}.txt`), 'utf8')
      const python = await pythonWith({ ...program, name: `viewers/${name}`, requirements }, given, say)
      await program.checks(ours, place(`viewers-${name}`), async (script, args, schema) => {
        const printed = await runPython(python, ['-W', 'ignore', join(import.meta.dirname, 'viewers', script), ...args], process.cwd())
        return mustFit(schema, JSON.parse(printed.trim().split('\n').at(-1) ?? ''), script)
      }, check)
    })
  }
}
