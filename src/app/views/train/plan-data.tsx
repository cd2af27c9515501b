// The part of a plan that says where its tasks come from: the made-up world, or a data set that was opened here.
import { useEffect, useState } from 'react'
import type { DataSet } from '../../../core/environments/data-sets.ts'
import { dataSources, mostDistractors, questionOptionsOf, usualDistractors, usualHeldOut, type DataOptions, type QuestionOptions } from '../../../core/environments/question/training-tasks.ts'
import { trainPresets, type TrainConfig } from '../../../core/training/config.ts'
import { count, percent } from '../../format.ts'
import { ChooseFile } from '../../sentence/source-part.tsx'
import { useDataSets, useFiles, useTraining, useWorkspace } from '../../state/context.tsx'
import type { LoadedFile } from '../../state/files.ts'
import { misfitOf } from '../../state/room.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'
import { PlanPart } from './plan-part.tsx'
import { dataSourceWords, type PlanWords } from '../../sentence/plan-words.ts'
import { WorldFields } from './plan-tasks.tsx'

/** How one trains on a set, until somebody changes it. */
function optionsFor({ name, hash, source }: DataSet): DataOptions {
  const known = dataSources.find((each) => each === source) ?? 'hotpotqa'
  return { source: known, data: { name, hash }, held_out: usualHeldOut, distractors: usualDistractors }
}

/** Says which tasks do not fit into the window; null while that is not known, and when all do. */
function useMisfit({ data, distractors }: DataOptions, tasks: number, { episode }: TrainConfig): string | null {
  const { backend } = useWorkspace()
  const source = useTraining((state) => state.source)
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    backend.lab().roomOfData(data, distractors, source, episode).then(
      (room) => {
        const window = room.limit < episode.t_max ? room.limit : null
        if (current) setText(misfitOf(data.name, tasks, room, source.name, window)?.text ?? null)
      },
      () => { if (current) setText(null) },
    )
    return () => { current = false }
  }, [backend, data, distractors, source, episode, tasks])
  return text
}

interface DataProps {
  options: DataOptions
  plan: TrainConfig
  change: (options: QuestionOptions) => void
}

function DataFields({ options, plan, change }: DataProps) {
  const sets = useDataSets((state) => state.sets)
  const remove = useDataSets((state) => state.remove)
  const set = sets?.find(({ hash }) => hash === options.data.hash) ?? null
  const misfit = useMisfit(options, set?.tasks ?? 0, plan)
  const { held_out } = options
  return (
    <>
      <div className="fields" role="group" aria-label="Tasks of the data set">
        <SliderField label={<Term name="heldOut">share held out</Term>} name="Share held out" value={held_out.share} min={0.05} max={0.5} step={0.05} show={percent} onChange={(share) => { change({ ...options, held_out: { ...held_out, share } }) }} />
        <SliderField label="distractors in stage 2 at most" name="Distractors at most" value={options.distractors} min={0} max={mostDistractors} onChange={(distractors) => { change({ ...options, distractors }) }} />
      </div>
      {misfit !== null && <p className="popover-note" role="status">{misfit} Fewer distractors or a larger T_max leave more room; a task without room ends as soon as its prompt is too long.</p>}
      {set ? (
        <Button size="small" onClick={() => void remove(set)}>
          Forget this data set
        </Button>
      ) : (
        sets !== null && <p className="popover-note" role="status">“{options.data.name}” is not kept in this browser. Open the same file and choose it here.</p>
      )}
    </>
  )
}

function choicesOf(sets: readonly DataSet[], loaded: LoadedFile | null) {
  return [
    { value: 'world', name: 'the made-up world', about: 'New tasks without end, from the seed; their difficulty is set below.' },
    ...sets.map(({ hash, name, source, tasks }) => {
      const known = dataSources.find((each) => each === source)
      return { value: hash, name, about: `${count(tasks, 'question')}${known ? ` of ${dataSourceWords[known]}` : ''}, kept in this browser.` }
    }),
    ...(loaded && !sets.some(({ name, tasks }) => name === loaded.name && tasks === loaded.whole.length)
      ? [{ value: 'file', name: loaded.name, about: `${count(loaded.whole.length, 'question')} of the file that was opened. Chosen, they are kept in this browser, so that a run can be resumed.` }]
      : []),
  ]
}

function SourceFields({ plan, set }: { plan: TrainConfig; set: (patch: Partial<TrainConfig>) => void }) {
  const sets = useDataSets((state) => state.sets) ?? []
  const refresh = useDataSets((state) => state.refresh)
  const keep = useDataSets((state) => state.keep)
  const loaded = useFiles((state) => state.loaded)
  useEffect(() => void refresh(), [refresh])
  const options = questionOptionsOf(plan.tasks)
  const change = (next: QuestionOptions) => { set({ tasks: { family: 'question', options: next } }) }
  const choose = async (value: string) => {
    if (value === 'world') {
      set({ tasks: trainPresets.quick.tasks })
      return
    }
    const chosen = value === 'file' && loaded ? await keep(loaded.name, loaded.whole) : sets.find(({ hash }) => hash === value)
    if (chosen) change(optionsFor(chosen))
  }
  return (
    <>
      <Choices label="Source of the tasks" value={options && 'data' in options ? options.data.hash : 'world'} choices={choicesOf(sets, loaded)} onChange={(value) => void choose(value)} />
      <ChooseFile label="Open a file of HotpotQA or MuSiQue" />
      {options?.source === 'world' && <WorldFields options={options} change={change} />}
      {options && 'data' in options && <DataFields options={options} plan={plan} change={change} />}
    </>
  )
}

export function TasksPart({ words }: { words: PlanWords }) {
  return (
    <PlanPart label="Tasks of training" words={words.tasks}>
      {(plan, set) => <SourceFields plan={plan} set={set} />}
    </PlanPart>
  )
}
