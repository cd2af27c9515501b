// Which model is trained, and from where: a fresh adapter, or one that is kept.
import { useMemo } from 'react'
import { baseNameOf, type ModelSource } from '../../../core/policy/model.ts'
import { useOtherSources } from '../../sentence/language-models.tsx'
import { OwnModelPanel } from '../../sentence/own-model.tsx'
import { Part } from '../../sentence/part.tsx'
import { useWorkspace, useModel, useRuns, useTraining, useWebLlm } from '../../state/context.tsx'
import { liveModels, liveSource } from '../../state/weights.ts'
import { CardPlan, FromWebLlm } from './card-memory.tsx'
import { t } from '../../locales/index.ts'
import { Choices } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'

const fresh = 'fresh'

export function ModelPart() {
  const { training } = useWorkspace()
  const listed = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  const live = useMemo(() => liveModels({ models: listed, cached }).map(liveSource), [listed, cached])
  const quantised = liveModels({ models: listed, cached }, true)
  const source = useTraining((state) => state.source)
  const from = useTraining((state) => state.from)
  const nano = useModel((state) => state.nanoSource)
  const others = useOtherSources()
  const all = useRuns((state) => state.checkpoints)
  const checkpoints = all?.filter(({ model }) => baseNameOf(model) === baseNameOf(source.name)) ?? []
  const words = t().train
  const chosen = checkpoints.find(({ key }) => key === from)
  const models: readonly { source: ModelSource; about: string }[] = [
    { source: nano, about: words.nanoAbout },
    ...others.map((each) => ({ source: each, about: words.ownAbout })),
    ...live.map((each) => ({ source: each, about: words.card.about })),
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
      <FromWebLlm />
      {source.kind === 'webllm' && <CardPlan source={source} />}
      {quantised.length > 0 && <p className="quiet card-note">{words.card.quantised(quantised.map(({ id }) => id).join(', '))}</p>}
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
