// Under which settings an episode was played, as lines of words and values. Pure: from its record alone.
import { playerIn, type AdapterRef } from '../../core/record/setup.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { decimal, integer } from '../format.ts'
import type { TermName } from '../glossary.ts'
import { agentWords } from '../ui/agents.ts'
import { t } from '../locales/index.ts'

interface SettingLine {
  name: string
  term: TermName | null
  value: string
}

/** Who judged what: the rule, but for what a language model gave a verdict on. */
function judgeWords(verdicts: Trajectory['verdicts'] = []): string {
  const words = t().episode.experiment
  const given = verdicts
    .filter(({ score }) => score !== null)
    .map(({ rubric, judge }) => words.judgedBy(words.rubrics[rubric], judge))
  return given.length === 0 ? words.byRule : words.restByRule(given, given.length === Object.keys(words.rubrics).length)
}

type Recorded = Pick<Trajectory, 'setup' | 'seed' | 'settings' | 'embedder' | 'token_counter' | 'verdicts'>

const line = (name: string, term: TermName | null, value: string | null): SettingLine[] => (value === null ? [] : [{ name, term, value }])

const adapterWords = ({ key, name, hash }: AdapterRef) => t().episode.experiment.tensors(name, key, hash)

/** Every setting that the record carries, and who judged it. */
export function settingLines({ setup, seed, settings, embedder, token_counter, verdicts }: Recorded): SettingLine[] {
  const { policy } = setup
  const adapter = policy.kind === 'onnx' ? (policy.adapter ?? null) : null
  const { t_max, theta, top_k, n_max, exchanges, response_limit, temperature, min_p, prompt } = settings
  const words = t().episode.experiment
  const constrained = policy.kind === 'webllm' ? policy.options.constrained : policy.kind === 'onnx' ? policy.constrained : undefined
  const follows = constrained === undefined ? null : constrained ? words.constrained : words.free
  const budgets = `${n_max.build} / ${n_max.resist} / ${n_max.answer}`
  const warmth = String(Number(temperature.toPrecision(3)))
  return [
    { name: words.agent, term: 'agent', value: agentWords(setup.agent) },
    { name: words.policy, term: null, value: playerIn(policy) },
    ...line(words.asides, 'aside', setup.asides === undefined ? null : words.answeredBy[setup.asides]),
    ...line(words.adapter, null, adapter && adapterWords(adapter)),
    ...line(words.replies, 'constrained', follows),
    { name: words.similarity, term: 'embedder', value: setup.embedder === 'hash' ? words.itsWords(embedder) : embedder },
    { name: 'θ', term: 'theta', value: decimal(theta) },
    { name: 'T_max', term: 'tMax', value: words.tMax(integer(t_max), token_counter) },
    { name: words.rounds, term: 'nMax', value: words.roundsOf(budgets, exchanges) },
    { name: words.reply, term: null, value: words.replyLimits(integer(response_limit), warmth, min_p) },
    { name: 'top_k', term: 'topK', value: String(top_k) },
    { name: words.prompt, term: null, value: prompt },
    { name: words.judge, term: 'judge', value: judgeWords(verdicts) },
    { name: words.seed, term: 'seed', value: String(seed) },
  ]
}
