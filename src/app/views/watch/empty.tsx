// What stands in the place of the conversation before anything was played.
import { isQuestion, type Task } from '../../../core/environments/question/task.ts'
import type { AnyTask } from '../../../core/record/task.ts'
import { t } from '../../locales/index.ts'
import { StopLoading } from '../../sentence/run-buttons.tsx'
import { useConfig, useEpisode, useStores, useWebLlm } from '../../state/context.tsx'
import { isLive } from '../../state/episode.ts'
import { Fill } from '../../ui/fill.tsx'
import { Button } from '../../ui/button.tsx'
import { ChooseFile } from '../../sentence/choose-file.tsx'
import { late } from '../../ui/late.tsx'
import { LiveReply, LoadingBar } from '../../ui/live-reply.tsx'

function Preview({ task }: { task: Task }) {
  return (
    <div className="preview">
      <h3 className="label">{t().watch.empty.hears}</h3>
      <ol>
        {task.build.slice(0, 12).map((message, index) => (
          <li key={index}>{message.text}</li>
        ))}
        {task.build.length > 12 && <li className="quiet">{t().watch.empty.more(task.build.length - 12)}</li>}
      </ol>
    </div>
  )
}

// Words that a first look does not need.
const NotLoaded = late(async () => (await import('./not-loaded.tsx')).NotLoaded)

export function Empty({ task }: { task: AnyTask | null }) {
  // Until its first step there is nothing of it to show.
  const waiting = useEpisode((state) => state.waiting || (isLive(state.shown) && state.shown?.phase !== 'paused'))
  const failure = useEpisode((state) => state.failure)
  const loading = useEpisode((state) => state.loading)
  const writing = useEpisode((state) => state.text !== '')
  const policy = useConfig((state) => state.policy)
  const source = useConfig((state) => state.source)
  const model = useConfig((state) => state.model)
  const card = useWebLlm((state) => state.card)
  const { actions } = useStores()
  const words = t().watch.empty
  if (policy === 'webllm' && card.state === 'loading' && card.id === model) {
    return (
      <div className="empty" role="status">
        <LoadingBar progress={card.progress} />
        <StopLoading />
      </div>
    )
  }
  if (writing) {
    return (
      <div className="conversation-pane">
        <div className="conversation">
          <LiveReply />
        </div>
      </div>
    )
  }
  if (waiting) {
    return (
      <div className="empty" role="status">
        {loading ? <LoadingBar progress={loading} /> : <p className="quiet">{words.starting}</p>}
      </div>
    )
  }
  if (!task && source === 'file') {
    return (
      <div className="empty">
        <h2>{words.dropTitle}</h2>
        <p className="quiet">{words.dropAbout}</p>
        <ChooseFile label={t().sentence.file.choose} />
      </div>
    )
  }
  return (
    <div className="empty">
      {policy === 'webllm' && card.state === 'failed' && card.id === model && <NotLoaded problem={card.problem} />}
      {failure !== null && (
        <p className="field-error" role="alert">
          {words.failed(failure)}
        </p>
      )}
      <h2>
        <Fill
          words={words.title}
          slots={{ policy: <em>{policy === 'webllm' ? (model ?? words.aWebLlmModel) : policy}</em> }}
        />
      </h2>
      <p className="quiet">{words.about}</p>
      <Button look="primary" onClick={() => void actions.run()}>
        {words.run}
      </Button>
      {task && isQuestion(task) && <Preview task={task} />}
    </div>
  )
}
