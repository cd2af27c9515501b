// Looks for the task of the tour: short, lost by nano as it comes, remembered by nano with the adapter that comes with the
// page. Prints those that it finds, the shortest first: npx tsx scripts/find-tour.ts [tasks] [seed]
import { readFile } from 'node:fs/promises'
import { filesInFolder } from '../cli/model-folder.ts'
import { whyOf } from '../src/core/evaluation/why.ts'
import { playTogether } from '../src/core/evaluation/rollouts.ts'
import { worldTask } from '../src/core/environments/question/sources/world.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { shippedIndexSchema, shippedFiles, trainedAdapterKey } from '../src/core/training/shipped-run.ts'
import { mustFit } from '../src/core/fit.ts'
import { tourConfig } from '../src/app/state/tour-task.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { shippedFrom } from '../workers/shipped-files.ts'

const tourTask = tourConfig('before')
const [count = 200, seed = tourTask.seed] = process.argv.slice(2).map(Number)
const read = async (name: string) => new Blob([new Uint8Array(await readFile(`public/runs/${name}`))])
const { checkpoints } = mustFit(shippedIndexSchema, JSON.parse(await (await read(shippedFiles.index)).text()))
const trained = checkpoints.find(({ key }) => key === trainedAdapterKey)
if (!trained) throw new Error('public/runs has no trained adapter: npx tsx scripts/ship-run.ts DIR')

const runtime = createNodeRuntime()
const model = await LocalModel.create(
  runtime,
  'nano',
  await loadModel(await filesInFolder('public/models/nano'), 2 ** 30),
)
const tasks = Array.from({ length: count }, (_, index) =>
  worldTask({ seed, index, split: 'train', difficulty: tourTask.difficulty }),
)
const condition = {
  id: { run: 'tour', batch: 0 },
  tasks: tasks.map((task) => ({ task, source: { kind: 'given' as const } })),
  policy: { kind: 'named' as const, name: 'nano' },
  reward: rewardPresets.paper,
  seed,
  settings: tourTask.settings,
}
const play = async () =>
  (await playTogether(condition, () => model, {})).map((trajectory) => {
    const { reward } = scoreTrajectory(trajectory, rewardPresets.paper)
    return { trajectory, reward, why: whyOf(trajectory, reward.task) }
  })
const before = await play()
await model.useAdapter({ lora: trained.lora, parameters: (await shippedFrom(read).adapter(trained.step)).parameters })
const after = await play()

const found = tasks.flatMap((task, index) => {
  const [one, two] = [before[index], after[index]]
  if (!one || !two || one.why.outcome === 'right' || two.why.reason.kind !== 'remembered') return []
  const steps = [one, two].map(({ trajectory }) => trajectory.steps.length)
  return [{ index, steps, task, one, two }]
})
console.log(
  `${found.length} of ${count}; right before ${before.filter(({ why }) => why.outcome === 'right').length}, after ${after.filter(({ why }) => why.outcome === 'right').length}`,
)
for (const { index, steps, task, one, two } of found
  .sort((a, b) => Math.max(...a.steps) - Math.max(...b.steps))
  .slice(0, 30)) {
  const totals = [one, two].map(({ reward }) => reward.total.toFixed(2)).join(' then ')
  const corrected = task.facts.some(({ superseded_by }) => superseded_by !== null) ? ', corrected' : ''
  console.log(
    `task ${index} (${task.kind}${corrected}): steps ${steps.join(' then ')}, reward ${totals}; ${task.query} ${task.answer}`,
  )
  console.log(`  before: ${JSON.stringify(one.why)} “${one.trajectory.answer ?? ''}”`)
  console.log(`  after: ${JSON.stringify(two.why)} “${two.trajectory.answer ?? ''}”`)
}
await model.dispose()
await runtime.dispose()
