// The part of a plan that says where its tasks come from: the made-up world, or a data set that was opened here.
import { useEffect, useState } from 'react'
import type { DataSet } from '../../../core/environments/data-sets.ts'
import { mostDistractors, questionOptionsOf, type DataOptions, type QuestionOptions } from '../../../core/environments/question/training-tasks.ts'
import { dataSources } from '../../../core/environments/question/task.ts'
import { trainPresets, type TrainConfig } from '../../../core/training/config.ts'
import { percent } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { ChooseFile } from '../../sentence/choose-file.tsx'
import { useDataSets, useFiles, useTraining, useWorkspace } from '../../state/context.tsx'
import type { LoadedFile } from '../../state/files.ts'
import { optionsFor, planOn } from '../../state/own.ts'
import { misfitOf } from '../../state/room.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'
import { PlanPart, type PartWords } from './plan-part.tsx'
import { dataSourceWords } from '../../sentence/plan-words.ts'
import { WorldFields } from './plan-tasks.tsx'

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
  const w = t().train.plan
  return (
    <>
      <div className="fields" role="group" aria-label={w.tasksOfSet}>
        {held_out && <SliderField label={<Term name="heldOut">{w.shareHeldOut}</Term>} name={w.shareHeldOutName} value={held_out.share} min={0.05} max={0.5} step={0.05} show={percent} onChange={(share) => { change({ ...options, held_out: { ...held_out, share } }) }} />}
        <SliderField label={w.distractorsAtMost} name={w.distractorsAtMostName} value={options.distractors} min={0} max={mostDistractors} onChange={(distractors) => { change({ ...options, distractors }) }} />
      </div>
      {misfit !== null && <p className="popover-note" role="status">{w.misfit(misfit)}</p>}
      {set ? (
        <Button size="small" onClick={() => void remove(set)}>
          {w.forgetSet}
        </Button>
      ) : (
        sets !== null && <p className="popover-note" role="status">{w.setGone(options.data.name)}</p>
      )}
    </>
  )
}

function choicesOf(sets: readonly DataSet[], loaded: LoadedFile | null) {
  const w = t().train.plan
  return [
    { value: 'world', name: w.worldName, about: w.worldAbout },
    ...sets.map(({ hash, name, source, tasks }) => {
      const known = dataSources.find((each) => each === source)
      if (known === 'own') return { value: hash, name, about: t().play.own.keptSets(tasks) }
      return { value: hash, name, about: w.setAbout(tasks, known ? dataSourceWords[known] : null) }
    }),
    ...(loaded && !sets.some(({ name, tasks }) => name === loaded.name && tasks === loaded.whole.length)
      ? [{ value: 'file', name: loaded.name, about: w.fileAbout(loaded.whole.length) }]
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
  const w = t().train.plan
  const change = (next: QuestionOptions) => { set({ tasks: { family: 'question', options: next } }) }
  const choose = async (value: string) => {
    if (value === 'world') {
      set(planOn(plan, trainPresets.quick.tasks, Infinity))
      return
    }
    const chosen = value === 'file' && loaded ? await keep(loaded.name, loaded.whole) : sets.find(({ hash }) => hash === value)
    if (chosen) set(planOn(plan, { family: 'question', options: optionsFor(chosen) }, chosen.tasks))
  }
  return (
    <>
      <Choices label={w.source} value={options && 'data' in options ? options.data.hash : 'world'} choices={choicesOf(sets, loaded)} onChange={(value) => void choose(value)} />
      <ChooseFile label={w.openFile} />
      {options?.source === 'world' && <WorldFields options={options} change={change} />}
      {options && 'data' in options && <DataFields options={options} plan={plan} change={change} />}
    </>
  )
}

export function TasksPart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.tasks.label} words={words}>
      {(plan, set) => <SourceFields plan={plan} set={set} />}
    </PlanPart>
  )
}
