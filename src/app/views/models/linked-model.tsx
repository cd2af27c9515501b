// A model of somebody's own that a link brought: where it would come from, before anything is fetched. The addresses are
// somebody else's words and shown as text.
import { Download, Link } from 'lucide-react'
import { useStores, useWebLlm } from '../../state/context.tsx'
import { linkedAs } from '../../state/webllm.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/webllm-problem.tsx'

export function LinkedModel() {
  const { webllm, config } = useStores()
  const linked = useWebLlm((state) => state.linked)
  const models = useWebLlm((state) => state.models)
  const adding = useWebLlm((state) => state.adding)
  if (linked === null || models === null) return null
  const as = linkedAs({ models }, linked)
  if (as === 'known') return null
  const { name, url, library } = linked
  const take = async () => {
    if (await webllm.getState().addCustom(linked)) await webllm.getState().download(name)
  }
  const leave = () => {
    webllm.setState({ linked: null, adding: { state: 'idle' } })
    if (as === 'new' && config.getState().model === name) config.getState().set({ model: null })
  }
  return (
    <section className="linked-model" aria-labelledby="models-linked">
      <h3 id="models-linked">
        <Link aria-hidden /> The link brought a model of somebody’s own
      </h3>
      <dl>
        <div>
          <dt>Name</dt>
          <dd className="wrote">{name}</dd>
        </div>
        <div>
          <dt>Folder of its weights</dt>
          <dd className="wrote">{url}</dd>
        </div>
        <div>
          <dt>Library, a program that would run here</dt>
          <dd className="wrote">{library}</dd>
        </div>
      </dl>
      <p className="quiet">
        {as === 'new'
          ? 'It is not in this browser, and nothing was fetched. Download it only if you trust these hosts.'
          : 'This browser’s list has another model of that name, from elsewhere. To take this one, delete the other first; or add this one below under another name.'}
      </p>
      <div className="model-doings">
        {as === 'new' && (
          <Button size="small" look="primary" disabled={adding.state === 'reading'} onClick={() => void take()}>
            <Download aria-hidden /> {adding.state === 'reading' ? 'Reading its configuration…' : 'Download'}
          </Button>
        )}
        <Button size="small" look="bare" onClick={leave}>
          Leave it
        </Button>
      </div>
      {adding.state === 'failed' && <Problem problem={adding.problem} />}
    </section>
  )
}
