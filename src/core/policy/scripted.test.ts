import { defaultDifficulty, worldTask } from '../tasks/world.ts'
import { describePolicy } from './policy.contract.test-suite.ts'
import { scriptedPolicy } from './scripted.ts'

const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty })
for (const name of ['oracle', 'careless'] as const) {
  describePolicy(`scripted ${name}`, () => Promise.resolve({ policy: scriptedPolicy(name, (id) => (id === task.id ? task : undefined)), task: task.id, window: null }))
}
