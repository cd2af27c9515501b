// A model of somebody's own that a link brought: where it would come from, before anything is fetched. The addresses are
// somebody else's words and shown as text.
import { Download, Link } from 'lucide-react'
import { t } from '../../locales/index.ts'
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
  const words = t().models
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
        <Link aria-hidden /> {words.linked.title}
      </h3>
      <dl>
        <div>
          <dt>{words.custom.name}</dt>
          <dd className="wrote">{name}</dd>
        </div>
        <div>
          <dt>{words.custom.url}</dt>
          <dd className="wrote">{url}</dd>
        </div>
        <div>
          <dt>{words.linked.library}</dt>
          <dd className="wrote">{library}</dd>
        </div>
      </dl>
      <p className="quiet">
        {as === 'new' ? words.linked.isNew : words.linked.other}
      </p>
      <div className="model-doings">
        {as === 'new' && (
          <Button size="small" look="primary" disabled={adding.state === 'reading'} onClick={() => void take()}>
            <Download aria-hidden /> {adding.state === 'reading' ? words.custom.reading : words.row.get}
          </Button>
        )}
        <Button size="small" look="bare" onClick={leave}>
          {words.linked.leave}
        </Button>
      </div>
      {adding.state === 'failed' && <Problem problem={adding.problem} />}
    </section>
  )
}
