// The models that this project's own engine plays and trains: nano, those of the catalogue, those from an address or a
// folder. Each says what it needs here before anything of it is fetched.
import { Cpu, Download, ExternalLink, Eye } from 'lucide-react'
import { trainPresets } from '../../../core/training/config.ts'
import { catalogue, downloadBytes, type CatalogueEntry } from '../../../core/policy/catalogue/catalogue.ts'
import type { WeightsSource } from '../../../core/policy/catalogue/weights-source.ts'
import type { ModelNeeds, ModelSource } from '../../../core/policy/model.ts'
import type { KeptWeights } from '../../../rpc/weights.ts'
import { size } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { OwnModelPanel } from '../../sentence/own-model.tsx'
import { useActions, useConfig, useModel, useStores, useTraining, useWeights } from '../../state/context.tsx'
import { stepTime } from '../../state/step-time.ts'
import { keptOf } from '../../state/weights.ts'
import { Button } from '../../ui/button.tsx'
import { LoadingBar } from '../../ui/live-reply.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { shortDuration } from '../../ui/webllm-words.ts'
import type { Wanted } from './catalogue.ts'
import { DeleteModel } from './delete-model.tsx'
import { Abilities, Figures } from './figures.tsx'
import { Transfer } from './transfer.tsx'
import { runsOnWords } from '../../ui/runs-on.ts'

const fits = (needed: number, { limit }: Pick<ModelNeeds, 'limit'>) => needed <= limit

/** How long a step takes: nano's of the present plan, another model's of the preset that is for such; null while it cannot be said. */
function useStep(name: string, parameters: number | undefined): { text: string; about: string } | null {
  const nano = useModel((state) => state.nanoSource.name)
  const trained = useWeights((state) => state.needs.get(nano))
  const plan = useTraining((state) => state.plan)
  const paces = useTraining((state) => state.paces)
  if (parameters === undefined || !trained) return null
  const { engine: words } = t().models
  const own = name === nano
  const { seconds, by } = stepTime(own ? plan : trainPresets.pretrained, { name, parameters }, paces, { name: nano, parameters: trained.parameters })
  return { text: `${by === 'measured' ? '' : '≈ '}${shortDuration(seconds)}`, about: words.stepBy[by](own ? words.stepOf.plan : words.stepOf.preset(t().train.presets.pretrained.name)) }
}

function PlayButton({ source }: { source: ModelSource }) {
  const playing = useConfig((state) => state.policy)
  const nano = useModel((state) => state.nanoSource)
  const own = useModel((state) => state.ownSource)
  const { playWithSource } = useActions()
  const words = t().models
  const plays = source.name === nano.name ? playing === 'nano' : playing === 'own' && own?.name === source.name
  return (
    <Button size="small" look={plays ? 'plain' : 'primary'} aria-label={words.playWith(source.name)} onClick={() => { playWithSource(source) }}>
      <Eye aria-hidden /> {plays ? words.playsInWatch : words.play}
    </Button>
  )
}

function Nano() {
  const nano = useModel((state) => state.nano)
  const source = useModel((state) => state.nanoSource)
  const needs = useWeights((state) => state.needs.get(source.name))
  const step = useStep(source.name, needs?.parameters)
  const { engine: words } = t().models
  return (
    <li className="model-row" aria-label="nano">
      <div className="model-what">
        <h4>
          nano <span className="model-mark">{words.always}</span>
          <Abilities learns />
        </h4>
        <span className="quiet">{words.nano}</span>
      </div>
      <Figures download="–" playing={needs ? `≈ ${size(needs.bytes)}` : '–'} learning={needs ? `≈ ${size(needs.learning)}` : '–'} step={step} licence={{ name: 'MIT', url: 'https://opensource.org/license/mit' }} />
      <div className="model-end">
        <div className="model-doings">
          <PlayButton source={source} />
        </div>
      </div>
      <div className="model-note" data-hue="none">
        {nano.state === 'loading' && <LoadingBar progress={nano.progress} />}
        {nano.state === 'failed' && <p className="field-error">{words.notLoaded(nano.message)}</p>}
        {nano.state === 'ready' && <p className="quiet">{t().sentence.policy.nanoReady(runsOnWords(nano.runsOn), (nano.milliseconds / 1000).toFixed(1))}</p>}
      </div>
    </li>
  )
}

/** What is here of it, and what can be done with it. */
function Doings({ source, name, weights, kept, bytes, refused, gated = false }: {
  source: WeightsSource
  name: string
  weights: string
  kept: KeptWeights | undefined
  bytes: number
  refused: boolean
  gated?: boolean
}) {
  const { weights: store } = useStores()
  const { deleteWeights } = useActions()
  const download = useWeights((state) => state.downloads.get(weights))
  const { row: words } = t().models
  const begin = () => void store.getState().download(source)
  return (
    <>
      <div className="model-end">
        {kept && (
          <span className="model-here">
            {kept.complete ? words.here(size(kept.bytes)) : words.partly(size(kept.bytes), kept.ofFiles === null ? null : words.files(kept.files, kept.ofFiles))}
          </span>
        )}
        {!download && (
          <div className="model-doings">
            {kept?.complete && <PlayButton source={{ kind: 'kept', name, key: weights }} />}
            {!kept?.complete && !refused && !gated && (
              <Button size="small" aria-label={kept ? words.resumeOne(name) : words.getOne(name)} onClick={begin}>
                <Download aria-hidden /> {kept ? words.resume : words.get}
              </Button>
            )}
            {kept && <DeleteModel name={name} bytes={kept.bytes} removes={false} onDelete={() => void deleteWeights(kept)} />}
          </div>
        )}
      </div>
      {download && (
        <Transfer
          name={name}
          download={download}
          onPause={(forget) => void store.getState().pause(weights, forget)}
          onResume={begin}
          onDelete={() => void deleteWeights({ key: weights, name, bytes: download.progress?.bytes ?? bytes })}
        />
      )}
    </>
  )
}

function Entry({ entry }: { entry: CatalogueEntry }) {
  const { id, name, parameters, licence, gated, repository } = entry
  const needs = useWeights((state) => state.needs.get(id))
  const kept = useWeights((state) => keptOf(state, id))
  const step = useStep(name, parameters)
  const words = t().models.engine
  // Nothing is offered for download before it is known whether it fits.
  const plays = !needs || fits(needs.bytes, needs)
  const learns = !needs || fits(needs.learning, needs)
  return (
    <li className="model-row" aria-label={name}>
      <div className="model-what">
        <h4>
          {name}
          <Abilities plays={plays} learns={learns && plays} />
        </h4>
        <span className="quiet">{words.from(`huggingface.co/${repository}`)}</span>
      </div>
      <Figures download={size(downloadBytes(entry))} playing={needs ? `≈ ${size(needs.bytes)}` : '–'} learning={needs ? `≈ ${size(needs.learning)}` : '–'} step={learns && plays ? step : null} licence={licence} />
      <Doings source={{ kind: 'entry', id }} name={name} weights={id} kept={kept} bytes={downloadBytes(entry)} refused={!needs || !plays} gated={gated} />
      {needs && !plays && <p className="model-note" data-hue="warn">{words.noPlay(size(needs.bytes), size(needs.limit))}</p>}
      {needs && plays && !learns && <p className="model-note" data-hue="warn">{words.noLearn(size(needs.learning), size(needs.limit))}</p>}
      {gated && plays && (
        <p className="model-note" data-hue="warn">
          {words.gated}{' '}
          <a className="link" href={`https://huggingface.co/${repository}`} target="_blank" rel="noreferrer">
            <ExternalLink aria-hidden /> {words.publisher}
          </a>
        </p>
      )}
    </li>
  )
}

/** One that was fetched from an address. */
function FromAddress({ kept }: { kept: Pick<KeptWeights, 'key' | 'name' | 'from'> }) {
  const { key, name, from } = kept
  const here = useWeights((state) => keptOf(state, key))
  const words = t().models
  return (
    <li className="model-row" aria-label={name}>
      <div className="model-what">
        <h4>
          {name} <span className="model-mark">{words.row.yours}</span>
          <Abilities learns />
        </h4>
        <span className="quiet wrote">{from}</span>
      </div>
      <Figures download={here?.total ? size(here.total) : '–'} playing="–" learning="–" step={null} licence={null} />
      <Doings source={{ kind: 'address', name, address: from }} name={name} weights={key} kept={here} bytes={here?.bytes ?? 0} refused={false} />
    </li>
  )
}

function Own() {
  const own = useModel((state) => state.ownSource)
  const busy = useModel((state) => state.own.state !== 'none')
  const picked = own?.kind === 'files' ? own : null
  const words = t().models.engine
  return (
    <li className="model-row" aria-label={words.own}>
      <div className="model-what">
        <h4>
          {picked?.name ?? words.own}
          <Abilities learns />
        </h4>
        <span className="quiet">{words.ownAbout}</span>
      </div>
      <details className="model-about" open={picked !== null || busy}>
        <summary>{picked ? words.another : words.load}</summary>
        <OwnModelPanel />
      </details>
      <div className="model-end">
        {picked && (
          <div className="model-doings">
            <PlayButton source={picked} />
          </div>
        )}
      </div>
    </li>
  )
}

export function EngineModels({ wanted }: { wanted: Omit<Wanted, 'here'> & { here: boolean } }) {
  const { weights: store } = useStores()
  const kept = useWeights((state) => state.kept)
  const downloads = useWeights((state) => state.downloads)
  const sources = useWeights((state) => state.sources)
  const needs = useWeights((state) => state.needs)
  const failure = useWeights((state) => state.failure)
  const words = t().models.engine
  const word = wanted.text.trim().toLowerCase()
  const named = (name: string) => name.toLowerCase().includes(word)
  const isHere = (key: string) => downloads.has(key) || kept?.some((each) => each.key === key) === true
  const canLearn = (id: string) => {
    const needed = needs.get(id)
    return !needed || (fits(needed.learning, needed) && fits(needed.bytes, needed))
  }
  const entries = catalogue.filter(({ id, name }) => named(name) && (!wanted.here || isHere(id)) && (!wanted.learns || canLearn(id)))
  const listed = new Set(catalogue.map(({ id }) => id))
  const keptOwn = (kept ?? []).filter(({ key }) => !listed.has(key))
  const coming = [...sources].flatMap(([key, source]) => (source.kind === 'address' && downloads.has(key) && !keptOwn.some((each) => each.key === key) ? [{ key, name: source.name, from: source.address }] : []))
  const fromAddresses = [...keptOwn, ...coming].filter(({ name }) => named(name))
  return (
    <section aria-labelledby="models-engine">
      <h3 id="models-engine">
        <Cpu aria-hidden /> {words.title}
      </h3>
      <p className="quiet">{words.about}</p>
      {failure !== null && <ReadFailure onRetry={() => void store.getState().refresh()}>{words.notListed(failure)}</ReadFailure>}
      <ul className="model-list">
        {named('nano') && <Nano />}
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
        {fromAddresses.map((each) => (
          <FromAddress key={each.key} kept={each} />
        ))}
        {word === '' && <Own />}
      </ul>
    </section>
  )
}
