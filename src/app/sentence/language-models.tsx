// Which language model plays, of those that are here: of this project's own engine and of WebLLM, in one list.
import { useEffect, useMemo } from 'react'
import type { ModelSource } from '../../core/policy/model.ts'
import { taughtKey } from '../../core/policy/taught.ts'
import { t } from '../locales/index.ts'
import { useActions, useConfig, useModel, useStores, useWebLlm, useWeights } from '../state/context.tsx'
import { sourcesOf } from '../state/weights.ts'
import { cachedOf } from '../state/webllm.ts'
import { Button } from '../ui/button.tsx'
import { Choices, type Choice } from '../ui/fields.tsx'
import { ConstrainedBox } from './constrained-box.tsx'
import { OwnModelPanel } from './own-model.tsx'
import { runsOnWords } from '../ui/runs-on.ts'

type Value = `taught:${string}` | `engine:${string}` | `webllm:${string}` | 'none'

/** Those of this project's own engine beside nano; what is kept is looked up when it was not yet. */
export function useOtherSources(): readonly ModelSource[] {
  const { weights } = useStores()
  const nanoSource = useModel((state) => state.nanoSource)
  const ownSource = useModel((state) => state.ownSource)
  const kept = useWeights((state) => state.kept)
  useEffect(() => {
    if (weights.getState().kept === null) void weights.getState().refresh()
  }, [weights])
  return useMemo(() => sourcesOf({ nanoSource, ownSource }, kept).slice(1), [nanoSource, ownSource, kept])
}

export function LanguageModels() {
  const { config, model: models, ui } = useStores()
  const policy = useConfig((state) => state.policy)
  const chosen = useConfig((state) => state.model)
  const adapter = useConfig((state) => state.adapter)
  const own = useModel((state) => state.ownSource)
  const listed = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  const card = useWebLlm((state) => state.card)
  const { choosePolicy, playWithSource } = useActions()
  const words = t().sentence.ownModel
  const busy = useModel((state) => state.own.state !== 'none')
  const sources = useOtherSources()
  const downloaded = (listed ?? []).filter(({ id, kind }) => kind === 'chat' && (id === chosen || cachedOf({ cached }, id)?.complete === true)).map(({ id }) => id)
  const ids = chosen === null || downloaded.includes(chosen) ? downloaded : [chosen, ...downloaded]
  const choices: Choice<Value>[] = [
    ...sources.flatMap(({ name }): Choice<Value>[] => {
      const published: Choice<Value> = { value: `engine:${name}`, name, about: words.playsLearns }
      if (taughtKey(name) === null) return [published]
      return [{ value: `taught:${name}`, name: t().sentence.policy.withAdapter(name, t().lesson.shippedName), about: words.taught }, { ...published, about: words.untaught }]
    }),
    ...ids.map((id): Choice<Value> => ({ value: `webllm:${id}`, name: id, about: card.state === 'ready' && card.id === id ? runsOnWords(card.info.runsOn) : words.plays })),
  ]
  const value: Value = policy === 'webllm' && chosen !== null ? `webllm:${chosen}` : policy === 'own' && own ? `${adapter !== null && adapter === taughtKey(own.name) ? 'taught' : 'engine'}:${own.name}` : 'none'
  const choose = (next: Value) => {
    const name = next.slice(next.indexOf(':') + 1)
    const source = next.startsWith('engine:') || next.startsWith('taught:') ? sources.find((each) => each.name === name) : undefined
    if (source && next.startsWith('taught:')) playWithSource(source)
    else if (source) {
      if (source.name !== own?.name) models.getState().choose(source)
      config.getState().set({ adapter: null })
      choosePolicy('own')
    } else if (next.startsWith('webllm:')) {
      config.getState().set({ model: name })
      choosePolicy('webllm')
    }
  }
  return (
    <div className="fields own-model" role="group" aria-label={words.here}>
      {choices.length > 0 ? <Choices label={words.here} value={value} choices={choices} onChange={choose} /> : <p className="quiet">{words.none}</p>}
      <Button size="small" onClick={() => { ui.getState().setView('models') }}>
        {words.more}
      </Button>
      <ConstrainedBox />
      <details open={busy}>
        <summary>{words.other}</summary>
        <OwnModelPanel />
      </details>
    </div>
  )
}
