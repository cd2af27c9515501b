// The sentence at the top of Watch and the controls that its parts open.
import { count, integer } from '../../format.ts'

export interface ScenarioText {
  title: string
  about: string
}

const scenarioTexts: Readonly<Record<string, ScenarioText>> = {}

/** What the sentence says, part by part; null where it has no such part. */
export interface SentenceParts {
  policy: string
  /** null: AgeMem, which goes without saying. */
  agent: string | null
  index: string | null
  source: string
  difficulty: string | null
  window: string | null
  reward: string | null
}

export const sentence = {
  /** What a model runs on. */
  runsOn: {
    cpu: {
      wasm: (threads: number) => `WebAssembly on the CPU, ${count(threads, 'thread')}`,
      node: (threads: number) => `onnxruntime-node on the CPU, ${count(threads, 'thread')}`,
    },
    card: (name: string, software: boolean) => `WebGPU on ${name}${software ? ' (software)' : ''}`,
    unnamed: 'a graphics card',
    names: { wasm: 'the CPU', node: 'the CPU', webgpu: 'WebGPU' },
    pace: (where: string, milliseconds: string) => `${where}: ${milliseconds} ms a step`,
    slower: (name: string, milliseconds: string) => `${name} needs ${milliseconds} ms`,
    unusable: (name: string, problem: string) => `${name} is not usable: ${problem}`,
    between: '; ',
  },
  region: 'What Run plays',
  /** The whole sentence; each name in braces is a part that opens its control. */
  whole: '{policy} with {agent} plays {index} of {source}{difficulty} in {settings}, rewarded {reward}',
  /** Where there is no choice of tasks. */
  wholeOfOne: '{policy} with {agent} plays {source}{difficulty} in {settings}, rewarded {reward}',
  end: '.',
  /** In menus: what is as usual goes without saying. */
  short: ({ policy, agent, index, source, difficulty, window, reward }: SentenceParts) => {
    const task = `${index === null ? '' : `${index} of `}${source}${difficulty === null ? '' : ` (${difficulty})`}`
    return `${policy}${agent === null ? '' : ` with ${agent}`} plays ${task}${window === null ? '' : ` in ${window}`}${reward === null ? '' : `, rewarded ${reward}`}.`
  },
  difficultyBeside: (words: string) => ` (${words})`,
  /** A control of the sentence, for people who hear it. */
  part: (label: string, words: string) => `${label}: ${words}`,

  policy: {
    label: 'Policy',
    own: 'your own model',
    webllm: 'a WebLLM model',
    trained: 'nano, trained',
    aboutTrained: 'The same model with the adapter of the run that came with the page: it keeps facts and their corrections.',
    withAdapter: (model: string, adapter: string) => `${model} with “${adapter}”`,
    model: 'another language model',
    aboutModel: 'SmolLM2, Qwen, Llama and others, or one of your own.',
    about: {
      nano: 'A small language model that comes with the page, untrained as an agent: it forgets half of what it hears. Training changes that.',
      oracle: 'Knows which facts matter: stores exactly those, corrects them, filters distractors.',
      'store-all': 'Stores every message as it comes. Never corrects, never filters.',
      'store-none': 'Stores nothing, so after the reset it knows nothing.',
      careless: 'Does the right thing now and then; you set how often.',
    },
    nanoReady: (where: string, seconds: string) => `${where}, ready after ${seconds} s.`,
    nanoFailed: (why: string) => `nano could not be loaded. ${why}`,
    scripted: 'A script, not a model: it knows the task, but may answer only from what is in its context.',
    careless: 'How often careless does each thing',
    habits: {
      add: 'stores a fact',
      add_small_talk: 'stores small talk',
      update: 'corrects what changed',
      delete: 'deletes what changed',
      retrieve: 'looks things up before answering',
      filter: 'filters a distractor',
      summarise: 'summarises the context',
      break_format: 'breaks the format',
      wrong_id: 'uses a wrong id',
    },
  },

  ownModel: {
    region: 'Your own model',
    address: 'Address of its files',
    look: 'Look',
    faults: {
      'no-address': 'This is not an address.',
      credentials: 'The address must not contain a name and password.',
      scheme: 'The address must start with https:// (http:// only for this computer, such as http://localhost/).',
    },
    folder: 'Choose a folder',
    file: 'Choose a GGUF file',
    aModel: 'a model',
    reading: 'Reading its configuration…',
    ready: (parameters: string, where: string) => `is ready. ${parameters} M parameters. ${where}.`,
    needs: (parameters: string, needed: string, limit: string) =>
      `: ${parameters} M parameters, needs about ${needed} of the ${limit} available here.`,
    downloadSize: (size: string) => `The download has ${size}.`,
    tooLarge: 'It will not fit. Choose a smaller one.',
    load: 'Load it',
    download: 'Download it',
    here: 'Language models that are here',
    none: 'No other model is here yet.',
    more: 'More models',
    other: 'From a folder, a file or an address',
    playsLearns: 'plays and learns',
    taught: 'with the adapter that comes with the page: it knows how to use the tools',
    untaught: 'as it was published: nobody taught it the tools, so it hardly makes a valid reply',
    plays: 'plays, on the graphics card',
  },
  constrained: 'only replies that follow the protocol',

  source: {
    label: 'Task source',
    world: 'a made-up world',
    scenario: 'a scenario',
    titled: (title: string) => `“${title}”`,
    noFile: 'a file (none is loaded)',
    again: 'this task again',
    choices: {
      world: { name: 'A made-up world', about: 'Invented people, places and dates that nobody can know by heart. Endless tasks.' },
      scenario: { name: 'A scenario', about: 'Written by hand, after the case studies in the paper.' },
      file: { name: 'A file', about: 'Questions of HotpotQA, MuSiQue, LoCoMo, LongMemEval or FactConsolidation, from your own file.' },
      again: { name: 'This task again', about: 'The task of the episode you opened, played by the policy you choose.' },
    },
    scenarios: 'Scenario',
    /** By id; a scenario without an entry is called as it calls itself. */
    scenarioTexts,
    difficulty: 'Difficulty',
    kinds: 'Kinds of question, relative frequency',
    fields: {
      facts: 'facts',
      update_share: 'chance that one is corrected',
      small_talk: 'small talk in stage 1',
      distractors: 'distractors in stage 2',
      distractor_closeness: 'share of misleading distractors',
      one_hop: 'one fact',
      two_hop: 'two facts in a chain',
      comparison: 'a comparison',
      update: 'a corrected fact',
    },
    amounts: (facts: number, distractors: number) => `${count(facts, 'fact')}, ${count(distractors, 'distractor')}`,
  },

  file: {
    tasks: (n: number) => `: ${count(n, 'task')}`,
    skipped: (n: number) => `, ${count(n, 'record')} skipped`,
    whatSkipped: 'What was skipped',
    record: (index: number, id: string | null, field: string, message: string) =>
      `Record ${index + 1}${id === null ? '' : ` (${id})`}, ${field}: ${message}`,
    reading: (name: string) => `Reading ${name}`,
    choose: 'Choose a file',
    chooseOther: 'Choose another file',
    kinds:
      'HotpotQA, 2WikiMultihopQA, MuSiQue, LoCoMo, LongMemEval or FactConsolidation as JSON, JSON Lines or Parquet, gzipped too. Of a conversation, up to five sessions are told for each question, each cut to 900 characters around what it needs. From files with more than 60 MB of text, only the first records are read. You can also drop a file anywhere on the page. It stays on this computer.',
  },

  index: {
    label: 'Task number',
    field: 'Task',
    of: (n: number, total: number | null) => `task ${integer(n)}${total === null ? '' : ` of ${integer(total)}`}`,
    previous: 'Previous task',
    next: 'Next task',
    list: 'Tasks in the file',
    world: 'The seed decides the world; each number is another task in it.',
  },

  settings: {
    label: 'Experiment settings',
    usual: 'Defaults',
    paper: 'As in the paper',
    window: (tMax: number, takes: number | null) =>
      `a window of ${integer(tMax)} tokens${takes === null ? '' : ` (the model takes ${integer(takes)})`}`,
    paperLimits: (window: string) => `${window}, the paper’s limits`,
    withTheta: (window: string, theta: string) => `${window}, θ ${theta}`,
    tMax: 'T_max, tokens',
    theta: 'θ, filter threshold',
    topK: 'top_k',
    exchanges: 'replies per turn',
    exchangesName: 'Replies per turn',
    nMax: 'N_max, rounds',
    rounds: {
      build: { label: 'stage 1, turns', name: 'N_max of stage 1' },
      resist: { label: 'stage 2, turns', name: 'N_max of stage 2' },
      answer: { label: 'stage 3, replies', name: 'N_max of stage 3' },
    },
    prompt: 'System prompt',
    prompts: {
      compact: { name: 'compact', about: 'The protocol in a few words.' },
      full: { name: 'full', about: 'Every tool with its arguments, and an example: what a model needs that never learnt the protocol.' },
    },
    windowUnknown: 'How many tokens the model takes at once is known once it is loaded.',
    windowNote: (window: number, loaded: boolean, tooLong: boolean) => {
      const takes = loaded
        ? `The model was loaded with a window of ${integer(window)} tokens`
        : `The model loads with a window of ${integer(window)} tokens if the card has enough memory`
      return tooLong ? `${takes}: a longer prompt ends the episode, so choose a smaller T_max.` : `${takes}.`
    },
  },

  similarity: {
    words: 'words',
    byWords: 'their words',
    comparedBy: 'compared by',
    label: 'Texts are compared by',
    otherWays: 'other ways',
    comparing: 'Comparing…',
    failed: (why: string) => `The similarities could not be computed. ${why}`,
    messages: (n: number) => count(n, 'message'),
    probes: {
      criteria: (n: number) => count(n, 'filter criterion', 'filter criteria'),
      queries: (n: number) => `${count(n, 'retrieval query', 'retrieval queries')} (it never filtered)`,
      question: () => 'the question',
    },
    caption:
      '{what}, compared by {name}. At θ {theta}: {taken} of {noise} with {distractors} distractors and {takenOthers} of {rest} {others} others reach it.',
  },

  reward: {
    label: 'Reward',
    note: 'New weights re-score the episode below instantly.',
    own: 'with your own weights',
    ownName: 'your own weights',
    ownAbout: 'Set by the sliders below the reward.',
  },

  run: {
    region: 'Run',
    run: 'Run',
    runTitle: 'Run (R)',
    step: 'Step',
    stepTitle: 'One step at a time',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop',
    stopLoading: 'Stop loading',
    stopping: 'Stopping…',
  },
}
