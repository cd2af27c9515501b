// An episode of a WebLLM model as the page has it played: lab, its end of WebLLM's worker, the model behind it. The engine
// is the double of src/webllm; everything above it is what runs in the browser.
import { InMemoryExperiments } from '../src/core/experiments/results.ts'
import { describe, expect, it } from 'vitest'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { InMemoryRuns } from '../src/core/training/in-memory-runs.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import type { ModelInfo } from '../src/core/policy/model.ts'
import { ServedStreams } from '../src/core/policy/served-streams.ts'
import type { Outcome, WebLlmProblem } from '../src/core/policy/webllm.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { defaultDifficulty, worldTask } from '../src/core/environments/question/sources/world.ts'
import { createLab } from '../src/lab/lab.ts'
import type { EncodingOf } from '../src/lab/remote-model.ts'
import type { EpisodeRequest, LabEvent } from '../src/rpc/contracts.ts'
import type { WebLlmApi } from '../src/rpc/webllm.ts'
import { doubleText, doubleTokenizer, EngineDouble } from '../src/webllm/engine.fixture.ts'
import { LogitTap } from '../src/webllm/logit-tap.ts'
import { marksOf } from '../src/webllm/messages.ts'
import { WebLlmModel } from '../src/webllm/webllm-model.ts'
import { InMemoryDataSets } from '../src/core/environments/data-sets.ts'

const id = 'SmolLM2-135M-Instruct-q0f32-MLC'
const window = 60_000
const info: ModelInfo = { name: id, family: 'SmolLM2', processor: 'gpu', parameters: 1, vocabulary: 258, window, bytes: 1, runsOn: { device: 'webgpu', hardware: { kind: 'gpu', name: null, software: false }, milliseconds: null, others: [] }, milliseconds: 1, tokenizer: { tokenizer: '', config: '' } }
const encodingOf: EncodingOf = () => ({
  encoder: { chat: () => '', reply: (text) => text, encode: (text) => doubleText.encode(text), ends: new Map() },
  counter: { name: 'bytes', count: (text) => doubleText.encode(text).length },
  texts: (ids) => ids.map((each) => doubleText.decode([each])),
})
const settings = { ...settingsPresets.playground, t_max: window, n_max: { build: 1, resist: 1, answer: 2 }, exchanges: 1, response_limit: 200 }
const request = (constrained = true): EpisodeRequest => ({
  key: 'e',
  task: worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty }),
  policy: { name: 'webllm', source: { kind: 'listed', id }, options: { constrained } },
  seed: 1,
  settings,
})

/** webllm.worker, but for its downloads. @param onCall before the model answers; what it throws is what the page's end reads */
function worker(loaded: Outcome<ModelInfo>, onCall: (n: number) => void): WebLlmApi {
  const tap = new LogitTap()
  const model = new WebLlmModel({ name: id, engine: new EngineDouble(tap, window), tap, text: doubleText, marks: marksOf(doubleTokenizer), modelType: 'llama', window })
  const streams = new ServedStreams()
  const absent = () => Promise.reject(new Error('not in this test'))
  let n = 0
  return {
    capabilities: absent,
    catalogue: absent,
    addCustom: absent,
    removeCustom: absent,
    cached: absent,
    download: absent,
    cancelDownload: absent,
    remove: absent,
    cancelLoad: absent,
    unload: absent,
    gone: absent,
    inspect: absent,
    ask: absent,
    loadEmbedder: absent,
    embed: absent,
    load: (_, onProgress) => {
      onProgress({ doing: { step: 'fetching' }, share: 0.5 })
      return Promise.resolve(loaded)
    },
    serve(name, asked, options, onText) {
      const stream = streams.named(name)
      onCall(++n)
      return stream.serve(model, asked, options, onText)
    },
    closeStream: (name) => streams.close(name),
    abort(name) {
      streams.abort(name)
      return Promise.resolve()
    },
  }
}

function rig(loaded: Outcome<ModelInfo> = { ok: true, value: info }, onCall: (n: number) => void = () => undefined) {
  let time = 0
  const embedder = new HashEmbedder()
  const kept = new Map<string, Trajectory>()
  const archive = {
    put: (key: string, trajectory: Trajectory) => {
      kept.set(key, trajectory)
      return Promise.resolve({ saved: true })
    },
    list: () => Promise.resolve([]),
    get: () => Promise.resolve(null),
    delete: () => Promise.resolve(),
  }
  const memory = { store: new InMemoryStore(embedder), archive, runs: new InMemoryRuns(), data: new InMemoryDataSets(), experiments: new InMemoryExperiments() }
  const lab = createLab({
    memory: () => Promise.resolve(memory),
    model: () => Promise.reject(new Error('not in this test')),
    webllm: () => Promise.resolve(worker(loaded, onCall)),
    encodingOf,
    clock: { wall: () => ++time, monotonic: () => ++time },
  })
  const events: LabEvent[] = []
  const play = (given: EpisodeRequest = request()) => lab.runEpisode(given, { kind: 'run', msPerStep: 0 }, (batch) => events.push(...batch))
  const finished = () => events.flatMap((event) => (event.type === 'finished' ? [event.trajectory] : [])).at(-1)
  return { lab, kept, events, play, finished }
}

describe('an episode of a WebLLM model', () => {
  it('is played to its end, told as it comes, and recorded with what was sampled', async () => {
    const { play, finished, events, kept } = rig()
    await play()
    const trajectory = finished()
    expect(trajectory).toMatchObject({ status: 'complete', policy: id, token_counter: 'bytes' })
    expect(kept.get('e')).toEqual(trajectory)
    for (const { reply, violations } of trajectory?.steps ?? []) {
      expect(violations).toEqual([])
      expect(reply.token_ids).toEqual(doubleText.encode(reply.text))
      expect(reply.logprobs).toHaveLength(reply.tokens)
    }
    const told = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('')
    expect(told).toContain(trajectory?.steps[0]?.reply.text)
    expect(events[0]).toMatchObject({ type: 'loading', progress: { doing: { step: 'fetching' } } })
  })

  it('says in its name that its replies were free', async () => {
    const { play, finished } = rig()
    await play(request(false))
    expect(finished()?.policy).toBe(`${id} (unconstrained)`)
    expect(finished()?.steps.some(({ violations }) => violations.length > 0)).toBe(true)
  })

  it.each<[WebLlmProblem, string]>([
    [{ kind: 'no-webgpu', reason: 'no-adapter', detail: '' }, 'WebGPU is not available here'],
    [{ kind: 'network', url: 'https://models.test/x', status: 503, detail: '' }, 'could not be fetched (503)'],
  ])('does not begin when the model cannot be loaded, and says why: %j', async (problem, words) => {
    const { play, kept, finished } = rig({ ok: false, problem })
    await expect(play()).rejects.toThrow(words)
    expect(finished()).toBeUndefined()
    expect(kept.size).toBe(0)
  })

  it('that loses the card ends in words, with everything up to there', async () => {
    const { play, finished } = rig(undefined, (n) => {
      if (n === 4) throw new Error('The graphics card was lost.')
    })
    await play()
    expect(finished()).toMatchObject({ status: 'partial', stop: 'failed', failure: expect.stringContaining('The graphics card was lost.') })
    expect(finished()?.steps.length).toBeGreaterThan(0)
  })

  it('is stopped between two tokens', async () => {
    const { play, lab, finished } = rig(undefined, (n) => {
      if (n === 2) void lab.stop('e')
    })
    await play()
    expect(finished()).toMatchObject({ status: 'partial', stop: 'aborted', failure: null })
    expect(finished()?.steps.length).toBeLessThanOrEqual(2)
  })
})
