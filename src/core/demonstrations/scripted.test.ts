import { defaultDifficulty, worldTask } from '../environments/question/sources/world.ts'
import { describePolicy } from '../policy/policy.contract.test-suite.ts'
import { scriptedNames, scriptedPolicy } from './scripted.ts'

const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty })
for (const name of scriptedNames) {
  describePolicy(`scripted ${name}`, () => Promise.resolve({ policy: scriptedPolicy(name, () => task), window: null }))
}
