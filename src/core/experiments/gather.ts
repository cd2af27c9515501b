// Cells that several experiments have in common: the same condition on the same tasks is played once. What was played for one is
// taken over by another where it is of the same model, settings, tasks and training.
import { sameData } from '../same-data.ts'
import type { Experiment } from './experiment.ts'
import { alsoOn, type ExperimentCell, type ExperimentResult } from './result.ts'
import { plannedCells } from './run.ts'

type Played = Pick<ExperimentResult, 'model' | 'machine' | 'judge' | 'plan' | 'trainings' | 'cells'>

/** Could a cell of one stand in the other? */
function alike(a: Played, b: Played): boolean {
  const of = ({ model, judge, plan: { tasks, settings, base, steps, start } }: Played) => ({ model, judge, tasks, settings, base, steps, start: start?.hash ?? null })
  return sameData(of(a), of(b))
}

/** The result with every cell that it plans and others have played, under its own arms' names. */
export function gathered(experiment: Experiment, result: ExperimentResult, others: readonly Played[]): ExperimentResult {
  const able = others.filter((other) => alike(result, other))
  let { machine } = result
  const cells = plannedCells(experiment, result.plan).flatMap(({ arm, data, seed }): ExperimentCell[] => {
    const own = result.cells.find((cell) => cell.arm === arm.name && cell.data === data.name && cell.seed === seed)
    if (own) return [own]
    for (const { cells, plan, machine: theirs } of able) {
      if (!plan.data.some((each) => each.name === data.name && sameData(each.choice, data.choice))) continue
      const found = cells.find((cell) => cell.agent === arm.agent && cell.training === arm.training && cell.data === data.name && cell.seed === seed)
      if (!found) continue
      machine = alsoOn(machine, theirs)
      return [{ ...found, arm: arm.name }]
    }
    return []
  })
  const wanted = cells.flatMap(({ training, seed }) => (training === null ? [] : [{ training, seed }]))
  const known = [...result.trainings, ...able.flatMap(({ trainings }) => trainings)]
  const trainings = known.filter((each, i) => wanted.some(({ training, seed }) => each.training === training && each.seed === seed) && known.findIndex((other) => other.training === each.training && other.seed === each.seed) === i)
  return { ...result, machine, cells, trainings: [...result.trainings, ...trainings.filter((each) => !result.trainings.includes(each))] }
}
