// Teaching a model the protocol before it is trained with rewards: the plan, and what came of it.
import type { TeacherName } from '../../../core/training/supervised/config.ts'
import { count, integer } from '../../format.ts'

export const lesson = {
  title: (model: string) => `Teach ${model} the protocol first`,
  about: 'A model that was never trained on the tools writes prose. It learns them from a teacher’s episodes: the same adapter, the replies alone. Training with rewards can begin from what it has learnt.',
  steps: 'steps',
  stepsName: 'Steps of the lesson',
  episodes: 'episodes a step',
  episodesName: 'Episodes of the teacher a step',
  rate: 'learning rate',
  rateName: 'Learning rate of the lesson',
  teacher: 'Teacher',
  teachers: {
    demonstrator: { name: 'the demonstrator', about: 'Whom nano learnt from. It stores and searches, and seldom updates or filters: that is left to rewards.' },
    oracle: { name: 'the oracle', about: 'Always does right. Knows any questions.' },
  } satisfies Record<TeacherName, { name: string; about: string }>,
  begin: 'Teach',
  take: 'Take the lesson that comes with the page',
  takeHint: 'An adapter of five megabytes with which this model keeps the protocol, stores facts and looks them up; to update and to filter is left to be learnt. New runs begin from it.',
  shippedName: 'Taught the protocol',
  beginHint: 'On the tasks and within the limits of the plan above.',
  /** What the run is called until somebody names it. */
  runName: 'protocol',
  planLine: (steps: number, episodes: number, teacher: string) => `${count(steps, 'step')} of ${count(episodes, 'episode')} of ${teacher}`,

  figures: {
    loss: 'Loss',
    heldOut: 'Held-out loss',
    wellFormed: 'Well-formed replies',
    right: 'Right answers',
    steps: 'Steps',
    tokens: 'Tokens a second',
    ofReplies: (n: number) => `of ${integer(n)} on held-out tasks`,
    ofTasks: (n: number) => `on ${integer(n)} held-out tasks`,
    learnt: (n: number) => `${integer(n)} tokens learnt`,
  },
  charts: {
    region: 'What was learnt',
    loss: 'Loss on the teacher’s replies',
    lossUnit: 'nats a token',
    replies: 'Its own replies on held-out tasks',
    repliesUnit: 'share',
    training: 'in training',
    heldOut: 'held out',
    wellFormed: 'well-formed replies',
    right: 'right answers',
    step: 'Step',
    summary: (title: string, lines: readonly { name: string; first: string; last: string; step: number }[]) =>
      `${title}. ${lines.map(({ name, first, last, step }) => `${name}: from ${first} to ${last} at step ${integer(step)}`).join('; ')}.`,
  },
  next: 'Train with rewards from here',
  nextHint: 'Plans a new run that begins from the newest adapter of this lesson.',
}
