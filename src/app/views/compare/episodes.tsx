// The tasks of a comparison with everybody's outcome, and the two episodes of the chosen one.
import { familyOf } from '../../../core/environments/families.ts'
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { measure } from '../../../core/reward/score.ts'
import { successFrom } from '../../../core/evaluation/metrics.ts'
import { count } from '../../format.ts'
import { useWorkspace, useCompare } from '../../state/context.tsx'
import { Select } from '../../ui/select.tsx'
import { Pair, type PairSide } from '../../episode/pair/pair.tsx'

interface Compared {
  name: string
  trajectories: readonly Trajectory[]
}

type Outcome = 'right' | 'wrong' | 'none'

const outcomeOf = (trajectory: Trajectory): Outcome => (trajectory.answer === null ? 'none' : measure(trajectory).task >= successFrom ? 'right' : 'wrong')

const looks = { right: { icon: CircleCheck, word: 'right' }, wrong: { icon: CircleX, word: 'wrong' }, none: { icon: CircleDashed, word: 'no answer' } } as const

function Mark({ name, outcome }: { name: string; outcome: Outcome | undefined }) {
  const { icon: Icon, word } = looks[outcome ?? 'none']
  return (
    <span className="outcome-mark" data-outcome={outcome}>
      <Icon aria-label={`${name}: ${word}`} />
    </span>
  )
}

export function Episodes({ policies }: { policies: readonly Compared[] }) {
  const { compare } = useWorkspace()
  const chosen = useCompare((state) => state.task)
  const [onlyDiffering, setOnlyDiffering] = useState(false)
  const [sides, setSides] = useState<[number, number]>([0, 1])
  const outcomes = useMemo(() => policies.map(({ trajectories }) => trajectories.map(outcomeOf)), [policies])
  const tasks = policies[0]?.trajectories.map(({ task }) => task) ?? []
  const differs = (i: number) => new Set(outcomes.map((of) => of[i])).size > 1
  const differing = tasks.filter((_, i) => differs(i)).length
  const choices = policies.map(({ name }, who) => ({ value: String(who), name }))
  const sideOf = (place: 0 | 1): PairSide | null => {
    const who = sides[place]
    const policy = policies[who]
    const trajectory = policy?.trajectories[chosen]
    return policy && trajectory ? { who, name: policy.name, trajectory } : null
  }
  const left = sideOf(0)
  const right = sideOf(1)
  const choose = (place: 0 | 1) => (value: string) => { setSides(place === 0 ? [Number(value), sides[1]] : [sides[0], Number(value)]) }
  return (
    <section className="episodes-pair" aria-label="Episodes side by side">
      <header>
        <h3>The same task, side by side</h3>
        {policies.length > 2 && (
          <span className="pair-choice">
            <Select label="Left" value={String(sides[0])} choices={choices} onChange={choose(0)} /> and <Select label="Right" value={String(sides[1])} choices={choices} onChange={choose(1)} />
          </span>
        )}
        <label className="pair-filter">
          <input type="checkbox" checked={onlyDiffering} onChange={() => { setOnlyDiffering(!onlyDiffering) }} /> only the {count(differing, 'task')} that end differently
        </label>
      </header>
      <ol className="pair-tasks" aria-label="Held-out tasks">
        {tasks.map(
          (task, i) =>
            (!onlyDiffering || differs(i)) && (
              <li key={task.id}>
                <button type="button" aria-current={i === chosen} onClick={() => { compare.getState().choose(i) }}>
                  <span className="pair-marks">
                    {policies.map(({ name }, who) => (
                      <Mark key={who} name={name} outcome={outcomes[who]?.[i]} />
                    ))}
                  </span>
                  {familyOf(task).title(task)}
                </button>
              </li>
            ),
        )}
      </ol>
      {left && right && <Pair key={`${chosen}-${sides.join('-')}`} left={left} right={right} />}
    </section>
  )
}
