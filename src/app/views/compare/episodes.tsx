// The tasks of a comparison, those first that one got right and the other did not, and the two episodes of the chosen one.
import { familyOf } from '../../../core/environments/families.ts'
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { t } from '../../locales/index.ts'
import { useWorkspace, useCompare } from '../../state/context.tsx'
import { Select } from '../../ui/select.tsx'
import { Pair, type PairSide } from '../../episode/pair/pair.tsx'
import { contrastOf, contrasts, outcomeOf, type Contrast, type Outcome } from './outcomes.ts'

interface Compared {
  name: string
  trajectories: readonly Trajectory[]
}

const icons = { right: CircleCheck, wrong: CircleX, none: CircleDashed } as const

function Mark({ name, outcome = 'none' }: { name: string; outcome: Outcome | undefined }) {
  const Icon = icons[outcome]
  const words = t().compare.episodes
  return (
    <span className="outcome-mark" data-outcome={outcome}>
      <Icon aria-label={words.mark(name, words.outcomes[outcome])} />
    </span>
  )
}

export function Episodes({ policies }: { policies: readonly Compared[] }) {
  const { compare } = useWorkspace()
  const chosen = useCompare((state) => state.task)
  const [only, setOnly] = useState<Contrast | null>(null)
  const [sides, setSides] = useState<[number, number]>([0, 1])
  const words = t().compare.episodes
  const outcomes = useMemo(() => policies.map(({ trajectories }) => trajectories.map(outcomeOf)), [policies])
  const tasks = policies[0]?.trajectories.map(({ task }) => task) ?? []
  const [first, second] = sides
  const kinds = tasks.map((_, i) => contrastOf(outcomes[first]?.[i], outcomes[second]?.[i]))
  const many = (kind: Contrast) => kinds.filter((each) => each === kind).length
  const choices = policies.map(({ name }, who) => ({ value: String(who), name }))
  const nameOf = (who: number) => policies[who]?.name ?? ''
  const labels: Record<Contrast, string> = {
    left: words.only(nameOf(first), nameOf(second), many('left')),
    right: words.only(nameOf(second), nameOf(first), many('right')),
    both: words.both(many('both')),
    neither: words.neither(many('neither')),
  }
  const sideOf = (who: number): PairSide | null => {
    const policy = policies[who]
    const trajectory = policy?.trajectories[chosen]
    return policy && trajectory ? { who, name: policy.name, trajectory } : null
  }
  const left = sideOf(first)
  const right = sideOf(second)
  const choose = (place: 0 | 1) => (value: string) => { setSides(place === 0 ? [Number(value), second] : [first, Number(value)]) }
  const list = (kind: Contrast | null) => {
    setOnly(kind)
    const [at = -1] = tasks.flatMap((_, i) => (kind === null || kinds[i] === kind ? [i] : []))
    if (at >= 0 && kind !== null && kinds[chosen] !== kind) compare.getState().choose(at)
  }
  const listed = tasks.flatMap((task, i) => (only === null || kinds[i] === only ? [{ task, i }] : []))
  return (
    <section className="episodes-pair" aria-label={words.label}>
      <header>
        <h3>{words.title}</h3>
        {policies.length > 2 && (
          <span className="pair-choice">
            <Select label={words.left} value={String(first)} choices={choices} onChange={choose(0)} />
            {words.and}
            <Select label={words.right} value={String(second)} choices={choices} onChange={choose(1)} />
          </span>
        )}
      </header>
      <div className="segments pair-filter" role="group" aria-label={words.filter}>
        <button type="button" aria-pressed={only === null} onClick={() => { list(null) }}>
          {words.all(tasks.length)}
        </button>
        {contrasts.map((kind) => (
          <button key={kind} type="button" aria-pressed={only === kind} onClick={() => { list(kind) }}>
            {labels[kind]}
          </button>
        ))}
      </div>
      {listed.length === 0 && <p className="quiet">{words.none}</p>}
      <ol className="pair-tasks" aria-label={words.tasks}>
        {listed.map(({ task, i }) => (
          <li key={i}>
            <button type="button" aria-current={i === chosen} onClick={() => { compare.getState().choose(i) }}>
              <span className="pair-marks">
                {policies.map(({ name }, who) => (
                  <Mark key={who} name={name} outcome={outcomes[who]?.[i]} />
                ))}
              </span>
              {familyOf(task).title(task)}
            </button>
          </li>
        ))}
      </ol>
      {left && right && <Pair key={`${chosen}-${sides.join('-')}`} left={left} right={right} />}
    </section>
  )
}
