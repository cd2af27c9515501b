// The catalogue in Chinese.
import type { Words } from '../en/index.ts'
import { actions } from './actions.ts'
import { agents } from './agents.ts'
import { charts } from './charts.ts'
import { checkpoints } from './checkpoints.ts'
import { compare } from './compare.ts'
import { episode } from './episode.ts'
import { episodes } from './episodes.ts'
import { examples } from './examples.ts'
import { experiments } from './experiments.ts'
import { frame } from './frame.ts'
import { glossary } from './glossary.ts'
import { group } from './group.ts'
import { hosting } from './hosting.ts'
import { lesson } from './lesson.ts'
import { models } from './models.ts'
import { play } from './play.ts'
import { reward } from './reward.ts'
import { runs } from './runs.ts'
import { sentence } from './sentence.ts'
import { shipped } from './shipped.ts'
import { surprises } from './surprises.ts'
import { table } from './table.ts'
import { tour } from './tour.ts'
import { train } from './train.ts'
import { ui } from './ui.ts'
import { watch } from './watch.ts'
import { why } from './why.ts'

export const zh: Words = {
  actions,
  agents,
  charts,
  checkpoints,
  compare,
  episode,
  episodes,
  examples,
  experiments,
  frame,
  glossary,
  group,
  hosting,
  lesson,
  models,
  play,
  reward,
  runs,
  sentence,
  shipped,
  surprises,
  table,
  tour,
  train,
  ui,
  watch,
  why,
}
