// A model of WebLLM's in the list: what it is and needs, in the form that is chosen, and what can be done with it.
import { Download, Eye, Ruler } from 'lucide-react'
import { useState } from 'react'
import type { Capabilities, WebLlmModel } from '../../../core/policy/webllm.ts'
import { size } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useActions, useConfig, useStores, useWebLlm } from '../../state/context.tsx'
import { cachedOf } from '../../state/webllm.ts'
import { Select } from '../../ui/select.tsx'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/term.tsx'
import type { ModelGroup } from './catalogue.ts'
import { Problem } from '../../ui/webllm-problem.tsx'
import { DeleteModel } from './delete-model.tsx'
import { Abilities, Figures } from './figures.tsx'
import { Transfer } from './transfer.tsx'
import { formWords, wordsOf } from '../../ui/webllm-words.ts'

function Doings({ model }: { model: WebLlmModel }) {
  const { webllm } = useStores()
  const { playWithWebLlm, compareBy, deleteWebLlm } = useActions()
  const download = useWebLlm((state) => state.downloads.get(model.id))
  const cached = useWebLlm((state) => cachedOf(state, model.id))
  const playing = useConfig((state) => state.policy === 'webllm' && state.model === model.id)
  const comparing = useConfig((state) => state.embedder === model.id)
  const { id } = model
  if (download) return null
  const complete = cached?.complete ?? false
  const { row: words, ...rest } = t().models
  return (
    <div className="model-doings">
      {complete && model.kind === 'chat' && (
        <Hint text={rest.playHint}>
          <Button size="small" look={playing ? 'plain' : 'primary'} aria-label={rest.playWith(id)} onClick={() => { playWithWebLlm(id) }}>
            <Eye aria-hidden /> {playing ? rest.playsInWatch : rest.play}
          </Button>
        </Hint>
      )}
      {complete && model.kind === 'embedding' && (
        <Button size="small" look={comparing ? 'plain' : 'primary'} aria-label={words.compareWith(id)} onClick={() => void compareBy(comparing ? null : id)}>
          <Ruler aria-hidden /> {comparing ? words.comparing : words.compare}
        </Button>
      )}
      {!complete && (
        <Button size="small" aria-label={cached ? words.resumeOne(id) : words.getOne(id)} onClick={() => void webllm.getState().download(id)}>
          <Download aria-hidden /> {cached ? words.resume : words.get}
        </Button>
      )}
      {(cached ?? model.custom) && <DeleteModel name={id} bytes={cached?.bytes ?? 0} removes={model.custom} onDelete={() => void deleteWebLlm(model, cached?.bytes ?? 0)} />}
    </div>
  )
}

function Here({ id }: { id: string }) {
  const cached = useWebLlm((state) => cachedOf(state, id))
  const loaded = useWebLlm((state) => state.card.state === 'ready' && state.card.id === id)
  const { webllm } = useStores()
  if (!cached) return null
  const words = t().models.row
  return (
    <span className="model-here">
      {cached.complete ? words.here(size(cached.bytes)) : words.partly(size(cached.bytes), cached.ofFiles === null ? null : words.files(cached.files, cached.ofFiles))}
      {loaded && (
        <>
          {` · ${words.onCard} `}
          <button type="button" className="link" onClick={() => void webllm.getState().unload()}>
            {words.free}
          </button>
        </>
      )}
    </span>
  )
}

interface ModelRowProps {
  group: ModelGroup
  capabilities: Capabilities | null
}

export function ModelRow({ group, capabilities }: ModelRowProps) {
  const { forms, name, suits } = group
  const [first] = forms
  const busy = useWebLlm((state) => forms.find((each) => state.downloads.has(each.id) || cachedOf(state, each.id))?.id)
  const [chosen, setChosen] = useState<string | null>(null)
  const model = forms.find((each) => each.id === (chosen ?? busy)) ?? first
  const download = useWebLlm((state) => state.downloads.get(model.id))
  const failed = useWebLlm((state) => (state.card.state === 'failed' && state.card.id === model.id ? state.card.problem : null))
  const gpu = capabilities?.gpu
  const refused = gpu?.available === true && !gpu.shaderF16 && model.needsF16
  const { row: words } = t().models
  const { webllm } = useStores()
  const { deleteWebLlm } = useActions()
  const twin = forms.find((each) => each.id === model.f32Twin)
  return (
    <li className="model-row" aria-label={name}>
      <div className="model-what">
        <h4>
          {name}
          {suits === 'paper' && <span className="model-mark">{words.ofPaper}</span>}
          {model.custom && <span className="model-mark">{words.yours}</span>}
          {model.kind === 'chat' && <Abilities learns={false} />}
        </h4>
        {forms.length > 1 ? <Select label={words.form(name)} value={model.id} choices={forms.map((each) => ({ value: each.id, name: formWords(each) }))} onChange={setChosen} /> : <span className="quiet">{formWords(model)}</span>}
      </div>
      <Figures
        download={model.download.bytes === null ? '–' : `${model.download.exact ? '' : '≈ '}${size(model.download.bytes)}`}
        playing={model.vram === null ? '–' : size(model.vram)}
        learning="–"
        step={null}
        licence={model.licence}
      />
      <div className="model-end">
        <Here id={model.id} />
        <Doings model={model} />
      </div>
      {download && (
        <Transfer
          name={model.id}
          download={download}
          onPause={(forget) => void webllm.getState().pause(model.id, forget)}
          onResume={() => void webllm.getState().download(model.id)}
          onDelete={() => void deleteWebLlm(model, download.progress?.bytes ?? 0)}
        />
      )}
      {refused && (
        <p className="model-note" data-hue="warn">
          {wordsOf({ kind: 'no-shader-f16', model: model.id, twin: null }).what}{' '}
          {twin && (
            <Button size="small" onClick={() => { setChosen(twin.id) }}>
              {words.twin}
            </Button>
          )}
        </p>
      )}
      {failed && (
        <Problem problem={failed}>
          {failed.kind === 'no-shader-f16' && twin ? (
            <Button size="small" onClick={() => { setChosen(twin.id) }}>
              {words.twin}
            </Button>
          ) : null}
        </Problem>
      )}
    </li>
  )
}
