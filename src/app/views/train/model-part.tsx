// Which model is trained, and from where: a fresh adapter, or one that is kept.
import type { ModelSource } from '../../../core/policy/model.ts'
import { OwnModelPanel } from '../../sentence/own-model.tsx'
import { Part } from '../../sentence/part.tsx'
import { useWorkspace, useModel, useRuns, useTraining } from '../../state/context.tsx'
import { Choices } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'

const fresh = 'fresh'
const own = 'a model of your own'

export function ModelPart() {
  const { training } = useWorkspace()
  const source = useTraining((state) => state.source)
  const from = useTraining((state) => state.from)
  const nano = useModel((state) => state.nanoSource)
  const loaded = useModel((state) => state.ownSource)
  const all = useRuns((state) => state.checkpoints)
  const checkpoints = all?.filter(({ model }) => model === source.name) ?? []
  const chosen = checkpoints.find(({ key }) => key === from)
  const models: readonly { source: ModelSource; about: string }[] = [
    { source: nano, about: 'The small model that came with the page: made to be trained here, in minutes.' },
    ...(loaded ? [{ source: loaded, about: 'The model that you loaded. Larger ones take far longer.' }] : []),
  ]
  return (
    <Part label="Model" words={chosen ? `${source.name}, from “${chosen.name}”,` : source.name}>
      <Choices
        label="Model"
        value={source.name}
        choices={models.map((each) => ({ value: each.source.name, name: each.source.name, about: each.about }))}
        onChange={(name) => {
          const next = models.find((each) => each.source.name === name)
          if (next) training.getState().setSource(next.source)
        }}
      />
      <details className="own-model-details">
        <summary>{loaded ? 'Another model' : own}</summary>
        <OwnModelPanel />
      </details>
      {checkpoints.length > 0 && (
        <>
          <h3 className="label">
            <Term name="checkpoint">Begins from</Term>
          </h3>
          <Choices
            label="Begins from"
            value={chosen?.key ?? fresh}
            choices={[
              { value: fresh, name: 'a fresh adapter', about: 'Which changes nothing until it is trained.' },
              ...checkpoints.map(({ key, name, step, lora }) => ({ value: key, name, about: `Step ${step}, LoRA of rank ${lora.rank}; its rank and targets count.` })),
            ]}
            onChange={(key) => { training.getState().beginFrom(key === fresh ? null : key) }}
          />
        </>
      )}
    </Part>
  )
}
