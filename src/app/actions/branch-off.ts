// What if: plays on from a step of the episode on show after something was changed there, as an episode of its own.
import type { Change } from '../../core/record/setup.ts'
import { t } from '../locales/index.ts'
import { policyChoice, weightsOf, type PolicyName } from '../state/config.ts'
import { restoreConfig } from '../state/restore.ts'
import type { Action } from './action.ts'
import { onCard } from './run.ts'

interface BranchOff {
  /** Index of the first step that will be another. */
  step: number
  change: Change
  /** Who plays on; null: who played before. */
  policy: PolicyName | null
}

export const branchOff: Action<(what: BranchOff) => Promise<void>> = {
  perform: (context) => async ({ step, change, policy }) => {
    const { backend, config, episode, files, model, ui, newKey } = context
    const { shown } = episode.getState()
    if (!shown) return
    const { key: of, trajectory: recorded } = shown
    const played = restoreConfig(recorded, config.getState(), files.getState().loaded)
    const who = policy === null ? played : { ...config.getState(), policy }
    const { nanoSource, ownSource } = model.getState()
    const { agent } = played
    const choice = policyChoice({ ...who, agent }, { nano: nanoSource, own: ownSource })
    if (!choice) {
      ui.getState().notify({ tone: 'warn', text: t().play.whatIf.noPolicy })
      return
    }
    if (choice.name === 'webllm' && who.model !== null && !(await onCard(context, who.model))) return
    const { task, settings, seed, setup, id } = recorded
    const embedder = setup.embedder === 'hash' ? null : setup.embedder
    // The lab waits for its worker.
    if (embedder !== null) backend.webllm()
    const { source } = setup
    const reward = weightsOf(config.getState())
    const branch = { recorded, branch: { of, step, change } }
    await episode.getState().run({ key: newKey(), task, source, policy: choice, agent, seed, settings, embedder, reward, rollout: id.rollout, branch })
  },
}
