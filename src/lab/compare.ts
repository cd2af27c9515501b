// Several adapters on the same held-out tasks with the same seeds, one after the other: what differs is the adapter.
import type { DataSets } from '../core/environments/family.ts'
import { adapterHash } from '../core/policy/adapter-hash.ts'
import { evaluate } from '../core/evaluation/evaluate.ts'
import { heldOutCondition } from '../core/training/held-out.ts'
import type { CheckpointRecord, RunStore } from '../core/training/runs.ts'
import type { Compared, CompareRequest } from '../rpc/training.ts'
import type { LabModel } from './remote-model.ts'

interface CompareParts {
  store: RunStore
  model: LabModel
  data: DataSets
  /** Monotonic clock, ms. */
  now: () => number
  signal: AbortSignal
  onProgress: (share: number) => void
}

/** @throws Error naming what is gone, or does not fit the model */
async function recordsOf({ adapters, source }: CompareRequest, store: RunStore): Promise<(CheckpointRecord | null)[]> {
  const known = await store.checkpoints()
  return adapters.map((key) => {
    if (key === null) return null
    const record = known.find((each) => each.key === key)
    if (!record) throw new Error('A checkpoint that was to be compared is gone. Choose another one.')
    if (record.model !== source.name) throw new Error(`The checkpoint “${record.name}” is an adapter of ${record.model}, not of ${source.name}.`)
    return record
  })
}

/** @throws AbortError when the signal fires, Error when a checkpoint is gone or the model fails */
export async function compareAdapters(request: CompareRequest, { store, model, data, now, signal, onProgress }: CompareParts): Promise<Compared[]> {
  const { tasks, seed, config } = request
  const records = await recordsOf(request, store)
  const compared: Compared[] = []
  try {
    for (const [i, record] of records.entries()) {
      const state = record && (await store.checkpointState(record.key))
      if (record && !state) throw new Error(`The adapter of the checkpoint “${record.name}” is missing. Choose another one.`)
      const adapter = record && state && { key: record.key, name: record.name, hash: adapterHash(state.parameters) }
      await model.useAdapter(record && state && { lora: record.lora, parameters: state.parameters })
      const id = { run: record?.key ?? 'base', batch: record?.step ?? 0 }
      const held = { ...config, evaluation: { ...config.evaluation, tasks, seed } }
      const condition = await heldOutCondition({ config: held, id, model: model.name, adapter }, data)
      const onPart = ({ share }: { share: number }) => { onProgress((i + share) / records.length) }
      const { evaluation, rollouts } = await evaluate(condition, () => model, { now, signal, onProgress: onPart })
      onProgress((i + 1) / records.length)
      compared.push({ adapter: record?.key ?? null, evaluation, trajectories: rollouts.map(({ trajectory }) => trajectory) })
    }
  } finally {
    await model.useAdapter(null).catch(() => undefined)
  }
  return compared
}
