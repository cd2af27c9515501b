// By what texts are compared, and what θ makes of it in the episode on show.
import { useEffect, useMemo } from 'react'
import { HashEmbedder } from '../../core/memory/hash-embedder.ts'
import { t } from '../locales/index.ts'
import { useConfig, useStores, useWebLlm } from '../state/context.tsx'
import { Select } from '../ui/select.tsx'
import { Term } from '../ui/term.tsx'
import type { Embed } from './similarities.ts'
import { ThetaHistogram } from './theta-histogram.tsx'

const counting = new HashEmbedder()
const byWords: Embed = (texts) => counting.embed(texts)
const builtIn = 'words'

/** The embedding models that are wholly here, and the one that is chosen, wherever it is. */
function useEmbedders(chosen: string | null): string[] {
  const models = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  const here = (models ?? []).filter(({ id, kind }) => kind === 'embedding' && cached.some((each) => each.id === id && each.complete)).map(({ id }) => id)
  return chosen === null || here.includes(chosen) ? here : [...here, chosen]
}

export function Similarity({ theta }: { theta: number }) {
  const { actions, ui, webllm } = useStores()
  const embedder = useConfig((state) => state.embedder)
  const embedders = useEmbedders(embedder)
  const words = t().sentence.similarity
  const embed = useMemo((): Embed => (embedder === null ? byWords : (texts) => webllm.getState().embed(embedder, texts)), [embedder, webllm])
  useEffect(() => {
    if (embedder !== null && webllm.getState().models === null) void webllm.getState().refresh()
  }, [embedder, webllm])
  return (
    <>
      <ThetaHistogram theta={theta} embed={embed} name={embedder ?? words.byWords} />
      <div className="field">
        <span className="field-label">
          <Term name="embedder">{words.comparedBy}</Term>
        </span>
        {embedders.length > 0 ? (
          <Select
            label={words.label}
            value={embedder ?? builtIn}
            choices={[{ value: builtIn, name: words.words }, ...embedders.map((id) => ({ value: id, name: id }))]}
            onChange={(id) => void actions.compareBy(id === builtIn ? null : id)}
          />
        ) : (
          <span>
            {words.words}{' '}
            <button type="button" className="link quiet" onClick={() => { ui.getState().setView('models') }}>
              {words.otherWays}
            </button>
          </span>
        )}
      </div>
    </>
  )
}
