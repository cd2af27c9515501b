// Steps of stage 3 get the advantage, the others 0. An ablation: does storing improve without credit?
import type { Credit } from './group.ts'

export const lastStage: Credit = (group) =>
  group.map(({ trajectory, advantage }) => trajectory.steps.map(({ phase }) => (phase === 'answer' ? advantage : 0)))
