// The folder for verl: what of a run its configuration has, and that its script is Python. verl 0.9.1 composed and checked the
// configuration of three presets.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { noDataSets } from '../../core/environments/family.ts'
import { tasksOfRun } from '../../core/export/files.ts'
import { trainPresets } from '../../core/training/config.ts'
import { verlConfig, verlFiles } from './verl.ts'

const config = { ...trainPresets.quick, steps: 2 }
const run = async () => ({ name: 'my run', config, tasks: await tasksOfRun(config, noDataSets), model: { name: 'nano', place: null }, adapter: null })

it('has the run’s numbers under verl’s names, and says of each setting where it is', async () => {
  expect(verlConfig(await run())).toMatchObject({
    data: { train_batch_size: config.b },
    actor_rollout_ref: { rollout: { n: config.k, agent: { default_agent_loop: 'agemem' } }, actor: { loss_agg_mode: 'token-mean', kl_loss_type: 'low_var_kl', clip_ratio_low: config.clip?.low, clip_ratio_high: config.clip?.high } },
    trainer: { total_training_steps: 2 },
  })
  const readme = verlFiles(await run()).find(({ path }) => path === 'README.md')?.content
  for (const name of Object.keys(config)) expect(readme).toContain(`| \`${name}\` |`)
})

it('has prompts in Parquet and a script that is Python', async () => {
  const files = verlFiles(await run())
  const bytes = files.find(({ path }) => path === 'prompts/train.parquet')?.content
  expect(typeof bytes === 'object' && Buffer.from(bytes.subarray(0, 4)).toString()).toBe('PAR1')
  const script = files.find(({ path }) => path === 'agemem_verl.py')?.content
  const python = spawnSync('python3', ['-c', 'import sys; compile(sys.stdin.read(), "agemem_verl.py", "exec")'], { input: typeof script === 'string' ? script : '' })
  expect(python.error ? 0 : python.status).toBe(0)
})
