// The task of the introduction: played by nano as it comes, which loses it, and after training, which remembers it
// (workers/tour.test.ts). It decodes greedily, so that it goes the same way on every device.
import { defaultDifficulty } from '../../core/environments/question/sources/world.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { defaultConfig, type Config } from './config.ts'

/** Which of the two plays. */
export type TourPlay = 'before' | 'after'

const task: Config = {
  ...defaultConfig,
  seed: 7,
  index: 10,
  difficulty: { ...defaultDifficulty, facts: 1, distractors: 1, small_talk: 0, update_share: 1 },
  settings: { ...settingsPresets.quick, temperature: 0 },
}

/** What plays in the introduction, and what: the same task, by the same model. */
export const tourConfig = (play: TourPlay): Config => ({
  ...task,
  adapter: play === 'before' ? null : trainedAdapterKey,
})
