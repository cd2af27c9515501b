// The task as the experimenter sees it: the question, the expected answer, and where each fact stands now.
import { Database, MessageSquare } from 'lucide-react'
import { contextAt, memoryAt } from '../../../core/record/replay.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { familyOf } from '../../../core/environments/families.ts'
import type { AnyTask } from '../../../core/record/task.ts'
import { isQuestion, statedIn, states, type Fact, type Task } from '../../../core/environments/question/task.ts'
import { isLive } from '../../state/episode.ts'
import { useEpisode } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import { Hint, Term } from '../../ui/term.tsx'

interface FactPlace {
  fact: Fact
  inMemory: boolean
  inContext: boolean
}

function placesOf(task: Task, trajectory: Trajectory | null, at: number): FactPlace[] {
  const entries = trajectory ? memoryAt(trajectory, at, 'after') : []
  const context = trajectory ? contextAt(trajectory, at, 'after').filter((message) => message.kind !== 'system' && message.kind !== 'query') : []
  return task.facts.map((fact) => ({
    fact,
    inMemory: entries.some((entry) => states(entry.content, fact)),
    inContext: context.some(({ content }) => statedIn(content, fact)),
  }))
}

function Place({ there, hue, word, icon: Icon }: { there: boolean; hue: 'ltm' | 'stm'; word: string; icon: typeof Database }) {
  const words = t().watch.taskPanel
  const label = there ? words.in(word) : words.notIn(word)
  return (
    <Hint text={there ? words.there(word) : words.notThere(word)}>
      <span className="place" data-hue={hue} data-there={there} tabIndex={0} role="img" aria-label={label}>
        <Icon aria-hidden />
      </span>
    </Hint>
  )
}

function FactLine({ place }: { place: FactPlace }) {
  const outdated = place.fact.superseded_by !== null
  const words = t().watch.taskPanel
  return (
    <li className="fact" data-outdated={outdated}>
      <span className="fact-places">
        <Place there={place.inMemory} hue="ltm" word={words.longTerm} icon={Database} />
        <Place there={place.inContext} hue="stm" word={words.shortTerm} icon={MessageSquare} />
      </span>
      <span className="fact-text">
        {place.fact.text}
        {outdated && <span className="quiet">{words.outdated}</span>}
      </span>
    </li>
  )
}

interface Props<T extends AnyTask> {
  task: T
  trajectory: Trajectory | null
  at: number
}

export function TaskPanel({ task, trajectory, at }: Props<AnyTask>) {
  const secret = useEpisode(({ shown }) => isLive(shown) && shown?.trajectory.setup.policy.kind === 'person')
  if (secret) return <p className="task-note quiet">{t().play.person.taskHidden}</p>
  if (isQuestion(task)) return <QuestionPanel task={task} trajectory={trajectory} at={at} />
  const family = familyOf(task)
  const words = t().watch.taskPanel
  return (
    <div className="task-panel">
      <p className="task-query">{family.title(task)}</p>
      <p className="task-answer">
        <span className="quiet">{words.expected}</span>
        {family.expected(task)}
      </p>
    </div>
  )
}

function QuestionPanel({ task, trajectory, at }: Props<Task>) {
  const places = placesOf(task, trajectory, at)
  const words = t().watch.taskPanel
  const needed = places.filter(({ fact }) => fact.needed && fact.superseded_by === null)
  const others = places.filter(({ fact }) => !(fact.needed && fact.superseded_by === null))
  return (
    <div className="task-panel">
      <p className="task-query">{task.query}</p>
      <p className="task-answer">
        <span className="quiet">{words.expected}</span>
        {task.answer}
      </p>
      <h3 className="label">
        <Term name="neededFact">{words.needed}</Term>
      </h3>
      <ul className="facts">
        {needed.map((place) => (
          <FactLine key={place.fact.id} place={place} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3 className="label">{words.others}</h3>
          <ul className="facts">
            {others.map((place) => (
              <FactLine key={place.fact.id} place={place} />
            ))}
          </ul>
        </>
      )}
      <p className="legend">
        <span data-hue="ltm">
          <Database aria-hidden /> {words.legendLongTerm}
        </span>
        <span data-hue="stm">
          <MessageSquare aria-hidden /> {words.legendShortTerm}
        </span>
      </p>
      <p className="task-note quiet">{words.note}</p>
    </div>
  )
}
