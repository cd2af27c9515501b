// Which tasks experiments play: an entry here is a column of Table 2. All are held out.
import type { DataReference } from '../environments/family.ts'
import type { TaskChoice } from '../environments/families.ts'
import type { DataSource } from '../environments/question/task.ts'
import { usualDistractors } from '../environments/question/training-tasks.ts'
import { defaultDifficulty } from '../environments/question/sources/world.ts'
import { namesOf } from '../table.ts'
import { trainPresets } from '../training/config.ts'

interface ExperimentData {
  label: string
  /** Records of a file of this source are needed; null: the tasks are made. */
  file: DataSource | null
  /** @param data the file's. @throws RangeError without one where it is needed */
  choice: (data: DataReference | null) => TaskChoice
}

/** Every record: none of such a file was trained on. The schema wants a share below one. */
const everyRecord = { share: 0.999_999, seed: 0 }

function ofFile(label: string, source: DataSource): ExperimentData {
  return {
    label,
    file: source,
    choice(data) {
      if (!data) throw new RangeError(`${label} needs a file of its records.`)
      return { family: 'question', options: { source, data, held_out: everyRecord, distractors: usualDistractors } }
    },
  }
}

export const experimentData = {
  /** What is trained on, as HotpotQA is in the paper. */
  lesson: { label: 'World, as trained on', file: null, choice: () => trainPresets.quick.tasks },
  /** Of every kind of question, with small talk: nobody trained on it. */
  world: { label: 'World, all kinds', file: null, choice: () => ({ family: 'question', options: { source: 'world', difficulty: defaultDifficulty, curriculum: 'none' } }) },
  hotpotqa: ofFile('HotpotQA', 'hotpotqa'),
  musique: ofFile('MuSiQue', 'musique'),
  locomo: ofFile('LoCoMo', 'locomo'),
} satisfies Record<string, ExperimentData>

export type DataName = keyof typeof experimentData
export const dataNames: readonly DataName[] = namesOf(experimentData)
export const isDataName = (name: string): name is DataName => Object.hasOwn(experimentData, name)
export const dataOf = (name: DataName): ExperimentData => experimentData[name]
