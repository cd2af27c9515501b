interface Caption {
  title: string
  text: string
}

/** Of a question's stages, then of the end. */
const before: Record<'build' | 'resist' | 'answer', Caption> = {
  build: {
    title: 'nano as it comes decides what to keep.',
    text: 'A small language model, here on your CPU. What it writes into long-term memory stays; it has not been asked anything yet.',
  },
  resist: {
    title: 'The conversation is wiped.',
    text: 'Only long-term memory survives the reset. What comes in now is noise.',
  },
  answer: {
    title: 'Now the question.',
    text: 'It can search what it stored, and has to answer from that.',
  },
}

const after: typeof before = {
  build: {
    title: 'The same task, after training.',
    text: 'The same model with a small adapter that came with this page. Watch what it writes into long-term memory now.',
  },
  resist: { title: 'Wiped again, and noise again.', text: 'What it stored is still there.' },
  answer: { title: 'The same question.', text: 'It searches its memory, then answers.' },
}

export const tour = {
  label: 'Introduction',
  plays: { before: 'Before training', after: 'After training' },
  before,
  after,
  ended: { before: 'It forgot.', after: 'It remembered.' },
  reward: (total: string, best: string) => `Its reward: ${total} of ${best}.`,
  handover: {
    title: 'Train it yourself.',
    text: 'A reward for each episode is all that training needs. It runs in this tab, and you see every step.',
  },
  buttons: {
    pause: 'Pause',
    play: 'Go on',
    next: 'Next',
    skip: 'Skip',
    train: 'Train it yourself',
    done: 'Look around',
  },
}
