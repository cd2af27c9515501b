// The table model of core's tests as model.worker would serve it, with a say in every call: to fail it, to hold it back,
// to do something meanwhile. Only tests import it.
import { said, TableModel, tableEncoder } from '../core/training/fixture.ts'
import { AbortError } from '../core/policy/policy.ts'
import type { ModelApi } from '../rpc/contracts.ts'
import type { EncodingOf } from './remote-model.ts'

export type ModelCall = 'load' | 'beginTraining' | 'endTraining' | 'serve' | 'score' | 'update' | 'adapterState' | 'useAdapter'

export const tableEncodingOf: EncodingOf = () => ({ encoder: tableEncoder, counter: new TableModel().counter, texts: (ids) => ids.map((id) => said[id] ?? '·') })

const none = () => Promise.reject(new Error('Not in these tests.'))

/** @param before called before every call is served; what it throws is what the call fails with */
export function tableModelApi(before: (call: ModelCall) => Promise<void> | void = () => undefined): ModelApi {
  const model = new TableModel()
  const calls = new Map<string, AbortController>()
  return {
    plan: none,
    needs: none,
    inspect: none,
    readPeft: none,
    prepare: none,
    gradient: none,
    apply: none,
    async load(source, onProgress) {
      await before('load')
      onProgress({ doing: { step: 'ready' }, share: 1 })
      return { name: source.name, family: 'table', parameters: 0, vocabulary: 0, window: model.window, bytes: 0, runsOn: { device: 'wasm', hardware: { kind: 'cpu', threads: 1 }, milliseconds: null, others: [] }, processor: 'cpu', milliseconds: 0, tokenizer: { tokenizer: '', config: '' } }
    },
    async serve(stream, asked, options) {
      const abort = new AbortController()
      calls.set(stream, abort)
      const { signal } = abort
      const aborted = new Promise<never>((_, reject) => { signal.addEventListener('abort', () => { reject(new AbortError()) }) })
      await Promise.race([aborted, before('serve')])
      return model.open({ ...options, signal }).serve(asked)
    },
    closeStream: () => Promise.resolve(),
    abort(stream) {
      calls.get(stream)?.abort()
      return Promise.resolve()
    },
    async useAdapter(adapter) {
      await before('useAdapter')
      await model.endTraining()
      if (adapter) model.table = new Map([...adapter.parameters].map(([key, row]) => [Number(key), [...row]]))
    },
    peftFiles: none,
    async beginTraining(setup, saved) {
      await before('beginTraining')
      await model.beginTraining(setup, saved)
    },
    async endTraining() {
      await before('endTraining')
      await model.endTraining()
    },
    async score(sequences, of) {
      await before('score')
      return model.score(sequences, of)
    },
    async update(sequences, settings) {
      await before('update')
      return model.update(sequences, settings)
    },
    async adapterState() {
      await before('adapterState')
      return model.adapterState()
    },
  }
}
