// Who can be compared: models as they are, with a checkpoint's adapter, scripts, models on the graphics card. Pure.
import type { AgentName } from '../../core/agents/names.ts'
import { scriptedNames, type Careless } from '../../core/demonstrations/habits.ts'
import { usuallyConstrained } from '../../core/policy/constrained.ts'
import { baseNameOf, type ModelSource } from '../../core/policy/model.ts'
import type { WebLlmModel } from '../../core/policy/webllm.ts'
import type { CheckpointRecord, RunRecord } from '../../core/training/runs.ts'
import type { AutomaticChoice } from '../../rpc/policy-choice.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'

export interface Player {
  /** 'base:nano', 'checkpoint:<key>', 'script:oracle', 'webllm:<id>' */
  id: string
  name: string
  about: string
  /** null: it cannot play as things are; `about` says why. */
  choice: AutomaticChoice | null
  /** The run that its adapter comes from. */
  run: string | null
}

/** A place in a comparison: who plays, as which agent. */
export interface Seat {
  /** Id of a player. */
  player: string
  agent: AgentName
}

export const seated = (player: string, agent: AgentName = 'agemem'): Seat => ({ player, agent })
export const sameSeat = (a: Seat, b: Seat): boolean => a.player === b.player && a.agent === b.agent

interface Offered {
  sources: readonly ModelSource[]
  /** Models of WebLLM that play with adapters; left out: none. */
  live?: readonly ModelSource[]
  checkpoints: readonly CheckpointRecord[]
  runs: readonly RunRecord[]
  /** Those that are in the browser's cache. */
  webllm: readonly WebLlmModel[]
  /** null: as is usual for each. */
  constrained: boolean | null
  careless: Careless
}

export const baseId = (model: string): string => `base:${model}`
export const checkpointId = (key: string): string => `checkpoint:${key}`

export function playersOf({ sources: own, live = [], checkpoints, runs, webllm, constrained, careless }: Offered): Player[] {
  const words = t().compare.players
  const keeps = ({ name }: ModelSource, adapted: boolean) => (name === 'nano' ? null : constrained) ?? usuallyConstrained(name, adapted)
  const sources = [...own, ...live]
  const base = own.map((source): Player => ({
    id: baseId(source.name),
    name: words.base(source.name),
    about: words.baseAbout,
    choice: { name: 'model', source, adapter: null, ...(keeps(source, false) && { constrained: true }) },
    run: null,
  }))
  const trained = checkpoints.map(({ key, run, name, step, model, lora, evaluation }): Player => {
    const source = sources.find((each) => each.name === model) ?? sources.find((each) => baseNameOf(each.name) === baseNameOf(model))
    const of = runs.find((each) => each.key === run)?.name
    const reward = evaluation ? decimal(evaluation.summary.reward.total) : null
    return {
      id: checkpointId(key),
      name: of === undefined ? name : `${of}, ${name}`,
      about: source ? words.checkpointAbout(step, lora.rank, reward) : words.modelMissing(model),
      choice: source ? { name: 'model', source, adapter: key, ...(keeps(source, true) && { constrained: true }) } : null,
      run,
    }
  })
  const scripts = scriptedNames.map((name): Player => ({
    id: `script:${name}`,
    name,
    about: words.scriptedAbout[name],
    choice: name === 'careless' ? { name, careless } : { name },
    run: null,
  }))
  const large = webllm.map(({ id }): Player => ({
    id: `webllm:${id}`,
    name: id,
    about: words.webllmAbout,
    choice: { name: 'webllm', source: { kind: 'listed', id }, options: { constrained: constrained ?? true } },
    run: null,
  }))
  return [...base, ...trained, ...scripts, ...large]
}
