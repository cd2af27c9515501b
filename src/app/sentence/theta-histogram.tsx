// Beside the slider of θ: how similar this episode's messages are to its filter criteria, by the embedder in use, and
// what θ would take out.
import { useEffect, useMemo, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { currentTask, type TaskChoice } from '../state/config.ts'
import { useConfig, useEpisode, useFiles } from '../state/context.tsx'
import { decimal, integer } from '../format.ts'
import { t } from '../locales/index.ts'
import { Fill } from '../ui/fill.tsx'
import { Term } from '../ui/term.tsx'
import { histogramOf, materialOf, similaritiesOf, takenBy, type Embed, type Material, type Similarity } from './similarities.ts'
import { messageOf } from '../../core/error-message.ts'

type Computed = { material: Material; similarities: Similarity[] } | { material: Material; failure: string }

/** The similarities of the episode on show, or of the task that Run would play; null until they are worked out. */
function useSimilarities(embed: Embed): Computed | null {
  const trajectory = useEpisode((state) => (state.shown && state.shown.phase !== 'running' ? state.shown.trajectory : null))
  const choice = useConfig(useShallow(({ source, scenario, own, index, seed, difficulty, againTask }): TaskChoice => ({ source, scenario, own, index, seed, difficulty, againTask })))
  const file = useFiles((state) => state.loaded)
  const planned = useMemo(() => currentTask(choice, file), [choice, file])
  const task = trajectory?.task ?? planned
  const material = useMemo(() => task && materialOf(task, trajectory), [task, trajectory])
  const [computed, setComputed] = useState<Computed | null>(null)
  useEffect(() => {
    if (!material) return
    let wanted = true
    similaritiesOf(material, embed).then(
      (similarities) => { if (wanted) setComputed({ material, similarities }) },
      (error: unknown) => { if (wanted) setComputed({ material, failure: messageOf(error) }) },
    )
    return () => { wanted = false }
  }, [material, embed])
  return computed
}

const height = 40

function Bars({ similarities, theta }: { similarities: readonly Similarity[]; theta: number }) {
  const bins = useMemo(() => histogramOf(similarities), [similarities])
  const most = Math.max(1, ...bins.map(({ distractors, others }) => distractors + others))
  const width = 100 / bins.length
  const up = (value: number) => (height * value) / most
  return (
    <svg className="theta-bars" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden>
      {bins.map(({ from, distractors, others }) => (
        <g key={from} transform={`translate(${100 * from + 0.4} 0)`} data-taken={from >= theta - 1e-9}>
          <rect className="theta-others" width={width - 0.8} y={height - up(others)} height={up(others)} />
          <rect className="theta-distractors" width={width - 0.8} y={height - up(others + distractors)} height={up(distractors)} />
        </g>
      ))}
      <line x1={100 * theta} x2={100 * theta} y1={0} y2={height} />
    </svg>
  )
}

interface ThetaHistogramProps {
  theta: number
  embed: Embed
  /** The embedder in words. */
  name: string
}

export function ThetaHistogram({ theta, embed, name }: ThetaHistogramProps) {
  const computed = useSimilarities(embed)
  const words = t().sentence.similarity
  if (!computed) return <p className="theta-histogram quiet">{words.comparing}</p>
  if ('failure' in computed) return <p className="field-error">{words.failed(computed.failure)}</p>
  const { material, similarities } = computed
  const taken = takenBy(similarities, theta)
  const noise = similarities.filter(({ distractor }) => distractor).length
  return (
    <figure className="theta-histogram">
      <Bars similarities={similarities} theta={theta} />
      <figcaption>
        <Fill
          words={words.caption}
          slots={{
            what: (
              <Term name="similarity" plain>
                {words.messages(material.messages.length)} × {words.probes[material.of](material.probes.length)}
              </Term>
            ),
            name,
            theta: decimal(theta),
            taken: integer(taken.distractors),
            noise: integer(noise),
            distractors: <span className="theta-key" data-kind="distractors" />,
            takenOthers: integer(taken.all - taken.distractors),
            rest: integer(similarities.length - noise),
            others: <span className="theta-key" data-kind="others" />,
          }}
        />
      </figcaption>
    </figure>
  )
}
