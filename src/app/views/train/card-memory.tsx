// What a model of WebLLM takes of the graphics card when it learns: foretold while one plans, measured while it goes on.
import { useEffect, useState } from 'react'
import type { ModelSource } from '../../../core/policy/model.ts'
import type { Outcome } from '../../../core/policy/webllm.ts'
import type { LearningNeeds } from '../../../rpc/live.ts'
import { size } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useStores, useTraining, useWorkspace } from '../../state/context.tsx'
import { wordsOf } from '../../ui/webllm-words.ts'

/** Measured this often, ms. */
const interval = 2000

/** Looks for the models of WebLLM that are here, when it was not done yet: its worker starts with it. */
export function FromWebLlm() {
  const { webllm } = useStores()
  useEffect(() => {
    if (webllm.getState().models === null) void webllm.getState().refresh()
  }, [webllm])
  return null
}

/** Foretold, or why it cannot learn. */
export function CardPlan({ source }: { source: ModelSource }) {
  const { backend } = useWorkspace()
  const lora = useTraining((state) => state.plan.lora)
  const tokens = useTraining((state) => Math.max(...state.plan.batching.lengths))
  const [looked, setLooked] = useState<{ of: string; outcome: Outcome<LearningNeeds> } | null>(null)
  const of = `${source.name} ${lora.rank} ${lora.targets.join()} ${tokens}`
  useEffect(() => {
    let wanted = true
    backend.webllm().live.look(source, lora, tokens).then(
      (outcome) => { if (wanted) setLooked({ of, outcome }) },
      () => { if (wanted) setLooked(null) },
    )
    return () => { wanted = false }
  }, [backend, source, lora, tokens, of])
  const words = t().train.card
  if (looked?.of !== of) return <p className="quiet card-note" role="status">{words.looking}</p>
  const { outcome } = looked
  if (!outcome.ok) {
    const { what, todo } = wordsOf(outcome.problem)
    return <p className="train-warning card-note" role="alert">{what} {todo}</p>
  }
  const { playing, kept, learner, step } = outcome.value
  return <p className="quiet card-note" role="status">{words.foretold({ all: size(playing + kept + learner + step), playing: size(playing), kept: size(kept), learner: size(learner), step: size(step) })}</p>
}

/** Measured, while a model of WebLLM is trained. */
export function CardInUse() {
  const { backend } = useWorkspace()
  const [bytes, setBytes] = useState<number | null>(null)
  useEffect(() => {
    let wanted = true
    const look = () => {
      backend.webllm().live.cardBytes().then((found) => { if (wanted) setBytes(found) }, () => undefined)
    }
    look()
    const timer = setInterval(look, interval)
    return () => {
      wanted = false
      clearInterval(timer)
    }
  }, [backend])
  return bytes === null ? null : <p className="quiet">{t().train.card.inUse(size(bytes))}</p>
}
