// Under which settings an episode was played, as lines of words and values. Pure: from its record alone.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { decimal, integer } from '../format.ts'
import type { TermName } from '../glossary.ts'

interface SettingLine {
  name: string
  term: TermName | null
  value: string
}

/** Embedders by the name under which records have them. */
function embedderWords(key: string): string {
  const [name = key] = key.split('@')
  return name === 'hash' ? `its words (${key})` : key
}

/** What played, by its name in the record: the lab writes it there when WebLLM's replies were free. */
function playedBy(policy: string): { model: string; constrained: boolean | null } {
  const free = ' (unconstrained)'
  if (policy.endsWith(free)) return { model: policy.slice(0, -free.length), constrained: false }
  return { model: policy, constrained: /-MLC(?:-\w+)?$/.test(policy) ? true : null }
}

const rubricWords = { answer: 'the answer', memories: 'the memories' } as const

/** Who judged what: the rule, but for what a language model gave a verdict on. */
function judgeWords(verdicts: Trajectory['verdicts'] = []): string {
  const given = verdicts.filter(({ score }) => score !== null).map(({ rubric, judge }) => `${rubricWords[rubric]} by ${judge}`)
  return given.length === 0 ? 'by rule' : `${given.join(', ')}${given.length < Object.keys(rubricWords).length ? ', the rest by rule' : ''}`
}

/** Every setting that the record carries, and who judged it. */
export function settingLines({ policy, seed, settings, embedder, token_counter, verdicts }: Pick<Trajectory, 'policy' | 'seed' | 'settings' | 'embedder' | 'token_counter' | 'verdicts'>): SettingLine[] {
  const { model, constrained } = playedBy(policy)
  const { t_max, theta, top_k, n_max, exchanges, response_limit, temperature, min_p, prompt } = settings
  return [
    { name: 'Policy', term: null, value: model },
    ...(constrained === null ? [] : [{ name: 'Replies', term: 'constrained', value: constrained ? 'only in the protocol' : 'free' } satisfies SettingLine]),
    { name: 'Similarity by', term: 'embedder', value: embedderWords(embedder) },
    { name: 'θ', term: 'theta', value: decimal(theta) },
    { name: 'T_max', term: 'tMax', value: `${integer(t_max)} tokens, counted by ${token_counter}` },
    { name: 'Rounds', term: 'nMax', value: `${n_max.build} / ${n_max.resist} / ${n_max.answer}, ${exchanges} replies a turn` },
    { name: 'A reply', term: null, value: `at most ${integer(response_limit)} tokens, at temperature ${Number(temperature.toPrecision(3))}${min_p > 0 ? `, min-p ${min_p}` : ''}` },
    { name: 'top_k', term: 'topK', value: String(top_k) },
    { name: 'System prompt', term: null, value: prompt },
    { name: 'Judge', term: 'judge', value: judgeWords(verdicts) },
    { name: 'Seed', term: 'seed', value: String(seed) },
  ]
}
