// What stands in the place of the conversation before anything was played.
import { isQuestion, type Task } from '../../../core/environments/question/task.ts'
import type { AnyTask } from '../../../core/record/task.ts'
import { StopLoading } from '../../sentence/run-buttons.tsx'
import { useConfig, useEpisode, useStores, useWebLlm } from '../../state/context.tsx'
import { Problem } from '../../ui/webllm-problem.tsx'
import { wordsOf } from '../../ui/webllm-words.ts'
import type { WebLlmProblem } from '../../../core/policy/webllm.ts'
import { Button } from '../../ui/button.tsx'
import { ChooseFile } from '../../sentence/source-part.tsx'
import { LoadingBar } from '../../ui/live-reply.tsx'

function Preview({ task }: { task: Task }) {
  return (
    <div className="preview">
      <h3 className="label">What the agent will hear</h3>
      <ol>
        {task.build.slice(0, 12).map((message, index) => (
          <li key={index}>{message.text}</li>
        ))}
        {task.build.length > 12 && <li className="quiet">and {task.build.length - 12} more messages</li>}
      </ol>
    </div>
  )
}

/** The model did not come onto the graphics card: what to do, and nano in any case. */
function NotLoaded({ problem }: { problem: WebLlmProblem }) {
  const { actions, config, ui } = useStores()
  const { offer } = wordsOf(problem)
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
          {{ retry: 'Try again', twin: 'Take its 32-bit form', delete: 'To its files', unconstrained: 'Let it reply freely' }[offer]}
        </Button>
      )}
      <Button size="small" onClick={() => { ui.getState().setView('models') }}>
        Other models
      </Button>
      <Button size="small" onClick={() => { actions.choosePolicy('nano') }}>
        Let nano play
      </Button>
    </Problem>
  )
}

export function Empty({ task }: { task: AnyTask | null }) {
  const waiting = useEpisode((state) => state.waiting)
  const failure = useEpisode((state) => state.failure)
  const loading = useEpisode((state) => state.loading)
  const policy = useConfig((state) => state.policy)
  const source = useConfig((state) => state.source)
  const model = useConfig((state) => state.model)
  const card = useWebLlm((state) => state.card)
  const { actions } = useStores()
  if (policy === 'webllm' && card.state === 'loading' && card.id === model) {
    return (
      <div className="empty" role="status">
        <LoadingBar progress={card.progress} />
        <StopLoading />
      </div>
    )
  }
  if (waiting) {
    return (
      <div className="empty" role="status">
        {loading ? <LoadingBar progress={loading} /> : <p className="quiet">Starting…</p>}
      </div>
    )
  }
  if (!task && source === 'file') {
    return (
      <div className="empty">
        <h2>Drop a HotpotQA or MuSiQue file here</h2>
        <p className="quiet">Its supporting sentences become what the agent is told, its other paragraphs become distractors. The file stays on this computer.</p>
        <ChooseFile label="Choose a file" />
      </div>
    )
  }
  return (
    <div className="empty">
      {policy === 'webllm' && card.state === 'failed' && card.id === model && <NotLoaded problem={card.problem} />}
      {failure !== null && (
        <p className="field-error" role="alert">
          The episode could not be played. {failure} Press Run to try again.
        </p>
      )}
      <h2>
        Press Run to watch <em>{policy === 'webllm' ? (model ?? 'a WebLLM model') : policy}</em> play this task
      </h2>
      <p className="quiet">It hears the facts below in passing, then its context is wiped, and only then comes the question. What it did not store is gone.</p>
      <Button look="primary" onClick={() => void actions.run()}>
        Run this task
      </Button>
      {task && isQuestion(task) && <Preview task={task} />}
    </div>
  )
}
