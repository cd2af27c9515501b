// Says in plain words how each component of the reward came to its value, with the episode's own numbers.
import type { Trajectory } from '../episode/trajectory.ts'
import { contributions } from './composite.ts'
import { answerStep, compression, preservation, preventive } from './context-reward.ts'
import { ruleJudge, type Verdict } from './judge.ts'
import { maintenance, relevance, storage, toolUse } from './memory-reward.ts'
import type { MemoryQuality } from './memory-quality.ts'
import { verdictOn } from './recorded-verdict.ts'
import type { Derivation, RewardComponents, RewardWeights } from './reward.ts'

type Words = Pick<Derivation, 'sentence' | 'items'>

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`
const rounded = (x: number) => String(Math.round(x * 100) / 100)
/** Steps count from 0 in the record and from 1 for people. */
const stepName = (index: number) => `step ${index + 1}`

function sayTask(trajectory: Trajectory, value: number, given: Verdict | null | undefined): Words {
  const { answer } = trajectory
  if (answer === null) {
    return { sentence: trajectory.status === 'complete' ? 'It gave no answer, which costs 1 point.' : 'It was stopped before it could answer.', items: [] }
  }
  const ruled = ruleJudge.score(answer, trajectory.task)
  const verdict = given ?? verdictOn(trajectory) ?? ruled
  const items = [trajectory.task.answer, ...trajectory.task.aliases].map((label) => ({ label, counted: value > 0 && label === verdict.against }))
  // The components may come from another judge than the one asked here.
  if (verdict.score !== value) return { sentence: `The judge gave "${answer}" ${rounded(value)} of 1.`, items }
  const byRule = verdict.how === 'model' ? ` The rule would give ${rounded(ruled.score)}.` : ''
  return { sentence: `${sayVerdict(answer, verdict)}${byRule}`, items }
}

function sayVerdict(answer: string, { how, against, score, by }: Verdict): string {
  switch (how) {
    case 'exact':
      return `"${answer}" is the expected answer.`
    case 'value':
      return score === 1 ? `"${answer}" names the same value as "${against}".` : `"${answer}" names "${against}", but other values too.`
    case 'words':
      return `"${answer}" says "${against}", in a sentence.`
    case 'overlap':
      return `"${answer}" shares words with "${against}": token F1 ${rounded(score)}.`
    case 'wrong':
      return `"${answer}" is not "${against}".`
    case 'unknown':
      return `"${answer}" says that it does not know; expected was "${against}".`
    case 'yes-no':
      return score === 1 ? `"${answer}" says ${against}, as expected.` : `"${answer}" does not say ${against}.`
    case 'model':
      return `${by ?? 'The judge'} gave "${answer}" ${rounded(score)} of 1.`
  }
}

function sayCompression(trajectory: Trajectory): Words {
  const { used, limit } = compression(trajectory)
  const when = trajectory.answer === null ? 'at the last step' : `when it answered (${stepName(answerStep(trajectory))})`
  const left = used >= limit ? 'nothing was left' : `${Math.round(100 * (1 - used / limit))} % was free`
  return { sentence: `The context held ${used} of ${limit} tokens ${when}: ${left}.`, items: [] }
}

function sayPreventive(trajectory: Trajectory): Words {
  const { value, reduction, overflow } = preventive(trajectory)
  const over = overflow === null ? 'the window never overflowed' : `the window overflowed at ${stepName(overflow)}`
  if (!reduction) return { sentence: `No filter or summary removed anything; ${over}.`, items: [] }
  const did = `${reduction.tool} removed ${plural(reduction.removed, 'message')} at ${stepName(reduction.step)}`
  return { sentence: value === 1 ? `${did}, in time: ${over}.` : `${did}, too late: ${over}.`, items: [] }
}

function sayPreservation(trajectory: Trajectory): Words {
  const { found, missing } = preservation(trajectory)
  const total = found.length + missing.length
  const items = [...found.map(({ text }) => ({ label: text, counted: true })), ...missing.map(({ text }) => ({ label: text, counted: false }))]
  if (total === 0) return { sentence: 'The question has no name, date, number or place that could be lost.', items }
  const stood = missing.length === 0 ? `${total === 1 ? 'The key phrase' : `All ${total} key phrases`} of the question` : `${found.length} of ${plural(total, 'key phrase')} of the question`
  return { sentence: `${stood} stood in the context at the end, beside the question itself.`, items }
}

function sayStorage(trajectory: Trajectory): Words {
  const { entries } = storage(trajectory)
  const good = entries.filter((entry) => entry.good).length
  return {
    sentence: entries.length === 0 ? 'Stage 1 stored nothing.' : `${good} of ${plural(entries.length, 'entry', 'entries')} stored in stage 1 ${good === 1 ? 'states' : 'state'} a fact worth storing.`,
    items: entries.map(({ id, content, good: counted, why }) => ({ label: `${id}: ${content}${counted ? '' : ` (${why})`}`, counted })),
  }
}

function sayMaintenance(trajectory: Trajectory): Words {
  const { calls } = maintenance(trajectory)
  const worked = calls.filter((call) => call.ok).length
  const items = calls.map(({ step, tool, ok, memory }) => ({ label: `${tool}${memory === null ? '' : ` ${memory}`} at ${stepName(step)}${ok ? '' : ', failed'}`, counted: ok }))
  if (calls.length === 0) return { sentence: 'It updated and deleted nothing.', items }
  return { sentence: worked === 0 ? `${plural(calls.length, 'update or delete', 'updates or deletes')} tried, none worked.` : `${worked} of ${plural(calls.length, 'update or delete', 'updates or deletes')} worked; one is enough.`, items }
}

function sayRelevance(trajectory: Trajectory): Words {
  const { memories } = relevance(trajectory)
  const relevant = memories.filter((memory) => memory.relevant).length
  return {
    sentence: memories.length === 0 ? 'It retrieved no memory after stage 1.' : `${relevant} of ${plural(memories.length, 'retrieved memory', 'retrieved memories')} ${relevant === 1 ? 'states' : 'state'} a fact that the answer needs.`,
    items: memories.map(({ id, content, relevant: counted }) => ({ label: `${id}: ${content}`, counted })),
  }
}

function sayToolUse(trajectory: Trajectory): Words {
  const { ok, calls } = toolUse(trajectory)
  return { sentence: calls === 0 ? 'It called no tool.' : `${ok} of ${plural(calls, 'tool call')} worked.`, items: [] }
}

function sayPenalty(components: RewardComponents, weights: RewardWeights | undefined): Words {
  const items = [
    { label: `no answer within the rounds of stage 3${weights ? ` (−${weights.penalty.rounds})` : ''}`, counted: components.rounds_exceeded },
    { label: `context over the limit${weights ? ` (−${weights.penalty.context})` : ''}`, counted: components.context_exceeded },
  ]
  const happened = items.filter((item) => item.counted)
  return { sentence: happened.length === 0 ? 'No limit was broken.' : `Limits broken: ${happened.map((item) => item.label).join('; ')}.`, items }
}

const equations = {
  task: 17,
  compression: 19,
  preventive: 20,
  preservation: 21,
  storage: 23,
  maintenance: 24,
  relevance: 25,
  tool_use: null,
  penalty: 26,
} as const satisfies Record<Derivation['component'], number | null>

/**
 * How each component came to its value, in the order of the paper; tool_use only when the weights count it.
 * `verdict` is the one that counted; left out: the recorded one, or the rule's. Without weights the penalty's value is that of the paper.
 */
export function derive(trajectory: Trajectory, components: RewardComponents, weights?: RewardWeights, verdict?: Verdict | null): Derivation[] {
  const parts = weights ? contributions(components, weights) : null
  const wording = (component: Derivation['component']): Words => {
    switch (component) {
      case 'task':
        return sayTask(trajectory, components.task, verdict)
      case 'compression':
        return sayCompression(trajectory)
      case 'preventive':
        return sayPreventive(trajectory)
      case 'preservation':
        return sayPreservation(trajectory)
      case 'storage':
        return sayStorage(trajectory)
      case 'maintenance':
        return sayMaintenance(trajectory)
      case 'relevance':
        return sayRelevance(trajectory)
      case 'tool_use':
        return sayToolUse(trajectory)
      case 'penalty':
        return sayPenalty(components, weights)
    }
  }
  const value = (component: Derivation['component']): number => {
    if (component === 'penalty') return parts?.penalty ?? (components.rounds_exceeded ? -1 : 0) - (components.context_exceeded ? 0.5 : 0)
    if (component === 'maintenance' && weights?.failed_maintenance) return components.maintenance_attempted
    return components[component]
  }
  const order: Derivation['component'][] = ['task', 'compression', 'preventive', 'preservation', 'storage', 'maintenance', 'relevance']
  if (weights && weights.tool_use !== 0) order.push('tool_use')
  order.push('penalty')
  return order.map((component) => ({
    component,
    value: value(component),
    equation: equations[component],
    contribution: parts?.[component] ?? null,
    ...wording(component),
  }))
}

/** How MQ came to its value: which current facts the LTM holds at the end, and what else is in it. */
export function deriveQuality(quality: MemoryQuality): Words & { value: number } {
  const stored = quality.facts.filter((each) => each.stored).length
  const good = quality.entries.filter((entry) => entry.states.length > 0).length
  return {
    value: quality.value,
    sentence: `The memory holds ${stored} of ${plural(quality.facts.length, 'fact')} that hold; ${good} of its ${plural(quality.entries.length, 'entry', 'entries')} ${good === 1 ? 'states' : 'state'} one.`,
    items: quality.facts.map(({ fact, stored: counted }) => ({ label: fact.text, counted })),
  }
}
