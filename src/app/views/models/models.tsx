// The Models view: what this machine can do, what plays on its CPU, what can play on its graphics card.
import { Cpu, Eye, RefreshCw, Search } from 'lucide-react'
import { t } from '../../locales/index.ts'
import { useEffect, useMemo, useState } from 'react'
import { useActions, useConfig, useModel, useStores, useWebLlm } from '../../state/context.tsx'
import { OwnModelPanel } from '../../sentence/own-model.tsx'
import { Button } from '../../ui/button.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { LoadingBar } from '../../ui/live-reply.tsx'
import { groupsOf, wantedGroups, type ModelGroup, type Wanted } from './catalogue.ts'
import { CustomForm } from './custom-form.tsx'
import { LinkedModel } from './linked-model.tsx'
import { Machine } from './machine.tsx'
import { ModelRow } from './model-row.tsx'

function OnCpu() {
  const nano = useModel((state) => state.nano)
  const own = useModel((state) => state.ownSource)
  const busy = useModel((state) => state.own.state !== 'none')
  const policy = useConfig((state) => state.policy)
  const { choosePolicy } = useActions()
  const { ui } = useStores()
  const { cpu: words, ...rest } = t().models
  const play = (name: 'nano' | 'own') => {
    choosePolicy(name)
    ui.getState().setView('watch')
  }
  return (
    <section aria-labelledby="models-cpu">
      <h3 id="models-cpu">
        <Cpu aria-hidden /> {words.title}
      </h3>
      <ul className="model-list">
        <li className="model-row" aria-label="nano">
          <div className="model-what">
            <h4>
              nano <span className="model-mark">{words.always}</span>
            </h4>
            <span className="quiet">{words.nano}</span>
          </div>
          <div className="model-about">
            {nano.state === 'ready' && <p>{words.parameters('2.6')} {t().sentence.policy.nanoReady(nano.device, (nano.milliseconds / 1000).toFixed(1))}</p>}
            {nano.state === 'loading' && <LoadingBar progress={nano.progress} />}
            {nano.state === 'failed' && <p className="field-error">{words.notLoaded(nano.message)}</p>}
          </div>
          <div className="model-end">
            <div className="model-doings">
              <Button size="small" look={policy === 'nano' ? 'plain' : 'primary'} aria-label={rest.playWith('nano')} onClick={() => { play('nano') }}>
                <Eye aria-hidden /> {policy === 'nano' ? rest.playsInWatch : rest.play}
              </Button>
            </div>
          </div>
        </li>
        <li className="model-row" aria-label={words.own}>
          <div className="model-what">
            <h4>{own?.name ?? words.own}</h4>
            <span className="quiet">{words.ownAbout}</span>
          </div>
          <details className="model-about" open={own !== null || busy}>
            <summary>{own ? words.another : words.load}</summary>
            <OwnModelPanel />
          </details>
          <div className="model-end">
            {own && (
              <div className="model-doings">
                <Button size="small" look={policy === 'own' ? 'plain' : 'primary'} aria-label={rest.playWith(own.name)} onClick={() => { play('own') }}>
                  <Eye aria-hidden /> {policy === 'own' ? rest.playsInWatch : rest.play}
                </Button>
              </div>
            )}
          </div>
        </li>
      </ul>
    </section>
  )
}

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

function Filter({ wanted, set }: { wanted: Omit<Wanted, 'here'> & { here: boolean }; set: (wanted: Omit<Wanted, 'here'> & { here: boolean }) => void }) {
  return (
    <div className="model-filter" role="group" aria-label={t().models.card.filter}>
      <label className="model-search">
        <Search aria-hidden />
        <span className="unseen">{t().models.card.part}</span>
        <input type="search" value={wanted.text} placeholder={t().models.card.part} maxLength={80} onChange={(event) => { set({ ...wanted, text: event.target.value }) }} />
      </label>
      <label>
        <input type="checkbox" checked={wanted.trainable} onChange={() => { set({ ...wanted, trainable: !wanted.trainable }) }} /> {t().models.card.trainable}
      </label>
      <label>
        <input type="checkbox" checked={wanted.here} onChange={() => { set({ ...wanted, here: !wanted.here }) }} /> {t().models.card.here}
      </label>
    </div>
  )
}

function OnCard() {
  const models = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  const downloads = useWebLlm((state) => state.downloads)
  const shaderF16 = useWebLlm((state) => (state.capabilities?.gpu.available === true ? state.capabilities.gpu.shaderF16 : false))
  const [wanted, setWanted] = useState({ text: '', trainable: false, here: false })
  const here = useMemo(() => (wanted.here ? new Set([...cached.map(({ id }) => id), ...downloads.keys()]) : null), [wanted.here, cached, downloads])
  const chat = useMemo(() => wantedGroups(groupsOf(models ?? [], 'chat', shaderF16), { ...wanted, here }), [models, shaderF16, wanted, here])
  const embedding = useMemo(() => wantedGroups(groupsOf(models ?? [], 'embedding', shaderF16), { ...wanted, here }), [models, shaderF16, wanted, here])
  if (!models) return null
  const useful = chat.filter(({ suits }) => suits !== 'other')
  const others = chat.filter(({ suits }) => suits === 'other')
  const words = t().models.card
  const narrowed = wanted.text !== '' || wanted.here || wanted.trainable
  return (
    <section aria-labelledby="models-card">
      <h3 id="models-card">{words.title}</h3>
      <p className="quiet">{words.about}</p>
      <Filter wanted={wanted} set={setWanted} />
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
  const { webllm } = useStores()
  const capabilities = useWebLlm((state) => state.capabilities)
  const failure = useWebLlm((state) => state.failure)
  const words = t().models
  useEffect(() => {
    void webllm.getState().refresh()
  }, [webllm])
  return (
    <main className="library models" id="main" aria-label={words.title}>
      <header>
        <div>
          <h2>{words.title}</h2>
          <p className="quiet">{words.about}</p>
        </div>
        <div className="library-actions">
          <Button onClick={() => void webllm.getState().refresh()}>
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
      <OnCpu />
      <OnCard />
    </main>
  )
}
