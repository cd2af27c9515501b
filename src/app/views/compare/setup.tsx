// What is compared, as a sentence; its parts open their controls.
import { Play, Square } from 'lucide-react'
import { trainPresets } from '../../../core/training/config.ts'
import type { CheckpointRecord } from '../../../core/training/runs.ts'
import { count, decimal, integer } from '../../format.ts'
import { Part } from '../../sentence/part.tsx'
import { maxSeed } from '../../state/config.ts'
import { useWorkspace, useCompare, useRuns, useTraining } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, NumberField, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'

const none = 'none'

function about({ step, lora, evaluation }: CheckpointRecord): string {
  const held = evaluation ? `, held-out reward ${decimal(evaluation.summary.reward.total)}` : ''
  return `Step ${integer(step)}, LoRA of rank ${lora.rank}${held}`
}

function CheckpointPart({ label, value, words, choices, onChange }: { label: string; value: string | null; words: string; choices: { value: string; name: string; about: string }[]; onChange: (key: string | null) => void }) {
  return (
    <Part label={label} words={words}>
      {choices.length === 0 ? (
        <p className="quiet">There is no checkpoint yet: train a few steps, or import an adapter.</p>
      ) : (
        <div className="checkpoint-choices">
          <Choices label={label} value={value ?? none} choices={choices} onChange={(key) => { onChange(key === none ? null : key) }} />
        </div>
      )}
    </Part>
  )
}

export function CompareSentence() {
  const { compare, training, runs, sourceOf } = useWorkspace()
  const setup = useCompare((state) => state.setup)
  const share = useCompare((state) => state.share)
  const stopping = useCompare((state) => state.stopping)
  const busy = useTraining((state) => state.live !== null)
  const all = useRuns((state) => state.checkpoints) ?? []
  const first = all.find(({ key }) => key === setup.first) ?? null
  const second = all.find(({ key }) => key === setup.second) ?? null
  const { set, begin, stop } = compare.getState()
  const choices = (of: readonly CheckpointRecord[]) => of.map((checkpoint) => ({ value: checkpoint.key, name: checkpoint.name, about: about(checkpoint) }))
  const start = () => {
    if (!first) return
    const source = sourceOf(first.model)
    const run = runOf(runs.getState(), first.run)
    if (source) void begin(source, run?.config ?? training.getState().plan ?? trainPresets.quick)
    else compare.setState({ failure: `“${first.name}” is an adapter of ${first.model}, which is not loaded. Choose that model in the sentence of Watch, then compare.` })
  }
  return (
    <section className="sentence compare-sentence" aria-label="What is compared">
      <p>
        {first?.model ?? 'nano'} as it is, against{' '}
        <CheckpointPart label="Checkpoint" value={setup.first} words={first?.name ?? 'a checkpoint'} choices={choices(all)} onChange={(key) => { set({ first: key, second: null }) }} />
        {first && (
          <>
            {' '}
            and{' '}
            <CheckpointPart
              label="Second checkpoint"
              value={setup.second}
              words={second?.name ?? 'no other'}
              choices={[{ value: none, name: 'no other', about: 'Before and after.' }, ...choices(all.filter(({ key, model }) => key !== first.key && model === first.model))]}
              onChange={(key) => { set({ second: key }) }}
            />
          </>
        )}
        , on{' '}
        <Part label="Tasks" words={`the same ${count(setup.tasks, 'held-out task')}`}>
          <div className="fields">
            <SliderField label={<Term name="heldOut">held-out tasks</Term>} name="Held-out tasks" value={setup.tasks} min={8} max={256} step={8} onChange={(tasks) => { set({ tasks }) }} />
            <NumberField label={<Term name="seed">seed</Term>} name="Seed of the tasks" value={setup.seed} min={0} max={maxSeed} onChange={(seed) => { set({ seed }) }} />
            <p className="popover-note quiet">More tasks take longer and make the intervals narrower. Difficulty and limits are those of the checkpoint’s run.</p>
          </div>
        </Part>{' '}
        with the same luck.
      </p>
      <div className="run-buttons" role="group" aria-label="Comparison">
        {share === null ? (
          <Button look="primary" disabled={!first || busy} title={busy ? 'A training is under way: pause it first.' : undefined} onClick={start}>
            <Play aria-hidden /> Compare
          </Button>
        ) : (
          <Button look="primary" disabled={stopping} onClick={stop}>
            <Square aria-hidden /> {stopping ? 'Stopping…' : 'Stop'}
          </Button>
        )}
      </div>
    </section>
  )
}
