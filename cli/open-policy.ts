// The policy that the options name: scripted, or a language model from a folder, with an adapter where one is given.
import type { AdapterRef, PolicySpec } from '../src/core/record/setup.ts'
import { constrained, usuallyConstrained } from '../src/core/policy/constrained.ts'
import type { TokenCounter } from '../src/core/policy/policy.ts'
import { scriptedPolicy } from '../src/core/demonstrations/scripted.ts'
import { wordCounter } from '../src/core/policy/word-counter.ts'
import { isQuestion } from '../src/core/environments/question/task.ts'
import type { PolicyFor } from '../src/core/evaluation/rollouts.ts'
import type { CommandOptions } from './arguments.ts'
import { filesInFolder, modelName } from './model-folder.ts'
import type { Io } from './io.ts'

export interface OpenedPolicy {
  of: PolicyFor
  counter: TokenCounter
  /** What it is, as it is recorded. */
  spec: PolicySpec
  /** Tokens that it takes at once; null: as many as there are. */
  window: number | null
  dispose: () => Promise<void>
}

/** Bytes that a model may need in this process. */
const limit = 64 * 2 ** 30

async function openModel({ policy: choice, model, adapter, grammar }: CommandOptions, io: Io): Promise<OpenedPolicy> {
  // Loaded when it is asked for: it brings onnxruntime along.
  const [{ createNodeRuntime }, { loadModel }, { LocalModel }, { readAdapterFolder }] = await Promise.all([
    import('../src/runtime/node.ts'),
    import('../src/models/files/load-model.ts'),
    import('../src/models/local-model.ts'),
    import('./adapter-folder.ts'),
  ])
  const loaded = await loadModel(await filesInFolder(model), limit, undefined, io.signal)
  const runtime = createNodeRuntime()
  const name = modelName(model)
  const local = LocalModel.unloaded(runtime, choice === 'nano' ? choice : name, loaded)
  let ref: AdapterRef | null = null
  if (adapter !== null) {
    const read = await readAdapterFolder(adapter, loaded.config)
    await local.useAdapter(read.adapter)
    ref = read.ref
  }
  const keeps = grammar ?? usuallyConstrained(name, ref !== null)
  const policy = keeps ? { ...constrained(local), counter: local.counter } : local
  return {
    of: () => policy,
    counter: local.counter,
    spec: { kind: 'onnx', model: name, source: null, adapter: ref, ...(keeps && { constrained: true }) },
    window: local.window,
    dispose: async () => {
      await local.dispose()
      await runtime.dispose()
    },
  }
}

/** @throws Error saying what is wrong with the model or the adapter */
export async function openPolicy(options: CommandOptions, io: Io): Promise<OpenedPolicy> {
  const { policy, careless } = options
  if (policy === 'nano' || policy === 'model') return openModel(options, io)
  return {
    of: (taskOf) => {
      const questionOf = (thread: string) => {
        const task = taskOf(thread)
        return task && isQuestion(task) ? task : undefined
      }
      return { ...scriptedPolicy(policy, questionOf, careless), counter: wordCounter }
    },
    counter: wordCounter,
    spec: { kind: 'scripted', name: policy, ...(policy === 'careless' && { careless }) },
    window: null,
    dispose: () => Promise.resolve(),
  }
}
