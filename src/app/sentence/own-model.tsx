// A model of one's own: from an address or a folder, with what it needs before anything large is read.
import { FolderOpen } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { addressProblem } from '../../core/address.ts'
import { useModel, useStores } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { LoadingBar } from '../ui/live-reply.tsx'

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GB`
const nameOf = (address: string) => /([^/]+?)(?:\/resolve\/[^/]+)?\/*$/.exec(address)?.[1] ?? address

export function OwnModelPanel() {
  const own = useModel((state) => state.own)
  const { model } = useStores()
  const [address, setAddress] = useState('')
  const folder = useRef<HTMLInputElement>(null)
  const id = useId()
  const problem = addressProblem(address, location.origin)
  // Not while somebody is still writing where it begins.
  const wrong = problem !== null && address.trim().length > 'https://'.length
  const busy = own.state === 'looking' || own.state === 'loading'
  return (
    <div className="fields own-model" role="group" aria-label="Your own model">
      <form
        className="own-address"
        onSubmit={(event) => {
          event.preventDefault()
          if (problem === null) void model.getState().look({ kind: 'url', name: nameOf(address), url: address })
        }}
      >
        <label htmlFor={id}>Address of its files</label>
        <input id={id} type="url" value={address} placeholder="https://…/resolve/main/" aria-describedby={wrong ? `${id}-wrong` : undefined} aria-invalid={wrong} onChange={(event) => { setAddress(event.target.value) }} />
        <Button size="small" type="submit" disabled={busy || problem !== null}>
          Look
        </Button>
      </form>
      {wrong && (
        <p id={`${id}-wrong`} className="field-error">
          The address {problem}.
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
          if (files.length > 0) void model.getState().look({ kind: 'files', name: files[0]?.webkitRelativePath.split('/')[0] ?? 'a model', files })
          event.target.value = ''
        }}
      />
      <Button size="small" disabled={busy} onClick={() => folder.current?.click()}>
        <FolderOpen aria-hidden /> Choose a folder
      </Button>
      <div aria-live="polite">
        {own.state === 'looking' && <p className="quiet">Reading its configuration…</p>}
        {own.state === 'loading' && <LoadingBar progress={own.progress} />}
        {own.state === 'ready' && (
          <p>
            <strong>{own.source.name}</strong> is ready. {own.words}
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
              <strong>{own.source.name}</strong>: {(own.needs.parameters / 1e6).toPrecision(3)} M parameters, needs about {gigabytes(own.needs.bytes)} of the {gigabytes(own.needs.limit)} that can be used here.
            </p>
            {own.needs.bytes > own.needs.limit ? (
              <p className="field-error">It will not fit. Choose a smaller one.</p>
            ) : (
              <Button size="small" look="primary" onClick={() => void model.getState().loadOwn()}>
                Load it
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  )
}
