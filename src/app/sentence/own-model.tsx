// A model of one's own: from an address, a folder or a GGUF file, with what it needs before anything large is read.
import { FileBox, FolderOpen } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { addressFault } from '../../core/address.ts'
import { t } from '../locales/index.ts'
import { useModel, useStores, useWeights } from '../state/context.tsx'
import { keyOf } from '../../core/policy/catalogue/weights-source.ts'
import { size } from '../format.ts'
import type { Download } from '../state/downloads.ts'
import { keptOf, type WeightsState } from '../state/weights.ts'
import { Problem } from '../ui/webllm-problem.tsx'
import { Button } from '../ui/button.tsx'
import { LoadingBar } from '../ui/live-reply.tsx'
import { runsOnWords } from '../ui/runs-on.ts'

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GB`
const millions = (parameters: number) => (parameters / 1e6).toPrecision(3)
const nameOf = (address: string) => /([^/]+?)(?:\.gguf(?:\?.*)?|\/resolve\/[^/]+)?\/*$/i.exec(address)?.[1] ?? address

/** A model at an address: what it needs, before anything large of it is fetched. */
function Looked({ looked }: { looked: WeightsState['looked'] }) {
  const { weights, model } = useStores()
  const words = t().sentence.ownModel
  if (looked.state === 'looking') return <p className="quiet">{words.reading}</p>
  if (looked.state === 'failed') return <Problem problem={looked.problem} />
  if (looked.state === 'none') return null
  const { source, needs, bytes } = looked
  const fetchIt = async () => {
    await weights.getState().download(source)
    const kept = keptOf(weights.getState(), keyOf(source))
    if (kept?.complete) model.getState().choose({ kind: 'kept', name: kept.name, key: kept.key })
  }
  return (
    <>
      <p>
        <strong>{source.kind === 'address' ? source.name : source.id}</strong>
        {needs ? words.needs(millions(needs.parameters), gigabytes(needs.bytes), gigabytes(needs.limit)) : '.'} {bytes !== null && words.downloadSize(size(bytes))}
      </p>
      {needs && needs.bytes > needs.limit ? (
        <p className="field-error">{words.tooLarge}</p>
      ) : (
        <Button size="small" look="primary" onClick={() => void fetchIt()}>
          {words.download}
        </Button>
      )}
    </>
  )
}

function Coming({ download: { progress, problem } }: { download: Download }) {
  const words = t().sentence.ownModel
  if (problem) return <Problem problem={problem} />
  const percent = progress?.total ? Math.round((100 * progress.bytes) / progress.total) : 0
  return (
    <div className="loading-track" role="progressbar" aria-label={words.download} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <span style={{ width: `${percent}%` }} />
    </div>
  )
}

export function OwnModelPanel() {
  const own = useModel((state) => state.own)
  const { model, weights } = useStores()
  const looked = useWeights((state) => state.looked)
  const coming = useWeights((state) => [...state.downloads].find(([key]) => state.sources.get(key)?.kind === 'address')?.[1])
  const [address, setAddress] = useState('')
  const folder = useRef<HTMLInputElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const id = useId()
  const words = t().sentence.ownModel
  const problem = addressFault(address, location.origin)
  // Not while somebody is still writing where it begins.
  const wrong = problem !== null && address.trim().length > 'https://'.length
  const busy = own.state === 'looking' || own.state === 'loading' || looked.state === 'looking'
  return (
    <div className="fields own-model" role="group" aria-label={words.region}>
      <form
        className="own-address"
        onSubmit={(event) => {
          event.preventDefault()
          if (problem === null) void weights.getState().look({ kind: 'address', name: nameOf(address), address })
        }}
      >
        <label htmlFor={id}>{words.address}</label>
        <input id={id} type="url" value={address} placeholder="https://…/resolve/main/" aria-describedby={wrong ? `${id}-wrong` : undefined} aria-invalid={wrong} onChange={(event) => { setAddress(event.target.value) }} />
        <Button size="small" type="submit" disabled={busy || problem !== null}>
          {words.look}
        </Button>
      </form>
      {wrong && (
        <p id={`${id}-wrong`} className="field-error">
          {words.faults[problem]}
        </p>
      )}
      <input
        ref={folder}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-hidden
        multiple
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          if (files.length > 0) void model.getState().look({ kind: 'files', name: files[0]?.webkitRelativePath.split('/')[0] ?? words.aModel, files })
          event.target.value = ''
        }}
      />
      <input
        ref={file}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-hidden
        accept=".gguf"
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          if (chosen) void model.getState().look({ kind: 'files', name: chosen.name.replace(/\.gguf$/i, ''), files: [chosen] })
          event.target.value = ''
        }}
      />
      <span className="own-places">
        <Button size="small" disabled={busy} onClick={() => folder.current?.click()}>
          <FolderOpen aria-hidden /> {words.folder}
        </Button>
        <Button size="small" disabled={busy} onClick={() => file.current?.click()}>
          <FileBox aria-hidden /> {words.file}
        </Button>
      </span>
      <div aria-live="polite">
        <Looked looked={looked} />
        {coming && looked.state === 'none' && <Coming download={coming} />}
        {own.state === 'looking' && <p className="quiet">{words.reading}</p>}
        {own.state === 'loading' && <LoadingBar progress={own.progress} />}
        {own.state === 'ready' && (
          <p>
            <strong>{own.source.name}</strong> {words.ready(millions(own.parameters), runsOnWords(own.runsOn))}
          </p>
        )}
        {own.state === 'failed' && (
          <p className="field-error" role="alert">
            {own.message}
          </p>
        )}
        {own.state === 'planned' && (
          <>
            <p>
              <strong>{own.source.name}</strong>
              {words.needs(millions(own.needs.parameters), gigabytes(own.needs.bytes), gigabytes(own.needs.limit))}
            </p>
            {own.needs.bytes > own.needs.limit ? (
              <p className="field-error">{words.tooLarge}</p>
            ) : (
              <Button size="small" look="primary" onClick={() => void model.getState().loadOwn()}>
                {words.load}
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  )
}
