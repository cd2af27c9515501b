// A language model's verdict on the episode on show: asked for and kept, and taken out again.
import { createJudging } from '../state/judging.ts'
import { action } from './action.ts'

export const judge = action({ perform: (context) => createJudging(context).judge })
export const judgeByRule = action({ perform: (context) => createJudging(context).judgeByRule })
