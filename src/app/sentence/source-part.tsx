// Where the task comes from: the made-up world and its difficulty, a scenario, a file.
import { FileUp } from 'lucide-react'
import { useRef } from 'react'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { count } from '../format.ts'
import type { SourceKind } from '../state/config.ts'
import { useActions, useConfig, useFiles, useStores } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Choices, SliderField } from '../ui/fields.tsx'
import { difficultyFields, questionFields, type DifficultyField } from './difficulty.ts'
import { Part } from './part.tsx'
import { sourceWords } from './wording.ts'

function DifficultySlider({ field }: { field: DifficultyField }) {
  const value = useConfig((state) => state.difficulty[field.key])
  const set = useConfig((state) => state.setDifficulty)
  const { label, min, max, step, show } = field
  return <SliderField label={label} name={label} value={value} min={min} max={max} step={step} show={show} onChange={(next) => { set({ [field.key]: next }) }} />
}

function Difficulty() {
  return (
    <div className="fields" role="group" aria-label="Difficulty">
      {difficultyFields.map((field) => (
        <DifficultySlider key={field.key} field={field} />
      ))}
      <h3 className="label">Kinds of question, how often</h3>
      {questionFields.map((field) => (
        <DifficultySlider key={field.key} field={field} />
      ))}
    </div>
  )
}

function ScenarioChoice() {
  const scenario = useConfig((state) => state.scenario)
  const set = useConfig((state) => state.set)
  return (
    <div className="subchoices">
      <Choices label="Scenario" value={scenario} choices={scenarios.map(({ id, title, about }) => ({ value: id, name: title, about }))} onChange={(id) => { set({ scenario: id }) }} />
    </div>
  )
}

/** Chooses a file from the disk; the page takes dropped ones as well. */
export function ChooseFile({ label }: { label: string }) {
  const input = useRef<HTMLInputElement>(null)
  const { takeFile } = useActions()
  return (
    <>
      <Button onClick={() => input.current?.click()}>
        <FileUp aria-hidden /> {label}
      </Button>
      <input
        ref={input}
        className="unseen"
        type="file"
        accept=".json,.jsonl,.ndjson,.gz,.zip,.parquet,application/json"
        aria-label={label}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void takeFile(file)
        }}
      />
    </>
  )
}

function FileState() {
  const loaded = useFiles((state) => state.loaded)
  const failure = useFiles((state) => state.failure)
  const reading = useFiles((state) => state.reading)
  return (
    <div className="file-state">
      {loaded && (
        <p>
          <strong>{loaded.name}</strong>: {count(loaded.tasks.length, 'task')}
          {loaded.skipped.length > 0 && <span className="quiet">, {count(loaded.records - loaded.tasks.length, 'record')} skipped</span>}
        </p>
      )}
      {loaded && loaded.head !== null && <p className="quiet">{loaded.head}</p>}
      {loaded && loaded.skipped.length > 0 && (
        <details>
          <summary>What was skipped</summary>
          <ul className="skipped">
            {loaded.skipped.slice(0, 100).map((skip) => (
              <li key={skip.index}>
                Record {skip.index + 1}
                {skip.id !== null && ` (${skip.id})`}, {skip.field}: {skip.message}
              </li>
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
          Reading {reading.name} <progress value={reading.share} max={1} />
        </p>
      )}
      <ChooseFile label={loaded ? 'Choose another file' : 'Choose a file'} />
      <p className="quiet">HotpotQA, 2WikiMultihopQA or MuSiQue as JSON, JSON Lines or Parquet, gzipped too; of more than 60 MB of text the first records. You can also drop it anywhere on the page. It stays on this computer.</p>
    </div>
  )
}

export function SourcePart() {
  const { config } = useStores()
  const state = useConfig((each) => each)
  const file = useFiles((each) => each.loaded)
  const choose = (source: SourceKind) => { config.getState().set({ source, index: 0 }) }
  const choices: { value: SourceKind; name: string; about: string }[] = [
    { value: 'world', name: 'A made-up world', about: 'People, places and dates that nobody can know by heart. Endless tasks.' },
    { value: 'scenario', name: 'A scenario', about: 'Written by hand, after the case studies of the paper.' },
    { value: 'file', name: 'A file', about: 'Your HotpotQA or MuSiQue questions.' },
  ]
  if (state.againTask) choices.push({ value: 'again', name: 'This task again', about: 'The task of the episode that you opened, by the policy that you choose.' })
  return (
    <Part label="Task source" words={sourceWords(state, file)}>
      <Choices label="Task source" value={state.source} choices={choices} onChange={choose} />
      {state.source === 'world' && <Difficulty />}
      {state.source === 'scenario' && <ScenarioChoice />}
      {state.source === 'file' && <FileState />}
    </Part>
  )
}
