// Where the task comes from: the made-up world and its difficulty, a scenario, a file.
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { t } from '../locales/index.ts'
import type { SourceKind } from '../state/config.ts'
import { useConfig, useFiles, useStores } from '../state/context.tsx'
import { Choices, SliderField } from '../ui/fields.tsx'
import { difficultyFields, questionFields, type DifficultyField } from './difficulty.ts'
import { ChooseFile } from './choose-file.tsx'
import { OwnTask } from './own-task.tsx'
import { scenarioText } from './wording.ts'

function DifficultySlider({ field }: { field: DifficultyField }) {
  const value = useConfig((state) => state.difficulty[field.key])
  const set = useConfig((state) => state.setDifficulty)
  const { label, min, max, step, show } = field
  return <SliderField label={label} name={label} value={value} min={min} max={max} step={step} show={show} onChange={(next) => { set({ [field.key]: next }) }} />
}

function Difficulty() {
  return (
    <div className="fields" role="group" aria-label={t().sentence.source.difficulty}>
      {difficultyFields().map((field) => (
        <DifficultySlider key={field.key} field={field} />
      ))}
      <h3 className="label">{t().sentence.source.kinds}</h3>
      {questionFields().map((field) => (
        <DifficultySlider key={field.key} field={field} />
      ))}
    </div>
  )
}

function ScenarioChoice() {
  const scenario = useConfig((state) => state.scenario)
  const set = useConfig((state) => state.set)
  const choices = scenarios.map(({ id, title, about }) => {
    const text = scenarioText(id)
    return { value: id, name: text?.title ?? title, about: text?.about ?? about }
  })
  return (
    <div className="subchoices">
      <Choices label={t().sentence.source.scenarios} value={scenario} choices={choices} onChange={(id) => { set({ scenario: id }) }} />
    </div>
  )
}

function FileState() {
  const loaded = useFiles((state) => state.loaded)
  const failure = useFiles((state) => state.failure)
  const reading = useFiles((state) => state.reading)
  const words = t().sentence.file
  return (
    <div className="file-state">
      {loaded && (
        <p>
          <strong>{loaded.name}</strong>
          {words.tasks(loaded.tasks.length)}
          {loaded.skipped.length > 0 && <span className="quiet">{words.skipped(loaded.records - loaded.tasks.length)}</span>}
        </p>
      )}
      {loaded && loaded.head !== null && <p className="quiet">{loaded.head}</p>}
      {loaded && loaded.skipped.length > 0 && (
        <details>
          <summary>{words.whatSkipped}</summary>
          <ul className="skipped">
            {loaded.skipped.slice(0, 100).map((skip) => (
              <li key={skip.index}>{words.record(skip.index, skip.id, skip.field, skip.message)}</li>
            ))}
          </ul>
        </details>
      )}
      {failure && (
        <p className="field-error" role="alert">
          {failure.name}: {failure.message}
        </p>
      )}
      {reading && (
        <p>
          {words.reading(reading.name)} <progress value={reading.share} max={1} />
        </p>
      )}
      <ChooseFile label={loaded ? words.chooseOther : words.choose} />
      <p className="quiet">{words.kinds}</p>
    </div>
  )
}

export function SourceControl() {
  const { config } = useStores()
  const state = useConfig((each) => each)
  const choose = (source: SourceKind) => { config.getState().set({ source, index: 0 }) }
  const words = t().sentence.source
  const offered: readonly SourceKind[] = ['world', 'scenario', 'own', 'file', ...(state.againTask ? ['again' as const] : [])]
  const choices = offered.map((value) => ({ value, ...(value === 'own' ? t().play.own.choice : words.choices[value]) }))
  return (
    <>
      <Choices label={words.label} value={state.source} choices={choices} onChange={choose} />
      {state.source === 'world' && <Difficulty />}
      {state.source === 'scenario' && <ScenarioChoice />}
      {state.source === 'own' && <OwnTask />}
      {state.source === 'file' && <FileState />}
    </>
  )
}
