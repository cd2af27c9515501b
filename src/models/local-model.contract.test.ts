import { afterAll, beforeAll } from 'vitest'
import { constrained } from '../core/policy/constrained.ts'
import { describePolicy } from '../core/policy/policy.contract.test-suite.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import { filesInMemory, tinyChatFiles } from './fixtures/tiny-chat-model.ts'
import { loadModel } from './files/load-model.ts'
import { LocalModel } from './local-model.ts'

const runtime = createNodeRuntime(1)
let model: LocalModel
beforeAll(async () => {
  model = await LocalModel.create(runtime, 'tiny', await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30))
})
afterAll(async () => {
  await model.dispose()
  await runtime.dispose()
})

describePolicy('LocalModel on small weights', () => Promise.resolve({ policy: model, window: model.window }))
describePolicy('LocalModel, constrained', () => Promise.resolve({ policy: constrained(model), window: model.window }))
