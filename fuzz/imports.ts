// Everything that somebody may bring: task files, recorded episodes, adapters, weights, configurations, tokenizers, links,
// zips. Each with valid seeds, the reader that the product uses, and the errors that it documents.
import { zipSync } from 'fflate'
import { readLink, writeLink } from '../src/app/address/link.ts'
import { answerProvenance, departures } from '../src/core/evaluation/provenance.ts'
import { toVersion1 } from '../src/core/episode/version-1.fixture.ts'
import { contextAt, memoryAt } from '../src/core/record/replay.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { runEpisodes } from '../src/core/episode/simulator.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import { scriptedPolicy } from '../src/core/demonstrations/scripted.ts'
import { wordCounter } from '../src/core/policy/word-counter.ts'
import { createRandom, type Random } from '../src/core/random.ts'
import { derive } from '../src/app/reward/derivation.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { defaultDifficulty, worldTask } from '../src/core/environments/question/sources/world.ts'
import { readTaskFile } from '../src/core/environments/question/sources/read.ts'
import { readTasks } from '../src/lab/files/read-tasks.ts'
import { unzipped, zipEntries } from '../src/lab/files/unzip.ts'
import { shownAlone } from '../src/exchange/episodes.ts'
import { atifOf } from '../src/exchange/viewers/atif.ts'
import { openAiLine } from '../src/exchange/viewers/openai.ts'
import { parseEpisodes, parseTrajectories } from '../src/lab/read-trajectories.ts'
import { freshAdapter, readAdapter, writeAdapter } from '../src/models/files/adapter.ts'
import { tinyConfig } from '../src/models/fixtures/tiny-model.ts'
import { fixtureTokenizer } from '../src/models/fixtures/nano-fixture.ts'
import { readSafetensors, toFloat32, writeSafetensors } from '../src/models/files/safetensors.ts'
import { Tokenizer } from '../src/models/files/tokenizer.ts'
import { parameterCount, parameterShapes, readModelConfig } from '../src/nn/transformer/config.ts'
import { lengthOf, mutated, mutatedBytes, repeated } from './mutate.ts'
import { WrongResult, type Input, type Target } from './target.ts'

const json = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '[[',
  '{"a":',
  '"\\u0000"',
  '\n',
  ' ',
  '\\',
  'null',
  '1',
  '1e9',
  '<|',
  '{{',
  '{%',
  'é',
]

const textInput = (text: string, run: (text: string) => unknown): Input => ({
  text,
  size: text.length,
  run: () => run(text),
})
const bytesInput = (bytes: Uint8Array<ArrayBuffer>, run: (bytes: Uint8Array<ArrayBuffer>) => unknown): Input => ({
  text: Buffer.from(bytes).toString('base64'),
  size: bytes.length,
  run: () => run(bytes),
})

/** A reader of text: its seeds made wrong, and what its signs repeat to. */
function ofText(
  name: string,
  seeds: readonly string[],
  expected: readonly string[],
  run: (text: string) => unknown,
  pieces: readonly string[] = json,
): Target {
  return {
    name,
    expected,
    valid: seeds.map((seed) => textInput(seed, run)),
    generators: {
      mutated: (random) => textInput(mutated(random.pick(seeds), random, pieces), run),
      repeated: (random) =>
        textInput(
          repeated(
            [
              ...pieces,
              ...random
                .pick(seeds)
                .slice(0, 2000)
                .split(/(?<=[,{])/),
            ],
            random,
            lengthOf(random, 1000, 1_000_000),
          ),
          run,
        ),
    },
  }
}

const half = (random: Random, a: (random: Random) => Input, b: (random: Random) => Input): Input =>
  random.chance(0.5) ? a(random) : b(random)

const paragraphs: [string, string[]][] = [
  ['Lake Orlen', ['Lake Orlen is a mountain lake.', ' It lies in the district of Vell.']],
  ['Vell', ['Vell is a district in the north.', ' Its capital is the town of Harrow Bay.']],
  ['Sheep', ['Sheep are kept in every district.']],
]
const question = 'What is the capital of the district that Lake Orlen lies in?'
const hotpot = {
  _id: 'abc',
  type: 'bridge',
  level: 'easy',
  question,
  answer: 'Harrow Bay',
  supporting_facts: [
    ['Lake Orlen', 1],
    ['Vell', 1],
  ],
  context: paragraphs,
}
const musique = {
  id: '2hop__1_2',
  question,
  answer: 'Harrow Bay',
  answer_aliases: ['the town of Harrow Bay'],
  answerable: true,
  question_decomposition: [
    { id: 1, question: 'Lake Orlen >> district', answer: 'Vell', paragraph_support_idx: 0 },
    { answer: 'Harrow Bay' },
  ],
  paragraphs: paragraphs.map(([title, sentences], idx) => ({
    idx,
    title,
    paragraph_text: sentences.join(''),
    is_supporting: idx < 2,
  })),
}
const talk = {
  sample_id: 'conv-1',
  conversation: {
    session_1: [
      { speaker: 'Ada', dia_id: 'D1:1', text: 'I bought a green canoe.' },
      { speaker: 'Bo', dia_id: 'D1:2', blip_caption: 'a dog' },
    ],
    session_1_date_time: '8 May, 2023',
    session_2_date_time: '9 May, 2023',
  },
  observation: { session_1_observation: { Ada: [['Ada has a canoe.', 'D1:1']] } },
  qa: [
    { question: 'What did Ada buy?', answer: 'a canoe', evidence: ['D1:1; D:1:2', 'D'], category: 4 },
    { question: 'What did Bo buy?', adversarial_answer: 'a canoe', evidence: [], category: 5 },
  ],
}
const chats = {
  question_id: 'q_abs',
  question_type: 'knowledge-update',
  question: 'How many plants are there?',
  answer: 5,
  haystack_dates: ['2023/05/20', '2023/04/02'],
  haystack_sessions: [[{ role: 'user', content: 'Five plants now.', has_answer: true }], [{ role: 'user', content: 'Four plants.' }]],
}
const pool = {
  context: 'Here is a list of facts:\n0. Ada was born in the city of Tarn.\n1. Ada was born in the city of Vell.',
  questions: ['Where was Ada born?'],
  answers: [['Vell']],
  metadata: { source: 'factconsolidation_sh_6k' },
}
const taskFiles = [
  JSON.stringify([talk]),
  JSON.stringify({ ...talk.conversation, qa: talk.qa, speaker_a: 'Ada', speaker_b: 'Bo' }),
  JSON.stringify([chats, { ...chats, question_id: 'q' }]),
  JSON.stringify([pool]),
  JSON.stringify([hotpot, hotpot]),
  JSON.stringify(hotpot),
  JSON.stringify(musique),
  `${JSON.stringify(musique)}\n${JSON.stringify(musique)}`,
  JSON.stringify({ data: [hotpot] }),
  JSON.stringify({ rows: [{ row: musique }] }),
]

async function recorded(): Promise<string[]> {
  const forms = await Promise.all(
    (['careless', 'oracle'] as const).map(async (name, seed) => {
      const task = worldTask({ seed, index: 0, split: 'train', difficulty: defaultDifficulty })
      const embedder = new HashEmbedder()
      const spec = {
        key: 'k',
        id: { run: 'r', batch: 0, rollout: 0 },
        task,
        seed,
        settings: settingsPresets.playground,
      }
      const [trajectory] = await runEpisodes([spec], {
        policy: scriptedPolicy(name, () => task),
        memory: new InMemoryStore(embedder), embedder,
        counter: wordCounter,
      })
      if (!trajectory) throw new Error('Nothing was played.')
      return [trajectory, toVersion1(trajectory)].map((record) => JSON.stringify(record))
    }),
  )
  const lines = forms.flat()
  return [...lines, lines.join('\n'), `[${lines.join(',')}]`]
}

/** What the page makes of an imported episode at once. */
function useTrajectories(text: string): void {
  useEpisodes(parseTrajectories(text))
}

/** The same in the forms of other programs. */
async function conversations(): Promise<string[]> {
  const { episodes } = shownAlone((await recorded()).flatMap(parseTrajectories), rewardPresets.paper)
  const call = { id: 'a', type: 'function', function: { name: 'Add_memory', arguments: '{"content": "x"}' } }
  const foreign = { messages: [{ role: 'user', content: 'Hello' }, { role: 'assistant', content: null, tool_calls: [call] }, { role: 'tool', tool_call_id: 'a', content: 'Stored as m1.' }, { role: 'assistant', content: 'Yes.' }] }
  return [JSON.stringify(foreign), ...episodes.slice(0, 2).flatMap((episode) => [JSON.stringify(openAiLine(episode, 0, 0)), JSON.stringify(atifOf(episode, 0, 'e'))])]
}

async function useConversations(text: string): Promise<void> {
  useEpisodes(await parseEpisodes(text))
}

function useEpisodes(trajectories: readonly Trajectory[]): void {
  for (const trajectory of trajectories) {
    const { components, reward } = scoreTrajectory(trajectory, rewardPresets.paper)
    if (!Number.isFinite(reward.total)) throw new WrongResult(`The reward is ${reward.total}.`)
    derive(trajectory, components, rewardPresets.paper)
    answerProvenance(trajectory)
    departures(trajectory.steps)
    const last = trajectory.steps.length - 1
    contextAt(trajectory, last, 'after')
    memoryAt(trajectory, last, 'after')
  }
}

function adapters(): Target {
  const config = tinyConfig()
  const files = writeAdapter(
    config,
    freshAdapter(config, { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] }, createRandom('a')),
    'nano',
  )
  const expected = ['AdapterError', 'SafetensorsError']
  const read = (text: string, model: Uint8Array) => {
    for (const [name, tensor] of readAdapter(config, { config: text, model }).parameters) {
      if (!tensor.every(Number.isFinite)) throw new WrongResult(`${name} holds what is no number.`)
    }
  }
  const settings = (random: Random) =>
    textInput(mutated(files.config, random, json), (text) => {
      read(text, files.model)
    })
  const weights = (random: Random) =>
    bytesInput(mutatedBytes(files.model, random), (bytes) => {
      read(files.config, bytes)
    })
  const hard = (random: Random) =>
    textInput(repeated(json, random, lengthOf(random, 1000, 1_000_000)), (text) => {
      read(text, files.model)
    })
  const valid = [
    textInput(files.config, (text) => {
      read(text, files.model)
    }),
  ]
  return {
    name: 'adapters',
    expected,
    valid,
    generators: { mutated: (random) => half(random, settings, weights), repeated: hard },
  }
}

function safetensors(): Target {
  const whole = writeSafetensors(
    new Map([
      ['a', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['b', { shape: [4], values: Float32Array.of(1, 2, 3, 4) }],
    ]),
    'F32',
  )
  const read = (bytes: Uint8Array) => {
    for (const tensor of readSafetensors(bytes).tensors.values()) toFloat32(tensor)
  }
  const headed = (header: string, rest = 40) => {
    const said = new TextEncoder().encode(header)
    const bytes = new Uint8Array(8 + said.length + rest)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(said.length), true)
    bytes.set(said, 8)
    return bytes
  }
  const header = new TextDecoder().decode(whole.subarray(8, whole.length - 40))
  const headers = (random: Random) => bytesInput(headed(mutated(header, random, json)), read)
  const bytes = (random: Random) => bytesInput(mutatedBytes(whole, random), read)
  const hard = (random: Random) =>
    bytesInput(
      headed(
        repeated(
          [...json, '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},'],
          random,
          lengthOf(random, 1000, 1_000_000),
        ),
      ),
      read,
    )
  return {
    name: 'safetensors',
    expected: ['SafetensorsError'],
    valid: [bytesInput(whole, read)],
    generators: { mutated: (random) => half(random, headers, bytes), repeated: hard },
  }
}

const modelConfig = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  vocab_size: 97,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 48,
  tie_word_embeddings: true,
  max_position_embeddings: 256,
  rope_theta: 10000,
  rms_norm_eps: 1e-5,
  hidden_act: 'silu',
  torch_dtype: 'float32',
  rope_scaling: {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 128,
  },
}

async function tokenizers(): Promise<Target> {
  const files = await fixtureTokenizer(400)
  const use = (tokenizer: string, config: string) => {
    const read = new Tokenizer({ tokenizer, config })
    read.decode(read.encode('Mira Voss lives in Tarn, since 1990. <|end|>'))
  }
  const first = (random: Random) =>
    textInput(mutated(files.tokenizer, random, json), (text) => {
      use(text, files.config)
    })
  const second = (random: Random) =>
    textInput(mutated(files.config, random, json), (text) => {
      use(files.tokenizer, text)
    })
  const hard = (random: Random) =>
    textInput(repeated([...json, '"a":1,'], random, lengthOf(random, 1000, 300_000)), (text) => {
      use(text, files.config)
    })
  const valid = [
    textInput(files.tokenizer, (text) => {
      use(text, files.config)
    }),
  ]
  return {
    name: 'tokenizer.json',
    expected: ['TokenizerError'],
    valid,
    generators: { mutated: (random) => half(random, first, second), repeated: hard },
  }
}

function zips(): Target {
  const encode = (text: string) => new TextEncoder().encode(text)
  const archives = [
    zipSync({ 'tasks.json': encode(taskFiles[0] ?? '') }),
    zipSync({
      'adapter_config.json': encode('{}'),
      'folder/adapter_model.safetensors': [encode('x'.repeat(500)), { level: 0 }],
    }),
    zipSync({ 'a.jsonl': encode('{}\n'.repeat(3000)) }),
  ].map((bytes) => Uint8Array.from(bytes))
  const limit = 2 ** 20
  const read = async (bytes: Uint8Array<ArrayBuffer>) => {
    const archive = new Blob([bytes])
    for (const entry of await zipEntries(archive)) {
      let size = 0
      for await (const piece of unzipped(archive, entry, limit)) size += piece.length
      if (size > limit) throw new WrongResult(`${size} bytes came through a limit of ${limit}.`)
    }
  }
  const asTasks = (bytes: Uint8Array<ArrayBuffer>) => readTasks(new Blob([bytes]), 'a.zip')
  return {
    name: 'zips',
    expected: ['ZipError', 'TaskFileError', 'PackedFileError'],
    valid: archives.map((bytes) => bytesInput(bytes, read)),
    generators: {
      mutated: (random) => bytesInput(mutatedBytes(random.pick(archives), random), random.chance(0.5) ? read : asTasks),
      repeated: (random) => {
        const text = repeated(json, random, lengthOf(random, 1000, 1_000_000))
        return { ...bytesInput(zipSync({ 'tasks.json': encode(text) }), asTasks), size: text.length }
      },
    },
  }
}

function links(): Target {
  const { link } = readLink('', [])
  const seeds = [
    writeLink(link),
    '#policy=careless&add=0.5&limits=paper&task=7&seed=9&view=group&n_max=3,4,5&t_max=2048&reward=paper',
    '#model=a&model_url=https://a.example/b&model_library=https://a.example/c.wasm&policy=webllm&embedder=x',
  ]
  return ofText(
    'links',
    seeds,
    [],
    (text) => {
      JSON.stringify(readLink(text, ['watch', 'train', 'group']))
    },
    ['&', '=', '#', '%', '%00', '%E2', '+', ',', 'a=1&', 'seed=', 'policy=', 't_max=', '1e9', '-1', ...json],
  )
}

/** All readers of what is imported. */
export async function imports(): Promise<Target[]> {
  return [
    ofText('task files', taskFiles, ['TaskFileError'], (text) => readTaskFile(text, 'a.json')),
    ofText('trajectories', await recorded(), ['TrajectoryFileError'], useTrajectories),
    ofText('conversations', await conversations(), ['TrajectoryFileError', 'ConversationError'], useConversations),
    adapters(),
    safetensors(),
    ofText(
      'config.json',
      [
        JSON.stringify(modelConfig),
        JSON.stringify({
          ...modelConfig,
          model_type: 'qwen3',
          architectures: ['Qwen3ForCausalLM'],
          head_dim: 8,
          rope_scaling: null,
        }),
      ],
      ['ModelConfigError', 'SyntaxError'],
      (text) => {
        const config = readModelConfig(JSON.parse(text))
        if (!Number.isSafeInteger(parameterCount(config))) throw new WrongResult('It has no number of parameters.')
        if (config.layers <= 200) parameterShapes(config)
      },
    ),
    await tokenizers(),
    links(),
    zips(),
  ]
}
