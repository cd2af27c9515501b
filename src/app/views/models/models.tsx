// The Models view: what this machine can do, who plays and learns here, who can play on its graphics card.
import { RefreshCw, Search } from 'lucide-react'
import { t } from '../../locales/index.ts'
import { useEffect, useMemo, useState } from 'react'
import { useStores, useWebLlm } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { groupsOf, wantedGroups, type ModelGroup, type Wanted } from './catalogue.ts'
import { EngineModels } from './engine-models.tsx'
import { CustomForm } from './custom-form.tsx'
import { LinkedModel } from './linked-model.tsx'
import { Machine } from './machine.tsx'
import { ModelRow } from './model-row.tsx'

function Rows({ groups }: { groups: readonly ModelGroup[] }) {
  const capabilities = useWebLlm((state) => state.capabilities)
  return (
    <ul className="model-list">
      {groups.map((group) => (
        <ModelRow key={group.name} group={group} capabilities={capabilities} />
      ))}
    </ul>
  )
}

type Filtered = Omit<Wanted, 'here'> & { here: boolean }

function Filter({ wanted, set }: { wanted: Filtered; set: (wanted: Filtered) => void }) {
  return (
    <div className="model-filter" role="group" aria-label={t().models.card.filter}>
      <label className="model-search">
        <Search aria-hidden />
        <span className="unseen">{t().models.card.part}</span>
        <input type="search" value={wanted.text} placeholder={t().models.card.part} maxLength={80} onChange={(event) => { set({ ...wanted, text: event.target.value }) }} />
      </label>
      <label>
        <input type="checkbox" checked={wanted.learns} onChange={() => { set({ ...wanted, learns: !wanted.learns }) }} /> {t().models.card.learns}
      </label>
      <label>
        <input type="checkbox" checked={wanted.here} onChange={() => { set({ ...wanted, here: !wanted.here }) }} /> {t().models.card.here}
      </label>
    </div>
  )
}

function OnCard({ wanted }: { wanted: Filtered }) {
  const models = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  const downloads = useWebLlm((state) => state.downloads)
  const shaderF16 = useWebLlm((state) => (state.capabilities?.gpu.available === true ? state.capabilities.gpu.shaderF16 : false))
  const here = useMemo(() => (wanted.here ? new Set([...cached.map(({ id }) => id), ...downloads.keys()]) : null), [wanted.here, cached, downloads])
  const chat = useMemo(() => wantedGroups(groupsOf(models ?? [], 'chat', shaderF16), { ...wanted, here }), [models, shaderF16, wanted, here])
  const embedding = useMemo(() => wantedGroups(groupsOf(models ?? [], 'embedding', shaderF16), { ...wanted, here }), [models, shaderF16, wanted, here])
  // WebLLM's models play; none of them learns.
  if (!models || wanted.learns) return null
  const useful = chat.filter(({ suits }) => suits !== 'other')
  const others = chat.filter(({ suits }) => suits === 'other')
  const words = t().models.card
  const narrowed = wanted.text !== '' || wanted.here
  return (
    <section aria-labelledby="models-card">
      <h3 id="models-card">{words.title}</h3>
      <p className="quiet">{words.about}</p>
      {useful.length > 0 && <Rows groups={useful} />}
      {others.length > 0 && (
        <details className="model-others" open={narrowed}>
          <summary>
            {words.more(others.length)} <span className="quiet">{words.moreAbout}</span>
          </summary>
          <Rows groups={others} />
        </details>
      )}
      {embedding.length > 0 && (
        <>
          <h4 className="model-heading">{words.similarity}</h4>
          <p className="quiet">{words.similarityAbout}</p>
          <Rows groups={embedding} />
        </>
      )}
      {chat.length + embedding.length === 0 && <p className="quiet">{words.none}</p>}
      <details className="model-custom">
        <summary>{words.add}</summary>
        <CustomForm />
      </details>
    </section>
  )
}

export function ModelsView() {
  const { webllm, weights } = useStores()
  const [wanted, setWanted] = useState<Filtered>({ text: '', learns: false, here: false })
  const capabilities = useWebLlm((state) => state.capabilities)
  const failure = useWebLlm((state) => state.failure)
  const words = t().models
  useEffect(() => {
    void webllm.getState().refresh()
    void weights.getState().refresh()
  }, [webllm, weights])
  return (
    <main className="library models" id="main" aria-label={words.title}>
      <header>
        <div>
          <h2>{words.title}</h2>
          <p className="quiet">{words.about}</p>
        </div>
        <div className="library-actions">
          <Button
            onClick={() => {
              void webllm.getState().refresh()
              void weights.getState().refresh()
            }}
          >
            <RefreshCw aria-hidden /> {words.check}
          </Button>
        </div>
      </header>
      {failure !== null && (
        <ReadFailure onRetry={() => void webllm.getState().refresh()}>
          {words.notListed(failure)}
        </ReadFailure>
      )}
      {capabilities ? <Machine capabilities={capabilities} /> : failure === null && <p className="quiet">{words.checking}</p>}
      <LinkedModel />
      <Filter wanted={wanted} set={setWanted} />
      <EngineModels wanted={wanted} />
      <OnCard wanted={wanted} />
    </main>
  )
}
