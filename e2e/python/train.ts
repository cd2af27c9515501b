// A run, exported, trained for two steps in TRL, and imported: both parts in one, by our measures and by TRL's.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { filesInFolder } from '../../cli/model-folder.ts'
import { TrainFolder } from '../../cli/train-folder.ts'
import { mustFit } from '../../src/core/fit.ts'
import { sameData } from '../../src/core/same-data.ts'
import { InMemoryRuns } from '../../src/core/training/in-memory-runs.ts'
import type { StepMetrics } from '../../src/core/training/metrics.ts'
import { unpackTrained } from '../../src/lab/files/peft-zip.ts'
import { importRun } from '../../src/lab/import-run.ts'
import { readAdapter } from '../../src/models/files/adapter.ts'
import { planModel } from '../../src/models/files/load-model.ts'
import type { Check } from '../outside/checks.ts'
import { runPython } from '../outside/python.ts'
import { broughtBack, exported as exportedFor, trainedRun, type Trained } from './run.ts'

const steps = { ours: 1, theirs: 2 }

/** What TRL logs of an update, by its names; what it does not log of an evaluation or a summary is left out. */
const logSchema = z.object({
  log_history: z.array(z.object({ step: z.number(), reward: z.number().optional(), reward_std: z.number().optional(), frac_reward_zero_std: z.number().optional(), kl: z.number().nullish(), step_time: z.number().optional(), entropy: z.number().optional(), 'clip_ratio/region_mean': z.number().optional(), grad_norm: z.number().optional(), learning_rate: z.number().optional(), loss: z.number().optional() })),
})
type Log = z.infer<typeof logSchema>['log_history'][number]

/** TRL's names beside ours, and how near the two are to be; null: they are means over other things, and are told alone. */
const names: readonly (readonly [theirs: Exclude<keyof Log, 'step' | 'step_time'>, ours: (metrics: StepMetrics) => number | null, near: number | null])[] = [
  ['reward', ({ reward }) => reward, 1e-5],
  ['reward_std', ({ reward_std }) => reward_std, 1e-5],
  ['frac_reward_zero_std', ({ frac_reward_zero_std }) => frac_reward_zero_std, 1e-9],
  ['learning_rate', ({ learning_rate }) => learning_rate, 1e-9],
  ['grad_norm', ({ grad_norm }) => grad_norm, 1e-6],
  ['clip_ratio/region_mean', ({ clip_ratio }) => clip_ratio, 1e-9],
  // TRL takes the mean of its micro-batches, we that of the tokens.
  ['kl', ({ kl }) => kl, null],
  ['entropy', ({ entropy }) => entropy, null],
  ['loss', ({ loss }) => loss, 1e-5],
]

export async function trainChecks(python: string, folder: string, trained: Trained, check: Check, say: (line: string) => void): Promise<void> {
  const run = await trainedRun(folder, steps.ours, 3, trained)
  const kept = await TrainFolder.open(run)
  await kept.plan({ ...kept.run.config, steps: steps.ours + steps.theirs })
  const exported = await exportedFor(run, 'trl', folder)
  const began = performance.now()
  await runPython(python, ['-W', 'ignore', 'train_agemem.py'], exported)
  say(`${steps.theirs} steps and an evaluation in TRL: ${((performance.now() - began) / 1000).toFixed(0)} s, loading included`)

  const made = join(exported, 'trained')
  const runs = new InMemoryRuns()
  await importRun(runs, new Blob([readFileSync(join(made, 'for-playground.zip'))]), 'back', () => undefined)
  const back = await runs.steps('back')
  check('the run comes back with both parts', back.map(({ step }) => step).join() === '1,2,3', `steps ${back.map(({ step, reward }) => `${step} (reward ${reward.toFixed(3)})`).join(', ')}`)
  const ours = (await kept.history()).steps
  check('the part from here as it was', JSON.stringify(back.slice(0, steps.ours)) === JSON.stringify(ours), `${ours.length} step`)
  const evaluations = await runs.evaluations('back')
  check('evaluations too', evaluations.map(({ step }) => step).join() === '0,1,3', `after ${evaluations.map(({ step }) => step).join(', ')} steps`)
  const episodes = (await Promise.all([2, 3].map((step) => runs.rollouts('back', step)))).flat()
  check('the episodes of TRL, played again with the same rewards', episodes.length === steps.theirs * trained.tasks * trained.rollouts && episodes.every(({ status }) => status === 'complete'), `${episodes.length} episodes`)

  const { log_history: logged } = mustFit(logSchema, JSON.parse(readFileSync(join(made, `checkpoint-${steps.theirs}`, 'trainer_state.json'), 'utf8')))
  const updates = logged.filter(({ loss }) => loss !== undefined)
  say(`seconds of a step: ${ours.map(({ seconds }) => seconds.total.toFixed(1)).join(', ')} here, ${updates.map(({ step_time: seconds }) => seconds?.toFixed(1) ?? 'not told').join(', ')} in TRL`)
  for (const [name, of, near] of names) {
    const pairs = updates.map((log, i) => {
      const step = back[steps.ours + i]
      return [log[name] ?? null, step ? of(step) : null] as const
    })
    // Without a KL term neither has one.
    const none = name === 'kl' && kept.run.config.beta === 0
    const equal = pairs.length === steps.theirs && pairs.every(([theirs, mine]) => (theirs === null || mine === null ? none && theirs === mine : Math.abs(theirs - mine) <= (near ?? Infinity)))
    check(`TRL's ${name} beside ours${near === null ? ' (told alone)' : ''}`, equal, pairs.map(([theirs, mine]) => `${theirs?.toPrecision(6) ?? 'none'} and ${mine?.toPrecision(6) ?? 'none'}`).join('; '))
  }

  const file = (path: string) => readFileSync(join(exported, path))
  const shape = (await planModel(await filesInFolder(trained.from?.model ?? join(exported, 'model')))).config
  const config = file('trained/adapter_config.json').toString()
  const adapter = readAdapter(shape, { config, model: new Uint8Array(file('trained/adapter_model.safetensors')) })
  const before = readAdapter(shape, { config: file('adapter/adapter_config.json').toString(), model: new Uint8Array(file('adapter/adapter_model.safetensors')) })
  const moved = [...adapter.parameters].filter(([name, values]) => values.some((value, i) => value !== before.parameters.get(name)?.[i]))
  check('the adapter that TRL trained is read here, and was moved', moved.length === adapter.parameters.size && adapter.lora.rank === before.lora.rank, `${moved.length} of ${adapter.parameters.size} tensors, rank ${adapter.lora.rank}`)
  const inZip = await unpackTrained(new Blob([readFileSync(join(made, 'for-playground.zip'))]))
  const same = inZip !== null && [...readAdapter(shape, inZip).parameters].every(([name, values]) => sameData([...values], [...(adapter.parameters.get(name) ?? [])]))
  check('and comes with the run, as a checkpoint that Adam goes on from', same && inZip.moments?.step === steps.ours + steps.theirs, `${inZip?.moments?.step ?? 'no'} updates seen`)
  const moments = ['first', 'second'].map((which) => readAdapter(shape, { config, model: new Uint8Array(file(`trained/${which}_moment.safetensors`)) }))
  const { optimizer_step: seen } = mustFit(z.object({ optimizer_step: z.number() }), JSON.parse(file('trained/moments.json').toString()))
  check('Adam went on with its moments', moments.every(({ parameters }) => parameters.size === adapter.parameters.size) && seen === steps.ours + steps.theirs, `${seen} updates seen`)

  const all = steps.ours + steps.theirs
  await broughtBack(run, join(made, 'for-playground.zip'), all + 1, trained)
  const again = await TrainFolder.open(run)
  const engines = (await again.history()).steps.map(({ engine }) => (engine === undefined ? 'here' : 'TRL'))
  check('and in the folder of the run training goes on from it', engines.join() === ['here', ...Array.from({ length: steps.theirs }, () => 'TRL'), 'here'].join(), engines.join(', '))
  const left = await again.adapterState(shape, all)
  const after = await again.adapterState(shape)
  const theirs = left && [...left.first].every(([name, values]) => sameData([...values], [...(moments[0]?.parameters.get(name) ?? [])]))
  check('with the moments that TRL left off with, one update further', theirs === true && after?.step === all + 1, `${after?.step ?? 'no'} updates seen`)
}
