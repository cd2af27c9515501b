// What the answer rests on: each needed fact, where it stood in the context, and the step that had written it.
import { ArrowLeft, CircleSlash } from 'lucide-react'
import { answerProvenance, type Source } from '../../core/evaluation/provenance.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { useStores } from '../state/context.tsx'
import { Term } from '../ui/term.tsx'
import { lookOfMessage } from '../ui/tools.tsx'
import { MemoryChip } from './hits.tsx'

function SourceLine({ source }: { source: Source }) {
  const { episode } = useStores()
  const words = t().episode.provenance
  const go = (step: number) => () => { episode.getState().seek(step) }
  return (
    <li>
      <ArrowLeft aria-hidden />
      {source.memory ? (
        <span>
          <MemoryChip id={source.memory.id} at={source.step} />{' '}
          <button type="button" className="link" onClick={go(source.step)}>
            {words.retrieved(source.step)}
          </button>{' '}
          <span className="quiet">{words.similarity(decimal(source.memory.similarity))}</span>
          {source.memory.written !== null && (
            <>
              ,{' '}
              <button type="button" className="link" onClick={go(source.memory.written)}>
                {words.written(source.memory.written)}
              </button>
            </>
          )}
        </span>
      ) : (
        <span>
          {lookOfMessage(source.kind).word.toLowerCase()},{' '}
          <button type="button" className="link" onClick={go(source.step)}>
            {words.step(source.step)}
          </button>
        </span>
      )}
    </li>
  )
}

/** A fact may stand in the context several times; the last arrival of each memory says enough. */
function distinct(sources: readonly Source[]): Source[] {
  const latest = new Map<string, Source>()
  for (const source of sources) latest.set(source.memory?.id ?? source.message, source)
  return [...latest.values()]
}

export function AnswerProvenanceList({ trajectory }: { trajectory: Trajectory }) {
  const provenance = answerProvenance(trajectory)
  const words = t().episode.provenance
  if (!provenance) return null
  return (
    <section className="provenance" aria-label={words.region}>
      <h4>
        {words.region} <span className="quiet">{words.at(provenance.step)}</span>
      </h4>
      <ul>
        {provenance.facts.map(({ fact, sources }) => (
          <li key={fact.id} data-present={sources.length > 0}>
            <p>
              <Term name="neededFact" plain>
                {fact.text}
              </Term>
            </p>
            {sources.length > 0 ? (
              <ul className="sources">
                {distinct(sources).map((source) => (
                  <SourceLine key={`${source.message}-${source.memory?.id ?? ''}`} source={source} />
                ))}
              </ul>
            ) : (
              <p className="sources missing">
                <CircleSlash aria-hidden /> {words.missing}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
