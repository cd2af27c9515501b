import { defaultDifficulty, worldTask } from '../tasks/world.ts'
import { describePolicy } from './policy.contract.test-suite.ts'
import { scriptedNames, scriptedPolicy } from './scripted.ts'

const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty })
for (const name of scriptedNames) {
  describePolicy(`scripted ${name}`, () => Promise.resolve({ policy: scriptedPolicy(name, (id) => (id === task.id ? task : undefined)), task: task.id, window: null }))
}
