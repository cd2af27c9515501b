// A language model's verdict on the episode on show: asked for, kept with its record, and taken out again.
import type { RecordedVerdict, Trajectory } from '../../core/record/trajectory.ts'
import { t } from '../locales/index.ts'
import { isLive, type EpisodeStore } from './episode.ts'
import type { LibraryStore } from './library.ts'
import type { UiState } from './ui.ts'
import type { WebLlmState } from './webllm.ts'
import { messageOf } from '../../core/error-message.ts'

export interface Judging {
  /** The model on the graphics card judges the episode on show; its verdicts are kept with the record. Never rejects. */
  judge(): Promise<void>
  /** The episode on show is judged by rule again. Never rejects. */
  judgeByRule(): Promise<void>
}

interface Parts {
  episode: EpisodeStore
  library: { getState(): Pick<ReturnType<LibraryStore['getState']>, 'get' | 'keep'> }
  ui: { getState(): Pick<UiState, 'notify'> }
  webllm: { getState(): Pick<WebLlmState, 'judge'> }
  newKey: () => string
}

export function createJudging({ episode, library, ui, webllm, newKey }: Parts): Judging {
  const tell = (tone: 'info' | 'warn' | 'error', text: string) => { ui.getState().notify({ tone, topic: 'judge', text }) }
  const isKept = async (key: string) => (await library.getState().get(key)) !== null

  /** A rollout of a run is kept as a copy: what the run was trained with does not change afterwards. */
  async function keep(key: string, trajectory: Trajectory, verdicts: RecordedVerdict[] | null, listed: boolean): Promise<void> {
    const { verdicts: _, ...record } = trajectory
    const next: Trajectory = verdicts ? { ...record, verdicts } : record
    const under = listed ? key : newKey()
    const { saved } = await library.getState().keep(under, next)
    episode.getState().amend(key, { key: under, trajectory: next, saved })
    if (!listed) tell('info', t().actions.judging.kept)
  }

  const onShow = () => {
    const { shown } = episode.getState()
    return shown && !isLive(shown) ? shown : null
  }

  return {
    async judge() {
      const shown = onShow()
      if (!shown) return
      const { key, trajectory } = shown
      try {
        const listed = await isKept(key)
        const verdicts = await webllm.getState().judge(trajectory)
        if (verdicts.length === 0) return
        if (listed && !(await isKept(key))) tell('warn', t().actions.judging.deleted)
        else await keep(key, trajectory, verdicts, listed)
      } catch (error) {
        tell('error', t().actions.judging.failed(messageOf(error)))
      }
    },
    async judgeByRule() {
      const shown = onShow()
      if (!shown) return
      try {
        await keep(shown.key, shown.trajectory, null, await isKept(shown.key))
      } catch (error) {
        tell('error', t().actions.judging.notTakenOut(messageOf(error)))
      }
    },
  }
}
