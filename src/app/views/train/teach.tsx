// The plan of a lesson, under what Train does: how long, by whom, and the button that begins it. Folded for a model that was
// made for the protocol.
import { BookOpenCheck, GraduationCap } from 'lucide-react'
import { questionOptionsOf } from '../../../core/environments/question/training-tasks.ts'
import { usuallyConstrained } from '../../../core/policy/constrained.ts'
import { taughtAdapter } from '../../../core/policy/taught.ts'
import { teacherNames } from '../../../core/training/supervised/config.ts'
import { t } from '../../locales/index.ts'
import { takeTaught } from '../../runs/take-taught.ts'
import { small } from '../../sentence/plan-words.ts'
import { useStores, useTraining, useWorkspace } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices, SliderField } from '../../ui/fields.tsx'
import { Hint } from '../../ui/term.tsx'
import { ScaleField } from './scale-field.tsx'

const rates = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3]

export function Teach() {
  const { training } = useWorkspace()
  const stores = useStores()
  const model = useTraining((state) => state.source.name)
  const { steps, b, learning_rate: rate, teacher } = useTraining((state) => state.lesson)
  const world = useTraining((state) => questionOptionsOf(state.plan.tasks)?.source === 'world')
  const live = useTraining((state) => state.live !== null)
  const { setLesson, teach } = training.getState()
  const words = t().lesson
  return (
    <section className="teach" aria-label={words.title(model)}>
      <details open={usuallyConstrained(model, false)}>
        <summary>
          <h2>{words.title(model)}</h2>
        </summary>
        <p>{words.about}</p>
        <div className="fields">
          <SliderField label={words.steps} name={words.stepsName} value={steps} min={2} max={400} onChange={(next) => { setLesson({ steps: next }) }} />
          <SliderField label={words.episodes} name={words.episodesName} value={b} min={1} max={8} onChange={(next) => { setLesson({ b: next }) }} />
          <ScaleField label={words.rate} name={words.rateName} value={rate} scale={rates} show={small} onChange={(next) => { setLesson({ learning_rate: next }) }} />
        </div>
        {world && (
          <Choices
            label={words.teacher}
            value={teacher.name}
            choices={teacherNames.map((value) => ({ value, ...words.teachers[value] }))}
            onChange={(name) => { setLesson({ teacher: { ...teacher, name } }) }}
          />
        )}
        <div className="teach-buttons">
          <Hint text={words.beginHint}>
            <Button disabled={live} onClick={() => void teach()}>
              <GraduationCap aria-hidden /> {words.begin}
            </Button>
          </Hint>
          {taughtAdapter(model) !== null && (
            <Hint text={words.takeHint}>
              <Button disabled={live} onClick={() => void takeTaught(stores)}>
                <BookOpenCheck aria-hidden /> {words.take}
              </Button>
            </Hint>
          )}
        </div>
      </details>
    </section>
  )
}
