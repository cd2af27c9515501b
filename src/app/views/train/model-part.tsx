// Which model is trained, and from where: a fresh adapter, or one that is kept.
import type { ModelSource } from '../../../core/policy/model.ts'
import { useOtherSources } from '../../sentence/language-models.tsx'
import { OwnModelPanel } from '../../sentence/own-model.tsx'
import { Part } from '../../sentence/part.tsx'
import { useWorkspace, useModel, useRuns, useTraining } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import { Choices } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'

const fresh = 'fresh'

export function ModelPart() {
  const { training } = useWorkspace()
  const source = useTraining((state) => state.source)
  const from = useTraining((state) => state.from)
  const nano = useModel((state) => state.nanoSource)
  const others = useOtherSources()
  const all = useRuns((state) => state.checkpoints)
  const checkpoints = all?.filter(({ model }) => model === source.name) ?? []
  const words = t().train
  const chosen = checkpoints.find(({ key }) => key === from)
  const models: readonly { source: ModelSource; about: string }[] = [
    { source: nano, about: words.nanoAbout },
    ...others.map((each) => ({ source: each, about: words.ownAbout })),
  ]
  return (
    <Part label={words.model} words={chosen ? words.modelFrom(source.name, chosen.name) : source.name}>
      <Choices
        label={words.model}
        value={source.name}
        choices={models.map((each) => ({ value: each.source.name, name: each.source.name, about: each.about }))}
        onChange={(name) => {
          const next = models.find((each) => each.source.name === name)
          if (next) training.getState().setSource(next.source)
        }}
      />
      <details className="own-model-details">
        <summary>{others.length > 0 ? words.anotherModel : words.ownModel}</summary>
        <OwnModelPanel />
      </details>
      {checkpoints.length > 0 && (
        <>
          <h3 className="label">
            <Term name="checkpoint">{words.startsFrom}</Term>
          </h3>
          <Choices
            label={words.startsFrom}
            value={chosen?.key ?? fresh}
            choices={[
              { value: fresh, name: words.freshAdapter, about: words.freshAbout },
              ...checkpoints.map(({ key, name, step, lora }) => ({ value: key, name, about: words.checkpointAbout(step, lora.rank) })),
            ]}
            onChange={(key) => { training.getState().beginFrom(key === fresh ? null : key) }}
          />
        </>
      )}
    </Part>
  )
}
