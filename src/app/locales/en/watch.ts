// The Watch view: what stands around an episode.
import { count, integer } from '../../format.ts'

export const watch = {
  keys: {
    step: 'one step back or forward',
    stage: 'previous or next stage',
    ends: 'first or last step',
    tokens: 'tokens of the reply',
  },

  overview: 'Stages, tools and task',
  stages: 'Stages',
  toolCalls: 'Tool calls',
  toolCallsSoFar: 'Tool calls so far',
  failedCalls: (n: number) => `${n} failed`,
  task: 'Task',
  main: 'Episode',
  memories: 'Memories',
  memoriesAndTask: 'Memories and task',
  shortTerm: 'Short-term memory',
  shortTermNow: 'Short-term memory now',
  longTerm: 'Long-term memory',
  longTermNow: 'Long-term memory now',

  step: (index: number) => `Step ${index + 1}`,
  stepDoes: (index: number, what: string) => `Step ${index + 1}: ${what}`,

  taskPanel: {
    expected: 'expected ',
    needed: 'Needed facts',
    others: 'Other facts told',
    outdated: ' (corrected later)',
    note: 'The agent learns the question only in stage 3.',
    longTerm: 'long-term memory',
    shortTerm: 'short-term memory',
    there: (where: string) => `In ${where} at this moment.`,
    notThere: (where: string) => `Not in ${where} at this moment.`,
    in: (where: string) => `in ${where}`,
    notIn: (where: string) => `not in ${where}`,
    legendLongTerm: 'in long-term',
    legendShortTerm: 'in short-term memory now',
  },

  timeline: {
    region: 'Timeline',
    playback: 'Playback',
    first: 'First step',
    back: 'Step back',
    play: 'Play',
    pause: 'Pause playback',
    forward: 'Step forward',
    last: 'Last step',
    /** A control with its key. */
    withKey: (what: string, key: string) => `${what} (${key})`,
    space: 'space',
    pauseTitle: 'Pause',
    speed: 'Speed',
    /** Steps a second; step: one at a time; max: as fast as it goes. */
    speeds: { max: 'max' },
    where: 'step {at} / {of}',
    slider: 'Step',
    now: (at: number, of: number, stage: number, what: string) =>
      `Step ${integer(at + 1)} of ${integer(of)}, stage ${stage}: ${what}`,
    stage: (number: number, word: string) => `${number} ${word}`,
    paused: 'paused',
    playing: 'playing',
    noReward: 'no reward: stopped',
    toOutcome: 'Go to the end: the answer and how the reward came about.',
    showOutcome: 'Show the outcome',
    noAnswer: 'no answer',
  },

  mismatch: {
    words: 'Below is an episode of {policy} with other settings. The sentence above says what Run plays next.',
    back: 'Back to its settings',
  },

  empty: {
    hears: 'What the agent will hear',
    more: (n: number) => `and ${count(n, 'more message')}`,
    starting: 'Starting…',
    dropTitle: 'Drop a HotpotQA or MuSiQue file here',
    dropAbout:
      'Its supporting sentences become what the agent is told; its other paragraphs become distractors. The file stays on this computer.',
    failed: (why: string) => `The episode could not be played. ${why} Press Run to try again.`,
    title: 'Press Run to watch {policy} play this task',
    aWebLlmModel: 'a WebLLM model',
    about:
      'It hears the facts below in passing; then its context is wiped, and only then comes the question. What it did not store is gone.',
    run: 'Run this task',
  },
}
