// What stands in Watch when a model did not come onto the graphics card.
import type { WebLlmProblem } from '../../../core/policy/webllm.ts'
import { t } from '../../locales/index.ts'
import { useStores } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/webllm-problem.tsx'
import { wordsOf } from '../../ui/webllm-words.ts'

/** What to do, and nano in any case. */
export function NotLoaded({ problem }: { problem: WebLlmProblem }) {
  const { actions, config, ui } = useStores()
  const { offer } = wordsOf(problem)
  const words = t().ui.webllm
  return (
    <Problem problem={problem}>
      {offer !== 'none' && (
        <Button
          size="small"
          onClick={() => {
            if (offer === 'twin' && problem.kind === 'no-shader-f16' && problem.twin !== null) {
              actions.playWithWebLlm(problem.twin)
              return
            }
            if (offer === 'unconstrained') config.getState().set({ constrained: false })
            if (offer === 'delete') ui.getState().setView('models')
            else void actions.run()
          }}
        >
          {words.offers[offer]}
        </Button>
      )}
      <Button size="small" onClick={() => { ui.getState().setView('models') }}>
        {words.others}
      </Button>
      <Button size="small" onClick={() => { actions.choosePolicy('nano') }}>
        {words.nano}
      </Button>
    </Problem>
  )
}
