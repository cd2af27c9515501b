import type { ExampleName } from '../../sentence/examples.ts'

interface Example {
  name: string
  /** Who plays, and why it ends as it does. */
  about: string
}

const list: Record<ExampleName, Example> = {
  oracle: {
    name: 'Good memory',
    about: 'The oracle stores both facts, filters what misleads, and finds them again: right.',
  },
  trained: {
    name: 'After training',
    about: 'nano with the adapter that came with the page stores the fact and its correction: right.',
  },
  untrained: {
    name: 'Before training',
    about: 'The same task, played by nano as it comes: it loses the fact, and with it the answer.',
  },
  hoarding: {
    name: 'Hoarding',
    about: 'store-all keeps every message, and the search for the answer brings up others: not found.',
  },
  forgetting: {
    name: 'Forgetting',
    about: 'store-none stores nothing. After the reset it cannot know the answer.',
  },
  careless: {
    name: 'Carelessness',
    about: 'careless, like a model before training, skips one of the two facts that the question needs.',
  },
  overflow: {
    name: 'A window too small',
    about: 'store-all answers right, but its context outgrows 192 tokens, and the penalty takes most of the reward.',
  },
  distractors: {
    name: 'Many distractors',
    about: 'The oracle hears eight messages that mislead, filters them out as they come, and is right.',
  },
  scenario: {
    name: 'A case study',
    about:
      'The oracle plays a study plan that changes on the way, after the paper’s own example: it keeps up, and is right.',
  },
  paper: {
    name: 'The paper’s limits',
    about:
      'The oracle with 8,192 tokens, five rounds a stage and the full prompt: nothing gets tight, and it is right.',
  },
}

export const examples = { label: 'Examples', list }
