// Several policies on the same held-out tasks with the same seeds, one after the other: what differs is the policy.
import { scriptedPolicy } from '../core/demonstrations/scripted.ts'
import type { DataSets } from '../core/environments/family.ts'
import { isQuestion } from '../core/environments/question/task.ts'
import { evaluate } from '../core/evaluation/evaluate.ts'
import type { Condition, CountingPolicy, PolicyFor } from '../core/evaluation/rollouts.ts'
import { adapterHash } from '../core/policy/adapter-hash.ts'
import { constrained } from '../core/policy/constrained.ts'
import { baseNameOf, type ModelSource } from '../core/policy/model.ts'
import { wordCounter } from '../core/policy/word-counter.ts'
import type { PolicySpec } from '../core/record/setup.ts'
import { heldOutCondition } from '../core/training/held-out.ts'
import type { CheckpointRecord, RunStore } from '../core/training/runs.ts'
import type { AutomaticChoice } from '../rpc/policy-choice.ts'
import type { Compared, CompareRequest } from '../rpc/training.ts'
import type { LabModel } from './remote-model.ts'

type Choice<N extends 'model' | 'webllm'> = Extract<AutomaticChoice, { name: N }>

export interface CompareParts {
  store: RunStore
  model: (source: ModelSource) => Promise<LabModel>
  webllm: (choice: Choice<'webllm'>) => Promise<CountingPolicy>
  data: DataSets
  /** Monotonic clock, ms. */
  now: () => number
  signal: AbortSignal
  onProgress: (share: number) => void
}

/** A policy with how it is recorded, and what its rollouts are of. */
interface Player {
  spec: PolicySpec
  id: Condition['id']
  policyFor: PolicyFor
}

/** @throws Error naming what is gone, or does not fit the model */
async function recordsOf({ players }: CompareRequest, store: RunStore): Promise<(CheckpointRecord | null)[]> {
  const known = await store.checkpoints()
  return players.map((player) => {
    if (player.name !== 'model' || player.adapter === null) return null
    const record = known.find((each) => each.key === player.adapter)
    if (!record) throw new Error('A checkpoint that was to be compared is gone. Choose another one.')
    if (baseNameOf(record.model) !== baseNameOf(player.source.name)) throw new Error(`The checkpoint “${record.name}” is an adapter of ${record.model}, not of ${player.source.name}.`)
    return record
  })
}

async function withAdapter(model: LabModel, record: CheckpointRecord | null, grammar: boolean, store: RunStore): Promise<Player> {
  const state = record && (await store.checkpointState(record.key))
  if (record && !state) throw new Error(`The adapter of the checkpoint “${record.name}” is missing. Choose another one.`)
  const adapter = record && state && { key: record.key, name: record.name, hash: adapterHash(state.parameters) }
  await model.useAdapter(record && state && { lora: record.lora, parameters: state.parameters })
  return {
    spec: { kind: 'onnx', model: model.name, source: null, adapter, ...(grammar && { constrained: true }) },
    id: { run: record?.key ?? 'base', batch: record?.step ?? 0 },
    policyFor: () => (grammar ? { ...constrained(model), counter: model.counter } : model),
  }
}

function scripted({ name, careless }: Exclude<AutomaticChoice, Choice<'model'> | Choice<'webllm'>>): Player {
  const policyFor: PolicyFor = (taskOf) => {
    const find = (thread: string) => {
      const task = taskOf(thread)
      return task && isQuestion(task) ? task : undefined
    }
    return { ...scriptedPolicy(name, find, careless), counter: wordCounter }
  }
  return { spec: { kind: 'scripted', name, careless }, id: { run: name, batch: 0 }, policyFor }
}

async function large(choice: Choice<'webllm'>, policy: CountingPolicy): Promise<Player> {
  const { source, options } = choice
  const model = source.kind === 'listed' ? source.id : source.name
  return Promise.resolve({ spec: { kind: 'webllm', model, options }, id: { run: model, batch: 0 }, policyFor: () => policy })
}

/** @throws AbortError when the signal fires, Error when a checkpoint is gone or a model fails */
export async function comparePolicies(request: CompareRequest, { store, model, webllm, data, now, signal, onProgress }: CompareParts): Promise<Compared[]> {
  const { players, tasks, seed, config } = request
  const records = await recordsOf(request, store)
  const used = new Set<LabModel>()
  const playerOf = async (choice: AutomaticChoice, record: CheckpointRecord | null): Promise<Player> => {
    switch (choice.name) {
      case 'model': {
        const loaded = await model(choice.source)
        used.add(loaded)
        return withAdapter(loaded, record, choice.constrained === true, store)
      }
      case 'webllm':
        return large(choice, await webllm(choice))
      default:
        return scripted(choice)
    }
  }
  const compared: Compared[] = []
  try {
    for (const [i, choice] of players.entries()) {
      const { spec, id, policyFor } = await playerOf(choice, records[i] ?? null)
      const { agent } = choice
      const held = { ...config, evaluation: { ...config.evaluation, tasks, seed } }
      const condition = { ...(await heldOutCondition({ config: held, id, model: '', adapter: null }, data)), policy: spec, agent }
      const onPart = ({ share }: { share: number }) => { onProgress((i + share) / players.length) }
      const { evaluation, rollouts } = await evaluate(condition, policyFor, { now, signal, onProgress: onPart })
      onProgress((i + 1) / players.length)
      compared.push({ player: choice, evaluation, trajectories: rollouts.map(({ trajectory }) => trajectory) })
    }
  } finally {
    for (const each of used) await each.useAdapter(null).catch(() => undefined)
  }
  return compared
}
