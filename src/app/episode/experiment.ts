// Under which settings an episode was played, as lines of words and values. Pure: from its record alone.
import { playerIn, type AdapterRef } from '../../core/record/setup.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { decimal, integer } from '../format.ts'
import type { TermName } from '../glossary.ts'

interface SettingLine {
  name: string
  term: TermName | null
  value: string
}

const rubricWords = { answer: 'the answer', memories: 'the memories' } as const

/** Who judged what: the rule, but for what a language model gave a verdict on. */
function judgeWords(verdicts: Trajectory['verdicts'] = []): string {
  const given = verdicts.filter(({ score }) => score !== null).map(({ rubric, judge }) => `${rubricWords[rubric]} by ${judge}`)
  return given.length === 0 ? 'by rule' : `${given.join(', ')}${given.length < Object.keys(rubricWords).length ? ', the rest by rule' : ''}`
}

type Recorded = Pick<Trajectory, 'setup' | 'seed' | 'settings' | 'embedder' | 'token_counter' | 'verdicts'>

const line = (name: string, term: TermName | null, value: string | null): SettingLine[] => (value === null ? [] : [{ name, term, value }])

const adapterWords = ({ key, name, hash }: AdapterRef) => `${name} (${hash === null ? key : `${key}, tensors ${hash}`})`

/** Every setting that the record carries, and who judged it. */
export function settingLines({ setup, seed, settings, embedder, token_counter, verdicts }: Recorded): SettingLine[] {
  const { policy } = setup
  const adapter = policy.kind === 'onnx' ? (policy.adapter ?? null) : null
  const { t_max, theta, top_k, n_max, exchanges, response_limit, temperature, min_p, prompt } = settings
  return [
    { name: 'Policy', term: null, value: playerIn(policy) },
    ...line('Adapter', null, adapter && adapterWords(adapter)),
    ...line('Replies', 'constrained', policy.kind === 'webllm' ? (policy.options.constrained ? 'only in the protocol' : 'free') : null),
    { name: 'Similarity by', term: 'embedder', value: setup.embedder === 'hash' ? `its words (${embedder})` : embedder },
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
